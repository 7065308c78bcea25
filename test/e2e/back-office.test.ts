import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { otherThan, phoebe, quentin, spoken, type TestLocal } from '../fixtures/local';
import { customerOf, endedOrder, storeOrders } from '../fixtures/orders';
import { enterPassword } from './browser';
import { orderOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

const codeOf = (user: { phoneNumber: string }) => at.codeFor(user.phoneNumber);

it('shows staff a voice order as it is placed and confirmed, without a reload', async () => {
  await at.link(phoebe);
  const { page } = await office.openAs(at, stella);
  await page.getByText('No orders right now.').waitFor();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await at.ask('ask pizza on demand to get me a large pizza with pepperoni');
  const row = orderOn(page, 'Large');
  await row.getByText('Waiting for code').waitFor();
  expect(await row.textContent()).toMatch(
    /Pepperoni[\s\S]*•••• 0101[\s\S]*\$17\.85, for pick-up[\s\S]*just now, by voice[\s\S]*\d:\d\d left/,
  );
  expect(await page.getByRole('status').textContent()).toContain('New order: large pizza with pepperoni');

  await at.ask(`tell pizza on demand to authorize order ${spoken(codeOf(phoebe))}`);
  await row.getByText('Confirmed').waitFor();
  await page.getByRole('status').getByText('Large pizza with pepperoni: confirmed').waitFor();
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

it('lets a customer cancel what is confirmed, and tells staff that it has left their board', async () => {
  await at.link(phoebe);
  await at.ask('ask pizza on demand to get me a large pizza with pepperoni');
  await at.ask(`tell pizza on demand to authorize order ${spoken(codeOf(phoebe))}`);
  const board = await office.openAs(at, stella);
  await orderOn(board.page, 'Large').getByRole('button', { name: 'Cancel' }).waitFor();

  const { page } = await office.openAs(at, phoebe);
  await orderOn(page, 'Large').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByText('It is confirmed, and will not be made then.').waitFor();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  for (const told of [page, board.page]) {
    await told.getByRole('status').getByText('Large pizza with pepperoni: cancelled').waitFor();
    expect(await orderOn(told, 'Large').count()).toBe(0);
  }
  await page.getByRole('combobox').selectOption('All');
  await orderOn(page, 'Large').getByText('by the customer, after it was confirmed').waitFor();
});

it('offers a customer no cancelling once two minutes are over', async () => {
  const customerId = customerOf(phoebe.userId);
  const placedAt = Date.now() - 200_000;
  await storeOrders(at.local.store, [endedOrder({ customerId, placedAt, endedAt: placedAt + 1_000 })]);
  const { page } = await office.openAs(at, phoebe);
  await orderOn(page, 'Large').waitFor();
  expect(await orderOn(page, 'Large').getByRole('button').count()).toBe(0);
});

it('asks conditionally while nothing happens, and not at all while out of view', async () => {
  const { page } = await office.openAs(at, stella);
  await page.clock.install();
  await page.reload();
  await page.getByText('No orders right now.').waitFor();
  const answers: number[] = [];
  page.on('response', (response) => response.url().includes('/orders?') && answers.push(response.status()));
  const asked = () => page.waitForResponse((response) => response.url().includes('/orders?'));

  await Promise.all([asked(), page.clock.runFor(3_000)]);
  expect(answers).toEqual([304]);

  await setHidden(page, true);
  await page.clock.runFor(60_000);
  expect(answers).toEqual([304]);

  await Promise.all([asked(), setHidden(page, false)]);
  expect(answers).toEqual([304, 304]);
});

it('shows a customer their own orders and never those of others', async () => {
  await at.link(quentin);
  await at.ask('ask pizza on demand to get me a jumbo pizza with bacon');
  await at.link(phoebe);
  const { page } = await office.openAs(at, phoebe);
  await page.getByRole('heading', { name: 'Your orders' }).waitFor();
  await page.getByText('No orders right now.').waitFor();

  await at.ask('ask pizza on demand to get me a small pizza with onions');
  await orderOn(page, 'Small').waitFor();
  const all = page.waitForResponse((response) => /orders\?limit=50$/.test(response.url()));
  await page.getByRole('combobox').selectOption('All');
  expect((await (await all).json()).orders).toHaveLength(1);
  await page.locator(':not(.stale) > .orders').waitFor();
  expect(
    await page
      .getByRole('listitem')
      .filter({ hasText: /by voice/ })
      .count(),
  ).toBe(1);
  expect(await page.content()).not.toMatch(/jumbo|0102/i);
});

it('leads from the address of the article to the policy, without a sign-in', async () => {
  const { page } = await office.openBlank();
  await page.goto(`${at.local.podUrl}/app#/policy`);
  await page.getByRole('heading', { name: 'Privacy policy' }).waitFor();
  expect(page.url()).toBe(`${at.local.podUrl}/app/#/policy`);
  await page.getByRole('link', { name: 'Terms' }).click();
  await page.getByRole('heading', { name: 'Terms' }).waitFor();
});

it('signs out here and at the tenant', async () => {
  const { page, context } = await office.openAs(at, phoebe);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Password').waitFor();
  expect((await context.cookies()).some(({ name }) => name === 'appSession')).toBe(false);
});

it('says that the session has ended, and leads back to where the reader was', async () => {
  const { page, context, expectFailures } = await office.openAs(at, phoebe);
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  expectFailures(/status of 401 .*\/orders/);
  await context.clearCookies({ name: 'appSession' });
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  expect(await page.getByRole('listitem').count()).toBe(0);
  // The tenant still knows who this is.
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your orders' }).waitFor();
});

it('says that the server is away, keeps what it knows, and catches up', async () => {
  await at.link(phoebe);
  await at.ask('ask pizza on demand to get me a large pizza with pepperoni');
  const { page, context, expectFailures } = await office.openAs(at, stella);
  await orderOn(page, 'Large').waitFor();

  expectFailures(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await page.getByRole('alert').getByText('POD cannot be reached').waitFor();
  expect(await orderOn(page, 'Large').count()).toBe(1);
  await at.ask(`tell pizza on demand to authorize order ${spoken(codeOf(phoebe))}`);
  await context.setOffline(false);
  await orderOn(page, 'Large').getByText('Confirmed').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('unlocks ordering after a fresh sign-in', async () => {
  await at.link(phoebe);
  for (const wrongCodes of [3, 2]) {
    await at.ask('ask pizza on demand to get me a pizza');
    const wrong = spoken(otherThan(codeOf(phoebe)));
    for (let n = 0; n < wrongCodes; n += 1) await at.ask(`tell pizza on demand to authorize order ${wrong}`);
  }
  expect(await at.ask('ask pizza on demand to get me a pizza')).toContain('locked');

  const { page } = await office.openAs(at, phoebe);
  // A14: the board says so, and leads to the way out.
  await page.getByRole('alert').getByText('Ordering is locked').waitFor();
  await page.getByRole('link', { name: 'Unlock it in your profile' }).click();
  await page.getByText('Locked.').waitFor();
  await page.getByRole('link', { name: 'Sign in again to unlock' }).click();
  await enterPassword(page, phoebe);
  await page.getByRole('button', { name: 'Unlock ordering' }).click();
  await page.getByText('Ordering is unlocked').waitFor();
  await page.getByText('Open.').waitFor();
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('heading', { name: 'Your orders' }).waitFor();
  expect(await page.getByText('Ordering is locked').count()).toBe(0);
  expect(await at.ask('ask pizza on demand to get me a pizza')).toContain('code');
});

async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}
