import Pusher from 'pusher';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPusherFeed } from '../../src/feed/pusher';
import { createPusherLive, customerChannel, staffChannel } from '../../src/feed/pusher-live';
import { toppings } from '../../src/orders/menu';
import { describePizza } from '../../src/orders/pizza-order';
import type { FeedEvent } from '../../src/step-up/outside';
import { customerOf } from '../fixtures/orders';
import { type PusherServer, startPusherServer } from './pusher-server';

const customerId = customerOf('auth0|5f7c8ec7c33c6c004bbafe82');
const now = Date.UTC(2026, 10, 1, 18, 0);
const event: FeedEvent = {
  id: '6f1f6a1e-3b0e-4a7e-9d53-0f8a5b7f2c11',
  actionId: '0b9d4c1a-8f3f-4c61-8a52-5ad7b1a4c9de',
  customerId,
  status: 'confirmed',
  summary: 'large pizza with pepperoni',
  at: now,
};

let server: PusherServer;
let logged: { level: string; fields: object }[];

function createFeed(changes: Partial<Parameters<typeof createPusherFeed>[0]> = {}) {
  const write = (level: string) => (fields: object) => void logged.push({ level, fields });
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  return createPusherFeed({
    config: server.config,
    clock: () => now,
    log,
    retryDelaysMs: [1, 1],
    ...changes,
  });
}

beforeEach(async () => {
  server = await startPusherServer();
  logged = [];
});
afterEach(() => server.close());

describe('the Pusher feed', () => {
  it("tells staff and the order's customer in one signed request", async () => {
    await createFeed().publish(event);
    expect(server.events).toHaveLength(1);
    expect(server.events[0]?.name).toBe('order');
    expect(server.events[0]?.channels).toEqual([staffChannel(now), customerChannel(customerId, now)]);
  });

  it('tells staff alone of what is not about one customer', async () => {
    await createFeed().publish({ id: event.id, at: now, actionId: event.id, done: true });
    expect(server.events[0]?.channels).toEqual([staffChannel(now)]);
    const told = { id: event.id, at: now, actionId: event.id, done: true };
    expect(JSON.parse(server.events[0]?.data ?? '')).toEqual(told);
  });

  it('says what happened to which order, and not whose it is', async () => {
    await createFeed().publish(event);
    const { customerId: _hidden, ...told } = event;
    expect(JSON.parse(server.events[0]?.data ?? '')).toEqual(told);
    expect(JSON.stringify(server.events)).not.toContain('5f7c8ec7c33c6c004bbafe82');
  });

  it('stays under the 10 kB that Pusher takes, with every topping on the pizza', async () => {
    await createFeed().publish({ ...event, summary: describePizza({ size: 'jumbo', toppings }) });
    expect(Buffer.byteLength(server.events[0]?.data ?? '')).toBeLessThan(1_000);
  });

  it('tries again with the same event id when Pusher fails for a moment', async () => {
    server.failNext(503, 429);
    await createFeed().publish(event);
    expect(server.events.map(({ data }) => JSON.parse(data).id)).toEqual([event.id]);
    expect(logged.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  it('gives up after the last try, says so once, and does not reject', async () => {
    server.failNext(500, 500, 500);
    await createFeed().publish(event);
    expect(server.events).toEqual([]);
    expect(logged.map(({ level }) => level)).toEqual(['warn', 'warn', 'error']);
  });

  it('does not repeat what Pusher refused for good', async () => {
    await createFeed({ config: { ...server.config, secret: 'a wrong secret' } }).publish(event);
    expect(server.events).toEqual([]);
    expect(logged).toEqual([{ level: 'error', fields: expect.objectContaining({ status: 401 }) }]);
  });

  it('does not reject when nothing listens there', async () => {
    await server.close();
    await createFeed().publish(event);
    expect(logged.at(-1)).toEqual({
      level: 'error',
      fields: expect.objectContaining({ reason: 'ECONNREFUSED' }),
    });
  });

  it('keeps keys and signatures out of the log', async () => {
    server.failNext(500, 400);
    await createFeed().publish(event);
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toMatch(/auth_signature|auth_key|test-key|secret/);
  });

  it('lets a bounded number of events wait for a Pusher that is away', async () => {
    await server.close();
    const feed = createFeed({ retryDelaysMs: [] });
    await Promise.all(Array.from({ length: 501 }, () => feed.publish(event)));
    expect(logged.filter(({ fields }) => !('reason' in fields))).toHaveLength(1);
    await feed.publish(event);
    expect(logged.at(-1)?.fields).toHaveProperty('reason');
  });
});

describe('the live channels', () => {
  const quarterOfAnHour = 15 * 60_000;

  it('are signed as the official package signs them', () => {
    const official = new Pusher({ ...server.config, cluster: 'local' });
    const channel = staffChannel(now);
    expect(createPusherLive(server.config).authorize('12.34', channel)).toEqual(
      official.authorizeChannel('12.34', channel),
    );
  });

  it('have names that Pusher accepts, whatever the customer id holds', () => {
    for (const id of ['auth0|é/?&', 'google-oauth2|1', ''.padEnd(500, '|')].map(customerOf)) {
      expect(customerChannel(id, now)).toMatch(/^private-[A-Za-z0-9_\-=@,.;]{1,150}$/);
    }
  });

  it('differ between customers', () => {
    expect(customerChannel(customerOf('auth0|a'), now)).not.toBe(customerChannel(customerOf('auth0|b'), now));
  });

  it('are replaced every quarter of an hour, so that nobody listens for longer than they may', () => {
    expect(createPusherLive(server.config).endsAt(now)).toBe(now + quarterOfAnHour);
    expect(staffChannel(now)).toBe(staffChannel(now + quarterOfAnHour - 1));
    expect(staffChannel(now)).not.toBe(staffChannel(now + quarterOfAnHour));
    expect(customerChannel(customerId, now)).not.toBe(customerChannel(customerId, now + quarterOfAnHour));
  });
});
