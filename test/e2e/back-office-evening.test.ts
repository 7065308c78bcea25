import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { sizes, toppings } from '../../src/orders/menu';
import { quote } from '../../src/orders/quote';
import type { TestLocal } from '../fixtures/local';
import { endedOrder, home, newCustomerId, storeOrders } from '../fixtures/orders';
import { ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

const evening = 120;
const wave = 30;

/** The evening's orders from this number on, each confirmed a little after the one before. */
async function confirmWave(first: number) {
  const orders = Array.from({ length: wave }, (_, n) => {
    const number = first + n;
    const size = sizes[number % sizes.length] ?? 'large';
    const terms = {
      ...quote(
        { size, toppings: toppings.slice(number % 7, (number % 7) + (number % 4)) },
        number % 2 ? home : undefined,
      ),
      name: `Guest ${number}`,
    };
    const endedAt = Date.now() - 1_000 + number;
    return {
      ...endedOrder({ customerId: newCustomerId(), placedAt: endedAt - 40_000, endedAt, terms }),
      number,
    };
  });
  await storeOrders(at.local.store, orders);
}

const toMake = (page: Page, count: number) =>
  page
    .getByRole('heading', { name: count === 0 ? 'Nothing to make' : `${count} to make`, level: 1 })
    .waitFor();
const finish = (page: Page, number: number) =>
  page.getByRole('button', { name: `Done with order ${number}`, exact: true }).click();
const open = async (page: Page) =>
  (
    await page
      .locator('.ticket:not(.away)')
      .evaluateAll((found) => found.map((one) => one.getAttribute('aria-label')))
  ).map((label) => Number(label?.replace('Order ', '')));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Counts what moves while nobody has pressed anything (https://web.dev/articles/cls). */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const seen = { shifts: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
        seen.shifts += entry.value;
    }).observe({ type: 'layout-shift' });
  });
  return async () => Number(await page.evaluate('seen.shifts'));
}

it('lasts a worker through 120 orders, an undo, a cancelling, a search, a restart and a session that ends', async () => {
  const { page, context, expectFailures } = await office.openAs(at, stella);
  await confirmWave(1);
  await toMake(page, wave);
  expect(await open(page)).toEqual(range(1, 30));

  // News arrive while somebody works: they wait in the bar, and what is under the thumb stays there.
  await page.locator('.ticket').nth(20).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Done with order 21', exact: true }).focus();
  const scrolled = await page.evaluate('scrollY');
  const shifts = await watchShifts(page);
  await confirmWave(31);
  await page.getByRole('button', { name: 'Show 30 new' }).waitFor();
  await toMake(page, 60);
  expect(await page.title()).toMatch(/^\(30\) /);
  expect(await open(page)).toEqual(range(1, 30));
  expect(await page.evaluate('[scrollY, document.activeElement.textContent]')).toEqual([
    scrolled,
    'Done with order 21',
  ]);
  expect(await shifts()).toBe(0);

  for (const number of range(1, 30)) await finish(page, number);
  await toMake(page, 30);
  await page.getByRole('button', { name: 'Undo order 7', exact: true }).click();
  await toMake(page, 31);
  await page.getByRole('button', { name: 'Show 30 new' }).click();
  // In its old place: it has waited longest.
  await expect.poll(() => open(page)).toEqual([7, ...range(31, 60)]);
  expect(await page.title()).not.toMatch(/^\(/);
  await finish(page, 7);

  // An order is confirmed while a dialog is open: it is not touched.
  await ticketOn(page, 31).getByRole('link', { name: 'Details of order 31' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await confirmWave(61);
  await page.getByLabel('Why? The customer is told').fill('We are out of bacon.');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByText('Cancelled by the pizzeria, by Stella: “We are out of bacon.”').waitFor();
  await page.getByRole('link', { name: 'Back to the kitchen' }).click();
  await toMake(page, 59);
  expect(await open(page)).toEqual(range(32, 90));

  expectFailures(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of (401|502|503)/);
  for (const number of range(32, 60)) await finish(page, number);
  await toMake(page, 30);
  await at.restart();
  for (const number of range(61, 70)) await finish(page, number);
  await toMake(page, 20);
  await page.getByText('Live', { exact: true }).waitFor();

  await context.clearCookies({ name: 'appSession' });
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await toMake(page, 20);
  await confirmWave(91);
  await page.getByRole('button', { name: 'Show 30 new' }).click();
  for (const number of range(71, evening)) await finish(page, number);
  await toMake(page, 0);

  await page.keyboard.press('/');
  await page.getByRole('searchbox').pressSequentially('guest 42');
  await page.getByText('1 found for “guest 42”.').waitFor();
  await page.getByRole('listitem', { name: 'Order 42', exact: true }).waitFor();
  await page.getByRole('searchbox').fill('');
  const chip = (name: RegExp) =>
    page.getByRole('navigation', { name: 'Which orders' }).getByRole('link', { name });
  await chip(/^All 120$/).waitFor();
  await chip(/^Done 119$/).waitFor();
  await chip(/^To make 0$/).waitFor();
  await chip(/^Cancelled, expired, refused 1$/).waitFor();
  await page.getByText('119 confirmed, $').waitFor();

  const { actions } = await at.local.store.list({ limit: 200, includeArchived: true });
  expect(actions.filter(({ archivedBy }) => archivedBy === 'Stella')).toHaveLength(119);
  expect(actions.filter(({ status }) => status === 'cancelled')).toMatchObject([
    { number: 31, who: 'Stella', note: 'We are out of bacon.' },
  ]);
});

it('brings an order back later, from what is done', async () => {
  await confirmWave(1);
  const { page } = await office.openAs(at, stella);
  await finish(page, 3);
  await toMake(page, 29);
  await page.getByRole('link', { name: 'What is done' }).click();
  await page.getByRole('button', { name: 'Bring back order 3' }).click();
  await page.getByText('No orders like this on this day.').waitFor();
  await page.getByRole('link', { name: 'Kitchen' }).click();
  await toMake(page, 30);
  expect((await open(page)).slice(0, 4)).toEqual([1, 2, 3, 4]);
});
