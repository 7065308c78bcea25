import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ordersOf, pizza } from '../fixtures/orders';
import { startApi } from './start-api';

const jsonType = { 'Content-Type': 'application/json' };

it.each<[string, unknown]>([
  ['nothing', {}],
  ['no size', { toppings: [] }],
  ['no toppings', { size: 'large' }],
  ['a member too many', { ...pizza, price: 0 }],
  ['toppings as a text', { size: 'large', toppings: 'pepperoni' }],
  ['toppings as an object', { size: 'large', toppings: { 0: 'pepperoni', length: 1 } }],
  ['a number as a size', { ...pizza, size: 1 }],
  ['null as a size', { ...pizza, size: null }],
  ['a nested topping', { ...pizza, toppings: [['pepperoni']] }],
  ['more toppings than there are', { ...pizza, toppings: Array.from({ length: 12 }, () => 'bacon') }],
  ['a list', [pizza]],
])('refuses an order with %s', async (_fault, json) => {
  const { call, store, codes } = await startApi();
  const refused = await call('POST', '/orders', { as: 'ann', json });
  expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
  expect(await ordersOf(store, 'ann')).toEqual([]);
  expect(codes.counts('ann').sent).toBe(0);
});

it.each<[string, BodyInit, Record<string, string>, number]>([
  ['broken JSON', '{"size":"large"', jsonType, 400],
  ['a bare string', '"large"', jsonType, 400],
  ['no bytes', '', jsonType, 400],
  ['half a character', new Uint8Array([0x22, 0xf0, 0x9f]), jsonType, 400],
  ['no declared type', Buffer.from(JSON.stringify(pizza)), {}, 415],
  ['a form', new URLSearchParams({ size: 'large' }), {}, 415],
  ['another charset', '{}', { 'Content-Type': 'application/json; charset=iso-8859-1' }, 415],
  ['an unknown encoding', '{}', { ...jsonType, 'Content-Encoding': 'snappy' }, 415],
  ['broken gzip', '{}', { ...jsonType, 'Content-Encoding': 'gzip' }, 400],
  ['11 kB', JSON.stringify({ ...pizza, size: 'x'.repeat(11_000) }), jsonType, 413],
  ['a gzip bomb', gzipSync(Buffer.alloc(1_000_000, ' ')), { ...jsonType, 'Content-Encoding': 'gzip' }, 413],
])('refuses %s with a problem that does not quote the body', async (_fault, body, headers, status) => {
  const { call, store } = await startApi();
  const refused = await call('POST', '/orders', { as: 'ann', body, headers });
  expect([refused.status, refused.json.code]).toEqual([status, 'invalid_request']);
  expect(refused.text).not.toContain('large');
  expect(await ordersOf(store, 'ann')).toEqual([]);
});

it('refuses __proto__ and constructor like any member that an order does not have', async () => {
  const { call, store } = await startApi();
  for (const member of [
    '"__proto__":{"size":"large","toppings":[]}',
    '"constructor":{"prototype":{"hit":1}}',
  ]) {
    for (const body of [`{${member}}`, `{"size":"large","toppings":[],${member}}`]) {
      expect((await call('POST', '/orders', { as: 'ann', body, headers: jsonType })).status).toBe(400);
    }
  }
  expect({}).not.toHaveProperty('hit');
  expect({}).not.toHaveProperty('toppings');
  expect(await ordersOf(store, 'ann')).toEqual([]);
});

it('answers with a problem when it does not have the method or the path', async () => {
  const { call } = await startApi();
  const put = await call('PUT', '/orders', { as: 'ann', json: pizza });
  expect([put.status, put.headers.get('Allow')]).toEqual([405, 'GET, POST']);
  expect((await call('PATCH', '/orders/1', { as: 'ann' })).headers.get('Allow')).toBe('GET, DELETE');
  expect((await call('GET', '/orders/1/authorize', { as: 'ann' })).headers.get('Allow')).toBe('POST');
  expect((await call('GET', '/elsewhere', { as: 'ann' })).json.code).toBe('not_found');
  expect((await call('GET', '/elsewhere')).status).toBe(401);
});
