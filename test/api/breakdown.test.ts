import { describe, expect, it } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { Refusal } from '../../src/step-up/refusal';
import { createSqliteStore } from '../../src/stores/sqlite';
import { pizza } from '../fixtures/orders';
import { startApi } from './start-api';

describe('with Auth0 down', () => {
  it('says so, and there is no order: it never had a code', async () => {
    const { call, codes } = await startApi();
    codes.fail();
    const refused = await call('POST', '/orders', { as: 'ann', json: pizza });
    expect([refused.status, refused.json.code]).toEqual([503, 'upstream_unavailable']);
    expect((await call('GET', '/orders', { as: 'ann' })).json.orders).toEqual([]);
  });

  it('gives the attempt back, and the same key may be used again', async () => {
    const { call, order, codes } = await startApi();
    const id = await order('ann');
    const headers = { 'Idempotency-Key': 'key-1' };
    const json = { code: codes.newestCode('ann') };
    codes.fail();
    expect((await call('POST', `/orders/${id}/authorize`, { as: 'ann', headers, json })).status).toBe(503);
    expect((await call('GET', `/orders/${id}`, { as: 'ann' })).json.attemptsLeft).toBe(3);
    codes.recover();
    expect((await call('POST', `/orders/${id}/authorize`, { as: 'ann', headers, json })).status).toBe(200);
  });
});

describe('with an answer of Auth0 lost', () => {
  it('A5: the order is pending, and says that its code may not come', async () => {
    const { call, codes } = await startApi();
    codes.loseAnswers();
    const placed = await call('POST', '/orders', { as: 'ann', json: pizza });
    expect(placed.status).toBe(201);
    expect(placed.json).toMatchObject({ status: 'pending', codeSentTo: { unsure: true }, attemptsLeft: 3 });
    codes.recover();
    const json = { code: codes.newestCode('ann') };
    const confirmed = await call('POST', `/orders/${placed.json.id}/authorize`, { as: 'ann', json });
    expect(confirmed.json).toMatchObject({ status: 'confirmed' });
  });

  it('A7: a code may be used up, the next wrong one costs nothing, and a new one confirms', async () => {
    const { call, order, codes } = await startApi();
    const id = await order('ann');
    const authorize = (code: string) =>
      call('POST', `/orders/${id}/authorize`, { as: 'ann', json: { code } });
    codes.loseAnswers();
    const unchecked = await authorize(codes.newestCode('ann'));
    expect([unchecked.status, unchecked.json.code]).toEqual([503, 'code_unchecked']);
    expect(unchecked.json.order).toMatchObject({ status: 'pending', attemptsLeft: 3 });
    codes.recover();
    expect((await authorize(codes.newestCode('ann'))).json).toMatchObject({
      code: 'wrong_code',
      attemptsLeft: 2,
      lastOne: 'refuses',
    });
    await call('POST', `/orders/${id}/code`, { as: 'ann' });
    const { json } = await authorize(codes.newestCode('ann'));
    expect(json).toMatchObject({ status: 'confirmed' });
    // None of them is known to have been wrong.
    expect(json).not.toHaveProperty('wrongCodesBefore');
  });
});

describe('with the store away', () => {
  it('answers 503', async () => {
    const store = createSqliteStore(':memory:', pizzaOrder);
    const away = async () => {
      throw new Refusal('store_unavailable', 'The store does not answer.');
    };
    const { call } = await startApi({ store: { ...store, transact: away, list: away, find: away } });
    expect((await call('POST', '/orders', { as: 'ann', json: pizza })).json.code).toBe('store_unavailable');
    expect((await call('GET', '/orders', { as: 'ann' })).status).toBe(503);
  });
});

describe('with a bug of our own', () => {
  it('answers 500, tells the log everything and the client nothing', async () => {
    const store = createSqliteStore(':memory:', pizzaOrder);
    const broken = async () => {
      throw new TypeError('secret table orders_v3 is gone');
    };
    const { call, logged } = await startApi({ store: { ...store, list: broken, overdue: async () => [] } });
    const failed = await call('GET', '/orders', { as: 'ann' });
    expect([failed.status, failed.json.code]).toEqual([500, 'internal_error']);
    expect(failed.text).not.toMatch(/secret|TypeError|\.ts/);
    expect(logged).toMatchObject([{ err: { message: 'secret table orders_v3 is gone' } }]);
  });

  it('writes no code into the log', async () => {
    const { call, order, codes, logged } = await startApi();
    const id = await order('ann');
    codes.fail(new TypeError('broken'));
    await call('POST', `/orders/${id}/authorize`, { as: 'ann', json: { code: '4711' } });
    expect(logged).not.toEqual([]);
    expect(JSON.stringify(logged)).not.toContain('4711');
  });
});
