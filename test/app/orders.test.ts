import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BoardOrder } from '../../src/app/page-data';
import type { Order } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import { pendingLifetimeMs, type Status } from '../../src/step-up/action';
import { anyAddress, anyPizza } from '../fixtures/any-pizza';
import { assertProperty } from '../fixtures/assert-property';
import type { Browser } from '../fixtures/browser';
import {
  customerOf,
  endedOrder,
  home,
  nthEndedOrder,
  pendingOrder,
  pizza,
  storeOrders,
} from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, quentin, stella } from './open-app';

const newId = randomUUID();
const phoebeId = customerOf(phoebe.userId);
const quentinId = customerOf(quentin.userId);
let app: OpenApp;
let staff: Browser;
let now: number;

beforeEach(async () => {
  app = await openApp();
  now = app.services.clock();
  staff = await app.signedIn(stella);
  const ended = Array.from({ length: 20 }, (_, n) =>
    nthEndedOrder(n, { customerId: n % 2 === 0 ? phoebeId : quentinId, placedAt: now - (n + 2) * 60_000 }),
  );
  await storeOrders(app.store, [...ended, pendingOrder({ customerId: phoebeId, placedAt: now - 1_000 })]);
});
afterEach(() => app.close());

const board = async (query: string) =>
  (await staff.get(`orders${query}`)).json as { orders: BoardOrder[]; next?: string };
const statusesIn = ({ orders }: { orders: BoardOrder[] }) =>
  [...new Set(orders.map(({ status }) => status))].sort();

it('shows the newest first, and what the page needs of each', async () => {
  const { orders } = await board('');
  expect(orders.map(({ placedAt }) => placedAt)).toEqual(
    orders.map(({ placedAt }) => placedAt).sort((a, b) => b - a),
  );
  expect(orders[0]).toEqual({
    id: expect.any(String),
    customerId: phoebeId,
    own: false,
    status: 'pending',
    pizza: { size: 'large', toppings: ['pepperoni'] },
    via: 'voice',
    contact: '•••• 0101',
    placedAt: now - 1_000,
    expiresAt: now - 1_000 + pendingLifetimeMs,
    channel: 'sms',
    hidden: false,
  });
});

it('shows the total of 1,000 orders to the cent', async () => {
  const thousand = fc.array(fc.tuple(anyPizza, anyAddress), { minLength: 1_000, maxLength: 1_000 });
  const property = fc.asyncProperty(thousand, async (pizzas) => {
    const terms = pizzas.map(([any, address]) => quote(any, address));
    const orders = terms.map((each, n) => nthEndedOrder(n, { terms: each, placedAt: now + n }));
    await storeOrders(app.store, orders);
    const totals = new Map<string, string | undefined>();
    let after: string | undefined;
    do {
      const { orders: shown, next } = await board(after ? `?after=${after}` : '');
      for (const { id, bill } of shown) totals.set(id, bill?.total);
      after = next;
    } while (after);
    const cents = orders.map(({ id }) => Number(totals.get(id)?.replace(/[$.]/g, '')));
    expect(cents).toEqual(terms.map(({ bill }) => bill?.total));
  });
  await assertProperty(property, { numRuns: 1 });
});

it('shows what an order costs and where it goes: to staff, and to the customer whose it is', async () => {
  const order = endedOrder({ customerId: phoebeId, placedAt: now, terms: quote(pizza, home) });
  const pickUp = endedOrder({ customerId: quentinId, placedAt: now - 1, terms: quote(pizza, undefined) });
  await storeOrders(app.store, [order, pickUp]);
  const bills = async (reader: Browser) =>
    ((await reader.get('orders?status=confirmed')).json as { orders: BoardOrder[] }).orders.map(
      ({ bill, pizza }) => [pizza, bill],
    );
  const brought = [pizza, { total: '$21.09', to: '7 Elm Street, Springfield, IL 62704', minutes: 40 }];
  expect((await bills(staff)).slice(0, 2)).toEqual([brought, [pizza, { total: '$17.85', minutes: 20 }]]);
  expect((await bills(await app.signedIn(phoebe)))[0]).toEqual(brought);
  expect(JSON.stringify(await bills(await app.signedIn(quentin)))).not.toContain('Elm');
});

it('filters by status', async () => {
  const cases: [string, Status[]][] = [
    ['pending', ['pending']],
    ['pending&status=confirmed', ['confirmed', 'pending']],
    ['cancelled&status=expired&status=refused', ['cancelled', 'expired', 'refused']],
  ];
  for (const [list, statuses] of cases) {
    expect(statusesIn(await board(`?status=${list}&limit=200`))).toEqual(statuses);
  }
});

it('gives every order once, page by page', async () => {
  const seen: string[] = [];
  let query = '?limit=8';
  for (;;) {
    const { orders, next } = await board(query);
    seen.push(...orders.map(({ id }) => id));
    if (!next) break;
    expect(orders).toHaveLength(8);
    query = `?limit=8&after=${encodeURIComponent(next)}`;
  }
  expect(seen).toHaveLength(21);
  expect(new Set(seen).size).toBe(21);
});

it.each([
  'limit=0',
  'limit=201',
  'limit=ten',
  'limit=-1',
  'status=eaten',
  'status=',
  'status=pending,pending',
  'after=nonsense',
])('refuses ?%s', async (query) => {
  const answer = await staff.get(`orders?${query}`);
  expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
});

it('answers 304 until something changes', async () => {
  const first = await staff.get('orders');
  const etag = first.headers.get('etag') ?? '';
  expect(first.headers.get('cache-control')).toBe('no-store');
  const conditional = { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } };
  const same = await staff.send('orders', conditional);
  expect([same.status, same.text]).toEqual([304, '']);

  await storeOrders(app.store, [nthEndedOrder(1, { customerId: quentinId, placedAt: now - 30 * 60_000 })]);
  const changed = await staff.send('orders', conditional);
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
});

it('refuses a body that is not JSON, without a word about how it reads it', async () => {
  const answer = await staff.send(`orders/${newId}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: '{',
  });
  expect(answer.status).toBe(400);
  expect(answer.json).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    code: 'invalid_request',
    detail: 'The path or the body cannot be read: a body must be valid JSON.',
  });
});

it('lets staff cancel what is confirmed until it is done, and says so', async () => {
  const [order, done] = (await board('?status=confirmed&limit=2')).orders;
  const { json } = await staff.post(`orders/${order?.id}/cancel`);
  expect(json).toMatchObject({ status: 'cancelled', cancelReason: 'staff', confirmedAt: order?.confirmedAt });
  expect(order?.confirmedAt).toBeGreaterThan(now - 60 * 60_000);
  expect(app.events.at(-1)).toMatchObject({ actionId: order?.id, status: 'cancelled' });
  expect((await board('?status=cancelled')).orders).toContainEqual(json);
  await staff.post(`orders/${done?.id}/done`);
  const answer = await staff.post(`orders/${done?.id}/cancel`);
  expect([answer.status, answer.json.code]).toEqual([409, 'order_already_confirmed']);
});

it('lets a customer cancel what was confirmed within two minutes', async () => {
  const [late, early] = [now - 130_000, now - 100_000].map((endedAt) =>
    endedOrder({ customerId: phoebeId, placedAt: endedAt - 60_000, endedAt }),
  );
  await storeOrders(app.store, [late, early] as Order[]);
  const customer = await app.signedIn(phoebe);
  const answer = await customer.post(`orders/${late?.id}/cancel`);
  expect([answer.status, answer.json.code]).toEqual([409, 'order_already_confirmed']);
  const { json } = await customer.post(`orders/${early?.id}/cancel`);
  expect(json).toMatchObject({ status: 'cancelled', cancelReason: 'customer', confirmedAt: now - 100_000 });
});

it('shows an order as expired once its time is over, and tells open pages', async () => {
  const [pending] = (await board('?status=pending')).orders;
  app.passTime(pendingLifetimeMs);
  expect((await board('?status=pending')).orders).toEqual([]);
  expect((await staff.get(`orders/${pending?.id}`)).json).toMatchObject({ status: 'expired' });
  expect(app.events.at(-1)).toMatchObject({ actionId: pending?.id, status: 'expired' });
});
