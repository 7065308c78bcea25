import { describe, expect, it } from 'vitest';
import { toppings } from '../../src/orders/menu';
import { quote } from '../../src/orders/quote';
import { pendingLifetimeMs } from '../../src/step-up/action';
import { customerOf, endedOrder, home, ordersOf, pizza, storeOrders } from '../fixtures/orders';
import { startApi } from './start-api';

describe('placing an order', () => {
  it('answers 201 with the pending order, and a Location where it can be read', async () => {
    const { call, url } = await startApi();
    const placed = await call('POST', '/orders', { as: 'ann', json: pizza });
    expect(placed.status).toBe(201);
    expect(placed.json).toMatchObject({
      customer: 'ann',
      status: 'pending',
      ...pizza,
      attemptsLeft: 3,
      codeSentTo: { channel: 'sms', maskedContact: '•••• 0199' },
    });
    expect(Date.parse(placed.json.expiresAt) - Date.parse(placed.json.placedAt)).toBeGreaterThanOrEqual(
      pendingLifetimeMs,
    );
    const location = new URL(placed.headers.get('Location') ?? '', url).href;
    const read = await call('GET', location.slice(url.length), { as: 'ann' });
    expect(read.json).toEqual(placed.json);
  });

  it('answers with the terms that the code is to prove: to pick up, and brought where the customer lives', async () => {
    const { call, codes } = await startApi();
    const order = { as: 'ann', json: { size: 'large', toppings: ['pepperoni'] } };
    const { json: pickUp } = await call('POST', '/orders', order);
    expect(pickUp.bill).toEqual(quote(pizza, undefined).bill);
    codes.moveTo('ann', home);
    const { json: brought } = await call('POST', '/orders', order);
    expect(brought.bill).toMatchObject({ delivery: { to: home }, deliveryFee: 299, tax: 161, total: 2109 });
    const code = codes.newestCode('ann');
    const { json } = await call('POST', `/orders/${brought.id}/authorize`, { as: 'ann', json: { code } });
    expect([json.status, json.bill]).toEqual(['confirmed', brought.bill]);
  });

  it('gives the same answer to a repeated request although the customer has moved meanwhile', async () => {
    const { call, codes } = await startApi();
    const order = { as: 'ann', json: pizza, headers: { 'Idempotency-Key': 'k1' } };
    const first = await call('POST', '/orders', order);
    codes.moveTo('ann', home);
    expect((await call('POST', '/orders', order)).json).toEqual(first.json);
    expect(codes.counts('ann').sent).toBe(1);
  });

  it('answers an order of a POD that had no prices without a bill', async () => {
    const { call, store } = await startApi();
    const old = endedOrder({ customerId: customerOf('ann'), terms: pizza });
    await storeOrders(store, [old]);
    const { json } = await call('GET', `/orders/${old.id}`, { as: 'ann' });
    expect(json).toMatchObject({ status: 'confirmed', ...pizza });
    expect(json).not.toHaveProperty('bill');
  });

  it('reads sizes and toppings like a menu, and counts a topping once', async () => {
    const { call } = await startApi();
    const json = { size: ' LARGE', toppings: ['Extra  Cheese', 'extra cheese', 'bacon'] };
    const { json: order } = await call('POST', '/orders', { as: 'ann', json });
    expect(order).toMatchObject({ size: 'large', toppings: ['extra cheese', 'bacon'] });
  });

  it('orders a pizza without toppings when the list is empty', async () => {
    const { call } = await startApi();
    const placed = await call('POST', '/orders', { as: 'ann', json: { size: 'small', toppings: [] } });
    expect(placed.json).toMatchObject({ size: 'small', toppings: [] });
  });

  it('says what there is when the size or a topping is not on the menu, and orders nothing', async () => {
    const { call, store, codes } = await startApi();
    const size = await call('POST', '/orders', { as: 'ann', json: { ...pizza, size: 'gigantic' } });
    expect([size.status, size.json.code]).toEqual([422, 'unknown_size']);
    const topping = await call('POST', '/orders', { as: 'ann', json: { ...pizza, toppings: ['ananas'] } });
    expect([topping.status, topping.json.code]).toEqual([422, 'unknown_topping']);
    expect(topping.json.detail).toContain(toppings.join(', '));
    expect(await ordersOf(store, 'ann')).toEqual([]);
    expect(codes.counts('ann').sent).toBe(0);
  });

  it('replaces the pending order', async () => {
    const { call, order } = await startApi();
    const first = await order('ann');
    await order('ann');
    const read = await call('GET', `/orders/${first}`, { as: 'ann' });
    expect(read.json).toMatchObject({ status: 'cancelled', cancelReason: 'replaced' });
  });

  it('tells a customer without phone and mailbox so', async () => {
    const { call } = await startApi();
    const refused = await call('POST', '/orders', { as: 'unreachable', json: pizza });
    expect([refused.status, refused.json.code]).toEqual([409, 'no_contact']);
  });

  it('says when codes may be sent again once the hour’s codes are spent', async () => {
    const { call, order } = await startApi({ codesPerHour: 1 });
    await order('ann');
    const refused = await call('POST', '/orders', { as: 'ann', json: pizza });
    expect([refused.status, refused.json.code]).toEqual([429, 'too_many_codes']);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3600);
  });

  it.each([
    ['too_many_orders', { ordersPerHour: 1 }],
    ['too_many_codes_in_all', { codesPerHourTotal: 1 }],
  ])('A2: says when to come again after %s', async (code, limits) => {
    const { call, order } = await startApi(limits);
    await order('ann');
    const refused = await call('POST', '/orders', { as: 'ann', json: pizza });
    expect([refused.status, refused.json.code]).toEqual([429, code]);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(3500);
  });

  it('A1: the id names what is meant, so that the code confirms at once although another order had one', async () => {
    const { call, order, codes } = await startApi();
    await order('ann');
    const second = await order('ann');
    const json = { code: codes.newestCode('ann') };
    const confirmed = await call('POST', `/orders/${second}/authorize`, { as: 'ann', json });
    expect(confirmed.json).toMatchObject({ id: second, status: 'confirmed' });
  });

  it('A13: tells the nearer limit when it is the lock', async () => {
    const { call, order } = await startApi();
    const guess = async (id: string) =>
      (await call('POST', `/orders/${id}/authorize`, { as: 'ann', json: { code: '9999' } })).json;
    const first = await order('ann');
    for (const _ of [1, 2, 3]) await guess(first);
    const second = await order('ann');
    expect(await guess(second)).toMatchObject({ code: 'wrong_code', attemptsLeft: 1, lastOne: 'locks' });
    expect(await guess(second)).toMatchObject({ code: 'ordering_locked', status: 423 });
  });
});

describe('reading orders', () => {
  it('pages through them, newest first, each once', async () => {
    const { call, order } = await startApi();
    const ids = [await order('ann'), await order('ann'), await order('ann')];
    const first = await call('GET', '/orders?limit=2', { as: 'ann' });
    expect(first.json.orders.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    const second = await call('GET', `/orders?limit=2&after=${first.json.next}`, { as: 'ann' });
    expect(second.json.orders.map(({ id }: { id: string }) => id)).toEqual([ids[0]]);
    expect(second.json.next).toBeUndefined();
  });

  it('filters by status, several if need be', async () => {
    const { call, order } = await startApi();
    await order('ann');
    await order('ann');
    const count = async (query: string) =>
      (await call('GET', `/orders?${query}`, { as: 'ann' })).json.orders.length;
    expect(await count('status=pending')).toBe(1);
    expect(await count('status=confirmed')).toBe(0);
    expect(await count('status=pending&status=cancelled')).toBe(2);
  });

  it.each(['limit=0', 'limit=201', 'limit=-1', 'limit=1e2', 'limit=', 'limit=1&limit=2'])(
    'refuses %s',
    async (query) => {
      const { call } = await startApi();
      expect((await call('GET', `/orders?${query}`, { as: 'ann' })).json.code).toBe('invalid_request');
    },
  );

  it.each([
    'status=eaten',
    'status=',
    'after=nowhere',
    'after=',
    'customer=',
    'customer=a%00b',
    'after=a&after=b',
  ])('refuses %s', async (query) => {
    const { call } = await startApi();
    expect((await call('GET', `/orders?${query}`, { as: 'staff' })).json.code).toBe('invalid_request');
  });

  it('shows an order as expired once its time is over', async () => {
    const { call, order, passTime } = await startApi();
    const id = await order('ann');
    passTime(pendingLifetimeMs + 1);
    const read = await call('GET', `/orders/${id}`, { as: 'ann' });
    expect(read.json.status).toBe('expired');
    expect(read.json).not.toHaveProperty('attemptsLeft');
    const listed = await call('GET', '/orders', { as: 'ann' });
    expect(listed.json.orders).toEqual([read.json]);
  });

  it('is answered in full to a client that kept an older answer', async () => {
    const { call } = await startApi();
    const { headers } = await call('GET', '/orders', { as: 'ann' });
    for (const match of [headers.get('ETag') ?? 'none', '*']) {
      const again = await call('GET', '/orders', { as: 'ann', headers: { 'If-None-Match': match } });
      expect(again.status).toBe(200);
    }
  });

  it.each([
    ['/orders/00000000-0000-4000-8000-000000000000', 404],
    ['/orders/1', 404],
    ['/orders/%00', 404],
    ['/orders/%E0%A4%A', 400],
  ])('answers %s with a problem', async (path, status) => {
    const { call } = await startApi();
    expect((await call('GET', path, { as: 'ann' })).status).toBe(status);
  });
});

describe('cancelling an order', () => {
  it('cancels the pending order, whose code is dead then', async () => {
    const { call, order, codes } = await startApi();
    const id = await order('ann');
    const cancelled = await call('DELETE', `/orders/${id}`, { as: 'ann' });
    expect(cancelled.json).toMatchObject({ id, status: 'cancelled', cancelReason: 'customer' });
    const json = { code: codes.newestCode('ann') };
    const late = await call('POST', `/orders/${id}/authorize`, { as: 'ann', json });
    expect([late.status, late.json.code]).toEqual([409, 'order_cancelled']);
    expect(codes.counts('ann').checked).toBe(0);
  });

  it('tells a client that comes too late what became of the order', async () => {
    const { call, order } = await startApi();
    const id = await order('ann');
    await call('DELETE', `/orders/${id}`, { as: 'ann' });
    const again = await call('DELETE', `/orders/${id}`, { as: 'ann' });
    expect([again.status, again.json.code]).toEqual([409, 'order_cancelled']);
    expect(again.json.order).toMatchObject({ id, status: 'cancelled' });
  });
});
