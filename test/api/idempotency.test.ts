import { expect, it } from 'vitest';
import { ordersOf, pizza } from '../fixtures/orders';
import { startApi } from './start-api';

const headers = { 'Idempotency-Key': 'key-1' };

it('answers a repeated order byte for byte, with one order and one code', async () => {
  const { call, store, codes } = await startApi();
  const first = await call('POST', '/orders', { as: 'ann', headers, json: pizza });
  const again = await call('POST', '/orders', { as: 'ann', headers, json: pizza });
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
  expect(await ordersOf(store, 'ann')).toHaveLength(1);
  expect(codes.counts('ann').sent).toBe(1);
});

it('answers ten at once with one and the same order', async () => {
  const { call, store, codes } = await startApi();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', '/orders', { as: 'ann', headers, json: pizza })),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(await ordersOf(store, 'ann')).toHaveLength(1);
  expect(codes.counts('ann').sent).toBe(1);
});

it('answers a repeated wrong code from memory: it costs one attempt', async () => {
  const { call, order, codes } = await startApi();
  const id = await order('ann');
  const guess = () => call('POST', `/orders/${id}/authorize`, { as: 'ann', headers, json: { code: '9999' } });
  const [first, again] = [await guess(), await guess()];
  expect(first.json).toMatchObject({ code: 'wrong_code', attemptsLeft: 2 });
  expect(again.text).toBe(first.text);
  expect(codes.counts('ann').checked).toBe(1);
});

it('answers a repeated confirmation as it did, with one event', async () => {
  const { call, order, codes, told } = await startApi();
  const id = await order('ann');
  const json = { code: codes.newestCode('ann') };
  const confirm = () => call('POST', `/orders/${id}/authorize`, { as: 'ann', headers, json });
  const [first, again] = await Promise.all([confirm(), confirm()]);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.text).toBe(first.text);
  expect(told('confirmed')).toHaveLength(1);
});

it('sends one further code for a repeated request', async () => {
  const { call, order, codes } = await startApi();
  const id = await order('ann');
  const resend = () => call('POST', `/orders/${id}/code`, { as: 'ann', headers });
  expect((await resend()).text).toBe((await resend()).text);
  expect(codes.counts('ann').sent).toBe(2);
});

it('answers a repeated cancellation as it did', async () => {
  const { call, order } = await startApi();
  const id = await order('ann');
  const cancel = () => call('DELETE', `/orders/${id}`, { as: 'ann', headers });
  const [first, again] = [await cancel(), await cancel()];
  expect([again.status, again.text]).toEqual([200, first.text]);
});

it('refuses a key that was used for something else', async () => {
  const { call, store } = await startApi();
  const { json: order } = await call('POST', '/orders', { as: 'ann', headers, json: pizza });
  const other = await call('POST', '/orders', { as: 'ann', headers, json: { ...pizza, size: 'small' } });
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
  const cancel = await call('DELETE', `/orders/${order.id}`, { as: 'ann', headers });
  expect(cancel.json.code).toBe('idempotency_key_reused');
  expect((await ordersOf(store, 'ann')).map(({ status }) => status)).toEqual(['pending']);
});

it('keeps the keys of different customers apart, and those of staff', async () => {
  const { call, order } = await startApi();
  const anns = await order('ann', 'key-1');
  const bobs = await order('bob', 'key-1');
  expect(anns).not.toBe(bobs);
  const cancelled = await call('DELETE', `/orders/${anns}`, { as: 'staff', headers });
  expect(cancelled.json).toMatchObject({ id: anns, cancelReason: 'staff' });
  const again = await call('DELETE', `/orders/${anns}`, { as: 'staff', headers });
  expect(again.text).toBe(cancelled.text);
});

it.each(['', ' ', 'two words', 'a'.repeat(256), 'schl\u00fcssel', 'tab\tbed'])(
  'refuses the key %o',
  async (key) => {
    const { call, store } = await startApi();
    const refused = await call('POST', '/orders', {
      as: 'ann',
      headers: { 'Idempotency-Key': key },
      json: pizza,
    });
    expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
    expect(await ordersOf(store, 'ann')).toEqual([]);
  },
);

it('takes a key of 255 characters', async () => {
  const { order, store } = await startApi();
  await order('ann', 'a'.repeat(255));
  expect(await ordersOf(store, 'ann')).toHaveLength(1);
});
