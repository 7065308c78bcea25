import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { startPusherServer } from '../feed/pusher-server';
import { phoebe, type TestLocal } from '../fixtures/local';
import { setHidden, ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;

/** Holds a page's clock: from here on it does only what it is told of, or what its clock brings. */
async function hold(page: Page): Promise<void> {
  await page.clock.install();
  await page.reload();
  await page.getByText('Live', { exact: true }).waitFor();
}

describe.each(['pushes', 'polls'] as const)('where POD %s', (way) => {
  beforeEach(async () => {
    const pusher = way === 'pushes' ? await startPusherServer() : undefined;
    at = await office.start({ settings: pusher?.settings });
    return () => pusher?.close();
  });

  it('two of the staff and a customer see the same, within three seconds by each one’s clock', async () => {
    await at.link(phoebe);
    const [first, second, customer] = await Promise.all([
      office.openAs(at, stella),
      office.openAs(at, stella),
      office.openAs(at, phoebe),
    ]);
    const pages = [first.page, second.page, customer.page];
    await Promise.all(pages.map(hold));
    const pass = () => Promise.all(pages.map((page) => page.clock.runFor(2_500)));
    const agree = async (...seen: { waitFor(): Promise<void> }[]) => {
      await pass();
      await Promise.all(seen.map((one) => one.waitFor()));
    };
    const row = customer.page.getByRole('listitem', { name: 'Order 1' });

    await at.ask('ask pizza on demand to get me a large pizza with pepperoni');
    const waits = (page: Page) => page.locator('.waiting li');
    await agree(waits(first.page), waits(second.page), customer.page.getByText('Order 1 waits for you'));

    await customer.page.getByLabel('digits of your code').fill(at.codeFor(phoebe.phoneNumber));
    await customer.page.getByRole('button', { name: 'Confirm by code' }).click();
    await row.getByText('in the kitchen').waitFor();
    await agree(ticketOn(first.page, 1), ticketOn(second.page, 1));

    await first.page.getByRole('button', { name: 'Done with order 1' }).click();
    await agree(ticketOn(second.page, 1).getByText('Done elsewhere'), row.getByText('ready for pick-up'));
    await second.page.getByRole('button', { name: 'Undo order 1' }).click();
    const isOpen = (page: Page) => page.getByRole('button', { name: 'Done with order 1' });
    await agree(isOpen(first.page), isOpen(second.page), row.getByText('in the kitchen'));
  });

  it('is live only while the server answers, however it is silent', async () => {
    const { page } = await office.openAs(at, stella);
    await hold(page);
    const live = page.getByText('Live', { exact: true });
    // Nobody answers, and nobody refuses either.
    const held = new Promise<void>(() => {});
    await page.route('**/app/{beat,orders/kitchen}', () => held);
    await page.clock.runFor(8_000);
    await live.waitFor({ state: 'detached' });
    await page.unroute('**/app/{beat,orders/kitchen}');
  });

  it('counts what is new in the tab’s title and icon, also while it is hidden', async () => {
    await at.link(phoebe);
    const { page } = await office.openAs(at, stella);
    await page.getByText('Live', { exact: true }).waitFor();
    const icon = () => page.evaluate('document.querySelector("link[rel=icon]").href');
    const plain = await icon();
    const order = async (what: string) => {
      await at.ask(`ask pizza on demand to get me a ${what}`);
      const code = [...at.codeFor(phoebe.phoneNumber)].join(' ');
      await at.ask(`tell pizza on demand to authorize order ${code}`);
    };
    await order('large pizza with pepperoni');
    await ticketOn(page, 1).waitFor();
    expect(await page.title()).toBe('Orders · Pizza on Demand');
    await setHidden(page, true);
    await order('small pizza with bacon');
    await expect.poll(() => page.title()).toBe('(1) Orders · Pizza on Demand');
    expect(await icon()).toMatch(/^data:image\/svg\+xml.*1%3C%2Ftext/);
    await setHidden(page, false);
    await page.getByRole('button', { name: 'Show 1 new' }).click();
    await ticketOn(page, 2).waitFor();
    expect([await page.title(), await icon()]).toEqual(['Orders · Pizza on Demand', plain]);
  });
});
