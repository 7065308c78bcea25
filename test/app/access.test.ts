import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BoardOrder } from '../../src/app/page-data';
import type { Order } from '../../src/orders/pizza-order';
import type { Browser } from '../fixtures/browser';
import { customerOf, endedOrder, expirePending, pendingOrder, storeOrders } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, quentin, stella } from './open-app';

let app: OpenApp;
let customer: Browser;
let staff: Browser;
beforeAll(async () => {
  app = await openApp();
  customer = await app.signedIn(phoebe);
  staff = await app.signedIn(stella);
});
afterAll(() => app.close());

const phoebeId = customerOf(phoebe.userId);
const quentinId = customerOf(quentin.userId);
let own: Order;
let others: Order;
beforeEach(async () => {
  app.passTime(1_000);
  const now = app.services.clock();
  for (const customerId of [phoebeId, quentinId]) {
    await expirePending(app.store, customerId, now);
  }
  own = pendingOrder({ customerId: phoebeId, placedAt: now });
  others = pendingOrder({ customerId: quentinId, placedAt: now });
  await storeOrders(app.store, [own, others, endedOrder({ customerId: quentinId, placedAt: now - 60_000 })]);
});

const ids = ({ json }: { json: { orders: BoardOrder[] } }) => json.orders.map(({ id }) => id);
const customersOf = ({ json }: { json: { orders: BoardOrder[] } }) => [
  ...new Set(json.orders.map(({ customerId }) => customerId)),
];

describe('somebody who is signed out', () => {
  it.each(['orders', `orders/x`, 'profile'])('is refused at %s', async (path) => {
    const answer = await app.visitor().get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.json).toMatchObject({ code: 'invalid_token' });
  });

  it.each(['orders/x/done', 'orders/x/cancel', 'unlock', 'pusher/auth'])(
    'can change nothing at %s',
    async (path) => {
      expect((await app.visitor().post(path)).status).toBe(401);
    },
  );

  it('is told so, without an error, when the page asks who is there', async () => {
    const answer = await app.visitor().get('me');
    expect([answer.status, answer.text]).toEqual([200, 'null']);
  });

  it('cannot make up a session', async () => {
    const { host } = new URL(app.pageUrl);
    const [cookie] = customer.cookies().filter(({ name }) => name === 'appSession');
    const [head, key, iv, body = '', tag] = (cookie?.value ?? '').split('.');
    const forged = [
      'x',
      'eyJhbGciOiJub25lIn0..e30.',
      [head, key, iv, `${body.startsWith('A') ? 'B' : 'A'}${body.slice(1)}`, tag].join('.'),
    ];
    for (const value of forged) {
      const visitor = app.visitor();
      visitor.setCookies([{ host, path: '/', name: 'appSession', value }]);
      expect((await visitor.get('orders')).status).toBe(401);
    }
  });
});

describe('a customer', () => {
  it('sees their own orders and nobody else’s', async () => {
    const board = await customer.get('orders?limit=200');
    expect(customersOf(board)).toEqual([phoebeId]);
    expect(ids(board)).toContain(own.id);
    expect(board.text).not.toContain('quentin');
  });

  it('may not ask for somebody else’s', async () => {
    expect((await customer.get(`orders?customer=${encodeURIComponent(quentinId)}`)).status).toBe(403);
    expect((await customer.get('orders?customer=')).status).toBe(400);
    expect((await customer.get(`orders?customer=${encodeURIComponent(phoebeId)}`)).status).toBe(200);
  });

  it('cannot tell that somebody else’s order exists', async () => {
    const foreign = await customer.get(`orders/${others.id}`);
    const missing = await customer.get('orders/00000000-0000-4000-8000-000000000000');
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(missing.text);
    expect((await customer.get(`orders/${own.id}`)).json).toMatchObject({ id: own.id, own: true });
  });

  it('cancels their own order and nobody else’s', async () => {
    expect((await customer.post(`orders/${others.id}/cancel`)).status).toBe(404);
    expect(await app.store.find(others.id)).toMatchObject({ status: 'pending' });
    const { json } = await customer.post(`orders/${own.id}/cancel`);
    expect(json).toMatchObject({ status: 'cancelled', cancelReason: 'customer' });
  });

  it('A20: hides from their own list only: the kitchen still sees the order', async () => {
    const now = app.services.clock();
    const mine = endedOrder({ customerId: phoebeId, placedAt: now - 90_000 });
    const theirs = endedOrder({ customerId: quentinId, placedAt: now - 90_000 });
    await storeOrders(app.store, [mine, theirs]);
    expect((await customer.post(`orders/${theirs.id}/hide`)).status).toBe(404);
    expect((await customer.post(`orders/${mine.id}/hide`)).json).toMatchObject({ id: mine.id, hidden: true });
    expect(ids(await customer.get('orders?limit=200'))).not.toContain(mine.id);
    const all = await customer.get('orders?limit=200&hidden=true');
    expect(all.json.orders).toContainEqual(expect.objectContaining({ id: mine.id, hidden: true }));
    const { toDo } = (await staff.get('orders/kitchen')).json;
    expect(toDo).toContainEqual(expect.objectContaining({ id: mine.id, hidden: false }));
    expect(await app.store.find(theirs.id)).toEqual(theirs);
  });

  it.each(['orders/kitchen', 'orders/day?from=0&to=1', 'orders/day.csv?from=0&to=1', 'orders/locked'])(
    'sees nothing of %s, which is for staff',
    async (path) => {
      const answer = await customer.get(path);
      expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
    },
  );

  it('finishes no order, not even their own', async () => {
    const mine = endedOrder({ customerId: phoebeId, placedAt: app.services.clock() - 90_000 });
    await storeOrders(app.store, [mine]);
    for (const change of ['done', 'undo']) {
      const answer = await customer.post(`orders/${mine.id}/${change}`);
      expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
    }
    expect(await app.store.find(mine.id)).toEqual(mine);
  });
});

describe('staff', () => {
  it('see every order, with a masked contact', async () => {
    const board = await staff.get('orders');
    expect(ids(board)).toEqual(expect.arrayContaining([own.id, others.id]));
    expect(board.json.orders[0]).toMatchObject({ contact: '•••• 0101', own: false });
    expect(board.text).not.toMatch(/\+1202|@example/);
  });

  it('see one customer’s orders when they ask for them', async () => {
    expect(customersOf(await staff.get(`orders?customer=${encodeURIComponent(quentinId)}`))).toEqual([
      quentinId,
    ]);
  });

  it('cancel anybody’s pending order, and it says so', async () => {
    const { json } = await staff.post(`orders/${others.id}/cancel`);
    // A17
    const who = { by: 'staff', staffId: stella.userId, customerId: quentinId, door: 'app' };
    expect(app.steps.at(-1)).toMatchObject({ step: 'cancel', actionId: others.id, ...who });
    expect(json).toMatchObject({ id: others.id, status: 'cancelled', cancelReason: 'staff' });
    expect(app.events.at(-1)).toMatchObject({ actionId: others.id, status: 'cancelled' });
  });
});

describe('A21: staff who may only look', () => {
  it('see every order and change none of others', async () => {
    await app.tenant.users.change(stella.userId, { permissions: ['read:all-orders'] });
    const looker = await app.signedIn(stella);
    await app.tenant.users.change(stella.userId, { permissions: stella.permissions });
    expect((await looker.get('me')).json).toMatchObject({ staff: true, manages: false });
    expect(ids(await looker.get('orders'))).toContain(others.id);
    for (const [path, body] of [
      [`orders/${others.id}/cancel`, {}],
      [`orders/${others.id}/done`, {}],
      [`orders/${others.id}/undo`, {}],
    ] as const) {
      const answer = await looker.post(path, body);
      expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
    }
    expect(ids(await looker.get('orders'))).toContain(others.id);
  });
});

describe('a request that another site makes the browser send', () => {
  const changes = () => [
    `orders/${own.id}/cancel`,
    `orders/${own.id}/done`,
    'unlock',
    'oidc/logout',
    'pusher/auth',
  ];
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    {},
  ];

  it.each(foreign)('changes nothing (%j)', async (headers) => {
    for (const path of changes()) {
      const answer = await customer.post(path, {}, headers);
      expect([path, answer.status, answer.json.code]).toEqual([path, 403, 'forbidden']);
    }
    expect(await app.store.find(own.id)).toMatchObject({ status: 'pending' });
    expect((await customer.get('me')).json).toMatchObject({ name: 'Phoebe' });
  });

  it('A17: is one line in the log, which says with whose session it came', async () => {
    const before = app.logged.length;
    await customer.post(`orders/${own.id}/hide`, {}, { 'sec-fetch-site': 'cross-site' });
    await customer.get(`orders/${others.id}`);
    expect(app.logged.slice(before)).toMatchObject([
      { door: 'app', as: 'nobody', customerId: phoebeId, outcome: 'forbidden' },
      { door: 'app', as: 'customer', customerId: phoebeId, outcome: 'not_found' },
    ]);
  });

  it('A17: tells who finished an order and who hid one, and as what', async () => {
    const mine = endedOrder({ customerId: phoebeId, placedAt: app.services.clock() - 90_000 });
    await storeOrders(app.store, [mine]);
    await customer.post(`orders/${mine.id}/hide`);
    const step = { actionId: mine.id, door: 'app', outcome: 'done' };
    expect(app.steps.at(-1)).toMatchObject({ ...step, step: 'hide', by: 'customer', customerId: phoebeId });
    for (const change of ['done', 'undo'] as const) {
      await staff.post(`orders/${mine.id}/${change}`);
      expect(app.steps.at(-1)).toMatchObject({ ...step, step: change, by: 'staff', staffId: stella.userId });
    }
  });

  it('is known by its Origin header where an older browser says no more', async () => {
    const answer = await customer.post(`orders/${own.id}/cancel`, {}, { origin: app.origin });
    expect(answer.status).toBe(200);
  });

  it('is refused whatever its method is', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await customer.send(`orders/${own.id}`, { method })).status).toBe(403);
    }
  });
});
