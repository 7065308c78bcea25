import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoardOrder, Kitchen, OrderDetails } from '../../src/app/page-data';
import type { Order } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import type { Browser } from '../fixtures/browser';
import {
  customerOf,
  endedOrder,
  home,
  newCustomerId,
  pendingOrder,
  pizza,
  storeOrders,
} from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, stella } from './open-app';

const phoebeId = customerOf(phoebe.userId);
let app: OpenApp;
let staff: Browser;
let now: number;
beforeEach(async () => {
  app = await openApp();
  now = app.services.clock();
  staff = await app.signedIn(stella);
});
afterEach(() => app.close());

const kitchen = async () => (await staff.get('orders/kitchen')).json as Kitchen;
const details = async (id: string, as = staff) => (await as.get(`orders/${id}`)).json as OrderDetails;
const idsOf = (orders: readonly (BoardOrder | Order)[]) => orders.map(({ id }) => id);
const confirmedAgo = (ms: number, facts = {}) =>
  endedOrder({ placedAt: now - ms - 60_000, endedAt: now - ms, ...facts });

describe('the kitchen', () => {
  it('sees what is confirmed and not done, longest confirmed first, and apart what waits for a code', async () => {
    const toDo = [900_000, 300_000, 5_000].map((ms) => confirmedAgo(ms));
    // Placed before the others, and confirmed after them.
    const late = endedOrder({ placedAt: now - 990_000, endedAt: now - 1_000 });
    const waiting = [60_000, 1_000].map((ms) => pendingOrder({ placedAt: now - ms }));
    const over = pendingOrder({ placedAt: now - 900_000 });
    const cancelled = endedOrder({ status: 'cancelled', placedAt: now - 9_000 });
    await storeOrders(app.store, [...[late, ...toDo].reverse(), ...[over, ...waiting].reverse(), cancelled]);
    const seen = await kitchen();
    expect(idsOf(seen.toDo)).toEqual(idsOf([...toDo, late]));
    expect(seen.count).toBe(4);
    expect(idsOf(seen.waiting)).toEqual(idsOf(waiting));
  });

  it('sees of each what it is, for whom, where it goes, and what it costs', async () => {
    const terms = { ...quote(pizza, home), name: 'Phoebe' };
    const order = { ...confirmedAgo(1_000, { customerId: phoebeId, terms }), number: 47 };
    await storeOrders(app.store, [order]);
    expect((await kitchen()).toDo).toMatchObject([
      {
        number: 47,
        name: 'Phoebe',
        pizza,
        bill: { total: '$21.09', to: '7 Elm Street, Springfield, IL 62704', minutes: 40 },
        contact: '•••• 0101',
        confirmedAt: now - 1_000,
      },
    ]);
  });

  it('counts what there is beyond what it shows, and no further than anybody can tell', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => confirmedAgo(1_000_000 - n));
    await storeOrders(app.store, many.slice(0, 230));
    const seen = await kitchen();
    expect([seen.toDo.length, seen.count]).toEqual([200, 230]);
    await storeOrders(app.store, many.slice(230));
    expect((await kitchen()).count).toBe(1_000);
  });

  it('finishes one order and takes it back into its place, and tells open pages of both', async () => {
    const [first, second, third] = [30_000, 20_000, 10_000].map((ms) => confirmedAgo(ms)) as [
      Order,
      Order,
      Order,
    ];
    await storeOrders(app.store, [first, second, third]);
    const done = await staff.post(`orders/${second.id}/done`);
    expect(done.json).toMatchObject({ id: second.id, status: 'confirmed', doneAt: expect.any(Number) });
    expect(idsOf((await kitchen()).toDo)).toEqual(idsOf([first, third]));
    const event = { customerId: second.customerId, actionId: second.id };
    expect(app.events.at(-1)).toMatchObject({ ...event, done: true });
    expect(await details(second.id)).toMatchObject({ doneBy: 'Stella', doneAt: done.json.doneAt });

    expect((await staff.post(`orders/${second.id}/undo`)).json.doneAt).toBeUndefined();
    expect(idsOf((await kitchen()).toDo)).toEqual(idsOf([first, second, third]));
    expect(app.events.at(-1)).toMatchObject({ ...event, done: false });
  });

  it('finishes an order once, whoever else does, and names the first', async () => {
    const order = confirmedAgo(1_000);
    await storeOrders(app.store, [order]);
    await app.store.archive(order.id, { at: now, by: 'Steve' });
    const second = await staff.post(`orders/${order.id}/done`);
    expect([second.status, second.json.doneAt]).toEqual([200, now]);
    expect(await details(order.id)).toMatchObject({ doneBy: 'Steve' });
    expect(app.events).toEqual([]);
  });

  it.each([
    [pendingOrder, 400, 'invalid_request'],
    [() => endedOrder({ status: 'cancelled' }), 409, 'order_cancelled'],
    [() => endedOrder({ status: 'expired' }), 409, 'order_expired'],
    [() => endedOrder({ status: 'refused' }), 409, 'order_refused'],
  ] as const)('finishes nothing that is not confirmed (%#)', async (make, status, code) => {
    const order = make({ placedAt: now - 1_000 });
    await storeOrders(app.store, [order]);
    const answer = await staff.post(`orders/${order.id}/done`);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(await app.store.find(order.id)).toEqual(order);
  });

  it('finds no order that is not there', async () => {
    for (const change of ['done', 'undo', 'cancel']) {
      expect((await staff.post(`orders/${newCustomerId()}/${change}`)).status).toBe(404);
      expect((await staff.post(`orders/00000000-0000-4000-8000-000000000000/${change}`)).status).toBe(404);
    }
  });
});

describe('an order that staff cancel', () => {
  it('keeps why and by whom, and tells its customer why', async () => {
    const order = confirmedAgo(1_000, { customerId: phoebeId });
    await storeOrders(app.store, [order]);
    const reason = 'We are out of pepperoni.';
    const { json } = await staff.post(`orders/${order.id}/cancel`, { reason: ` ${reason} ` });
    expect(json).toMatchObject({ status: 'cancelled', cancelReason: 'staff', note: reason });
    expect(await details(order.id)).toMatchObject({ cancelledBy: 'Stella', note: reason });
    const theirs = await details(order.id, await app.signedIn(phoebe));
    expect(theirs).toMatchObject({ note: reason });
    expect(theirs).not.toHaveProperty('cancelledBy');
  });

  it.each(['', '  ', 'two\nlines', 'x'.repeat(201), 7])('has a reason of one line (%j)', async (reason) => {
    const order = confirmedAgo(1_000);
    await storeOrders(app.store, [order]);
    const answer = await staff.post(`orders/${order.id}/cancel`, { reason });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
    expect(await app.store.find(order.id)).toEqual(order);
  });
});

describe('the details of an order', () => {
  it('hold what each part costs, and how many codes were tried', async () => {
    const order = { ...confirmedAgo(1_000, { terms: quote(pizza, home) }), attempts: 2, wrongCodesBefore: 1 };
    await storeOrders(app.store, [order]);
    expect(await details(order.id)).toMatchObject({
      lines: [
        { what: 'large pizza', amount: '$14.99' },
        { what: 'pepperoni', amount: '$1.50' },
        { what: 'delivery', amount: '$2.99' },
        { what: 'tax', amount: '$1.61' },
        { what: 'total', amount: '$21.09' },
      ],
      attempts: 2,
      wrongCodesBefore: 1,
      locked: false,
    });
  });
});

describe('who is locked', () => {
  it('is told to staff, with the newest order, while it is so', async () => {
    const order = endedOrder({ customerId: phoebeId, placedAt: now - 60_000, status: 'refused' });
    await storeOrders(app.store, [order]);
    const write = (wrongCodesAt: number[], wrongCodesInARow: number) =>
      app.store.transact(phoebeId, ({ customer }) => ({
        customer: { ...customer, wrongCodesAt, wrongCodesInARow },
        result: undefined,
      }));
    await write([now - 5], 5);
    const locked = async () => (await staff.get('orders/locked')).json;
    const told = { customerId: phoebeId, contact: '•••• 0101', orderId: order.id };
    expect(await locked()).toEqual([{ ...told, since: now - 5, disowned: false }]);
    expect(await details(order.id)).toMatchObject({ locked: true });
    // Ten codes of which the first grew old.
    await write([now - 31 * 86_400_000, ...Array.from({ length: 9 }, () => now)], 0);
    expect(await locked()).toEqual([]);

    await app.store.transact(phoebeId, ({ customer }) => ({
      customer: { ...customer, disownedAt: now - 3 },
      result: undefined,
    }));
    expect(await locked()).toEqual([{ ...told, since: now - 3, disowned: true }]);
  });
});

describe('a customer', () => {
  it('confirms on the page with the code, and hears how many tries are left', async () => {
    const customer = await app.signedIn(phoebe);
    const { inbox } = app.tenant;
    const order = pendingOrder({ customerId: phoebeId, placedAt: now });
    await storeOrders(app.store, [order]);
    const resent = await customer.post(`approval/${order.id}/code`);
    expect([resent.status, resent.json.channel, resent.json.contact]).toEqual([200, 'sms', '•••• 0101']);
    const code = inbox.messages(phoebe.phoneNumber).find((one) => one.code)?.code ?? '';
    const wrong = String((Number(code) + 1) % 10_000).padStart(4, '0');

    const none = await customer.post(`approval/${order.id}/authorize`, { code: '12' });
    expect([none.status, none.json.code]).toEqual([422, 'not_a_code']);
    const refused = await customer.post(`approval/${order.id}/authorize`, { code: wrong });
    expect([refused.json.code, refused.json.attemptsLeft]).toEqual(['wrong_code', 2]);
    expect((await staff.post(`approval/${order.id}/authorize`, { code })).json.code).toBe('not_found');
    const { json } = await customer.post(`approval/${order.id}/authorize`, { code });
    expect(json).toMatchObject({ status: 'confirmed', confirmedAt: expect.any(Number) });
    expect((await details(order.id)).evidence).toMatchObject({
      method: 'code',
      door: 'page',
      channel: 'sms',
    });
    expect(app.steps.at(-1)).toMatchObject({ step: 'confirm', outcome: 'done', door: 'app' });
    expect(idsOf((await kitchen()).toDo)).toEqual([order.id]);
  });
});

it('answers a heartbeat while the server and the session are there', async () => {
  expect((await staff.get('beat')).status).toBe(200);
  expect((await app.visitor().get('beat')).status).toBe(401);
});
