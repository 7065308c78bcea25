import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { quote } from '../../src/orders/quote';
import { phoebe, type TestLocal } from '../fixtures/local';
import {
  customerOf,
  endedOrder,
  home,
  nthEndedOrder,
  pendingOrder,
  pizza,
  storeOrders,
} from '../fixtures/orders';
import { enterPassword, signIn } from './browser';
import { useOffice } from './browser-office';

const office = useOffice();

/** What is wrong enough that somebody would be kept out. */
async function barriersOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

async function storeOneOfEach({ local }: TestLocal): Promise<void> {
  const customerId = customerOf(phoebe.userId);
  const now = Date.now();
  const street = 'Long'.repeat(25);
  const settled = Array.from({ length: 8 }, (_, n) =>
    nthEndedOrder(n, { customerId, placedAt: now - (n + 2) * 60_000 }),
  );
  await storeOrders(local.store, [
    ...settled,
    pendingOrder({ customerId, placedAt: now - 1_000, terms: quote(pizza, { ...home, street }) }),
  ]);
  await local.store.transact(customerId, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 5, wrongCodesAt: [now] },
    result: undefined,
  }));
}

it.each([
  ['light', 1280],
  ['dark', 390],
] as const)('keeps nobody out of any view (%s, %d px)', async (colorScheme, width) => {
  const at = await office.start();
  await storeOneOfEach(at);
  const { page, context, expectFailures } = await office.openBlank({
    colorScheme,
    viewport: { width, height: 900 },
  });
  const found: Record<string, string[]> = {};
  const look = async (view: string) => {
    found[view] = await barriersOn(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  };
  const goTo = async (hash: string, heading: string) => {
    await page.goto(`${at.local.podUrl}/app/${hash}`);
    await page.getByRole('heading', { name: heading }).waitFor();
  };

  await goTo('', 'Say it. Confirm it. Eat it.');
  await look('signed out');
  await goTo('#/policy', 'Privacy policy');
  await look('policy');
  await goTo('#/terms', 'Terms');
  await look('terms');
  await goTo('#/sign-in-failed?reason=refused', 'You are not signed in');
  await look('sign-in failed');

  await goTo('#/profile', 'Say it. Confirm it. Eat it.');
  await signIn(page, phoebe);
  await page.getByText('Locked.').waitFor();
  await look('profile');
  await page.getByRole('link', { name: 'Sign in again to add an address' }).click();
  await enterPassword(page, phoebe);
  await page.getByRole('button', { name: 'Save address' }).click();
  await page.getByText('This line is needed').waitFor();
  await look('address at fault');
  for (const line of ['Street', 'City', 'State', 'Postal code'])
    await page.getByLabel(line).fill('x'.repeat(100));
  await page.getByRole('button', { name: 'Save address' }).click();
  await page.getByText('The address is saved').waitFor();
  await look('address saved');
  await goTo('#/orders', 'Your orders');
  await page.getByText('Refused').filter({ visible: true }).first().waitFor();
  await page.getByLabel('digits of your code').waitFor();
  await look('orders');
  await page.locator('.pending-order').getByRole('button', { name: 'Cancel' }).click();
  await look('dialog');
  await page.getByRole('button', { name: 'Keep it' }).click();

  expectFailures(/ERR_INTERNET_DISCONNECTED/, /status of 401/);
  await context.setOffline(true);
  await page.getByRole('alert').getByText('POD cannot be reached').waitFor();
  await look('server away');
  // While nothing is on its way: an answer would bring the session's cookie back.
  await context.clearCookies();
  await context.setOffline(false);
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  await look('session ended');

  expect(Object.fromEntries(Object.entries(found).filter(([, barriers]) => barriers.length > 0))).toEqual({});
});

it.each([
  ['light', 390],
  ['dark', 1920],
] as const)('keeps no worker out of any view (%s, %d px)', async (colorScheme, width) => {
  const at = await office.start();
  await storeOneOfEach(at);
  const now = Date.now();
  const ages = [1, 12, 31].map((minutes) =>
    endedOrder({
      placedAt: now - minutes * 60_000,
      endedAt: now - minutes * 60_000,
      terms: quote(pizza, home),
    }),
  );
  await storeOrders(at.local.store, ages);
  const { page } = await office.openAs(at, seededUsers.staff, {
    colorScheme,
    viewport: { width, height: 900 },
  });
  const found: Record<string, string[]> = {};
  const look = async (view: string) => {
    found[view] = [...(await barriersOn(page)), ...(await smallTargetsOn(page))];
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  };
  await page.locator('.ticket.late').first().waitFor();
  for (const stage of ['fresh', 'soon', 'late'])
    expect(await page.locator(`.ticket .age.${stage}`).count()).toBeGreaterThan(0);
  await look('kitchen');
  await page
    .getByRole('button', { name: /^Done with/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Clear away' }).waitFor();
  await look('kitchen, one done');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await look('keys');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Details of order' }).nth(1).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await look('details');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await look('cancel dialog');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('link', { name: 'Day', exact: true }).click();
  await page.getByText('Totals of the day').waitFor();
  await look('day');
  await page.getByRole('link', { name: 'Locked', exact: true }).click();
  await page.getByText('Last wrong code').waitFor();
  await look('locked');
  expect(Object.fromEntries(Object.entries(found).filter(([, barriers]) => barriers.length > 0))).toEqual({});
});

/** What is pressed and is smaller than 24 px (WCAG 2.2, 2.5.8); a link within a sentence may be. */
async function smallTargetsOn(page: Page): Promise<string[]> {
  const targets = page.locator('button, a, input, select, [role="button"]').filter({ visible: true });
  return targets.evaluateAll((all) =>
    all
      .filter(
        (one) =>
          getComputedStyle(one).display !== 'inline' || one.parentElement?.textContent === one.textContent,
      )
      .filter((one) => !one.closest('label') && !one.matches('.skip'))
      .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        return Math.min(width, height) < 24;
      })
      .map((one) => `small: ${one.outerHTML}`),
  );
}

it('can be used from the keyboard alone, a dialog too', async () => {
  const at = await office.start();
  await storeOneOfEach(at);
  const { page } = await office.openAs(at, phoebe);
  await page.getByLabel('digits of your code').waitFor();
  const focusOn = async (name: string) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(
        'document.activeElement.innerText || document.activeElement.tagName',
      );
      if (String(focused).startsWith(name)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await focusOn('Cancel');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  // Out of the document: a key pressed between the closing and the event that tells of it is lost with the dialog.
  await page.locator('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.innerText')).toMatch(/^Cancel/);

  await page.keyboard.press('Enter');
  await focusOn('Cancel the order');
  await page.keyboard.press('Enter');
  await page.locator('.row').filter({ hasText: 'by the customer' }).first().waitFor();

  await focusOn('Profile');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
});
