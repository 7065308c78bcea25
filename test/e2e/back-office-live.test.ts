import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { customerChannel, staffChannel } from '../../src/feed/pusher-live';
import { type PusherServer, startPusherServer } from '../feed/pusher-server';
import { phoebe, quentin, spoken, type TestLocal } from '../fixtures/local';
import { customerOf } from '../fixtures/orders';
import { signIn } from './browser';
import { orderOn, ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let pusher: PusherServer;
let at: TestLocal;
beforeEach(async () => {
  pusher = await startPusherServer();
  at = await office.start({ settings: pusher.settings });
});
afterEach(() => pusher.close());

/** What reaches the page over its web socket. */
function listenTo(page: Page): string[] {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  return frames;
}

const order = (text: string) => at.ask(`ask pizza on demand to get me a ${text}`);
/** Live, and told of what happens rather than asking for it. */
async function isLive(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => pusher.subscribed()).not.toEqual([]);
}

it('pushes an order to the staff as it is placed and confirmed', async () => {
  await at.link(phoebe);
  const openedAt = Date.now();
  const { page } = await office.openAs(at, stella);
  await isLive(page);
  expect([staffChannel(openedAt), staffChannel(Date.now())]).toContain(pusher.subscribed()[0]);
  // From here on the page asks nothing by itself.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);

  await order('large pizza with pepperoni');
  await orderOn(page, 'Large').waitFor();
  await at.ask(`tell pizza on demand to authorize order ${spoken(at.codeFor(phoebe.phoneNumber))}`);
  await ticketOn(page, 1).waitFor();
  expect(pusher.events.map(({ data }) => JSON.parse(data).status)).toEqual(['pending', 'confirmed']);
});

it('lets a customer hear of their own orders only', async () => {
  const openedAt = Date.now();
  const opened = await office.openAs(at, phoebe);
  const { page } = opened;
  await isLive(page);
  const own = [openedAt, Date.now()].map((time) => customerChannel(customerOf(phoebe.userId), time));
  expect(own).toContain(pusher.subscribed()[0]);

  opened.expectFailures(/status of 403 .*pusher\/auth/);
  const foreign = [staffChannel(Date.now()), customerChannel(customerOf(quentin.userId), Date.now())];
  for (const channel of foreign) expect(await askToListen(page, channel)).toBe(403);

  await page.reload();
  const frames = listenTo(page);
  await page.reload();
  await isLive(page);
  await at.link(quentin);
  await order('jumbo pizza with bacon');
  await at.link(phoebe);
  await order('small pizza with onions');
  await orderOn(page, 'Small').waitFor();
  expect(pusher.events).toHaveLength(2);
  expect(frames.filter((frame) => frame.includes('"order"'))).toHaveLength(1);
  expect(frames.join()).not.toMatch(/jumbo|bacon/);
  expect(pusher.refused).toEqual([]);
});

it('goes on without Pusher, and catches up when it is back', async () => {
  await at.link(phoebe);
  const opened = await office.openAs(at, stella);
  const { page } = opened;
  await isLive(page);

  opened.expectFailures(/WebSocket connection to .* failed/);
  pusher.interrupt();
  await order('large pizza with pepperoni');
  await orderOn(page, 'Large').waitFor();

  pusher.resume();
  await isLive(page);
  await at.ask(`tell pizza on demand to authorize order ${spoken(at.codeFor(phoebe.phoneNumber))}`);
  await ticketOn(page, 1).waitFor();
});

it.each(['live', 'pusher/auth'])(
  'B15: is pushed to within 15 s when the first answer of %s is a 503',
  async (path) => {
    const opened = await office.openBlank();
    const { page } = opened;
    opened.expectFailures(/status of 503/);
    let refused = false;
    await page.route(`**/app/${path}`, (route) => {
      if (refused) return route.continue();
      refused = true;
      return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' });
    });
    await page.clock.install();
    await page.goto(`${at.local.podUrl}/app/`);
    await signIn(page, stella);
    await expect.poll(() => refused).toBe(true);
    await page.clock.fastForward(15_000);
    await expect.poll(pusher.subscribed).toEqual([staffChannel(Date.now())]);
    await isLive(page);
  },
);

it('B15: is live only while POD answers, though Pusher does', async () => {
  const opened = await office.openAs(at, stella);
  const { page } = opened;
  await isLive(page);
  opened.expectFailures(/ERR_CONNECTION_REFUSED/);
  await page.route('**/app/**', (route) => route.abort('connectionrefused'));
  await page.clock.install();
  await page.clock.fastForward(15_000);
  await page.getByText('Out of reach').waitFor();
  expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
  expect(pusher.subscribed()).toHaveLength(1);
  await page.unroute('**/app/**');
  await page.getByRole('button', { name: 'Try now' }).click();
  await isLive(page);
});

it('takes orders while Pusher takes no events', async () => {
  await at.link(phoebe);
  const { page } = await office.openAs(at, stella);
  await isLive(page);
  pusher.failNext(500, 500, 500, 500, 500, 500, 500, 500);
  expect(await order('large pizza with pepperoni')).toContain('large pizza');
  await page.reload();
  await orderOn(page, 'Large').waitFor();
});

function askToListen(page: Page, channel: string): Promise<number> {
  return page.evaluate(async (name) => {
    const body = new URLSearchParams({ socket_id: '1.2', channel_name: name });
    return (await fetch('pusher/auth', { method: 'POST', body })).status;
  }, channel);
}
