import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ordersOf, pizza, startApi } from './start-api';

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
  const { call, store, passwordless } = await startApi();
  const refused = await call('POST', '/orders', { as: 'ann', json });
  expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
  expect(await ordersOf(store, 'ann')).toEqual([]);
  expect(passwordless.sent('ann')).toBe(0);
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

it('takes __proto__ and constructor for members that an order does not have', async () => {
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

it('answers methods and paths it does not have with problems', async () => {
  const { call } = await startApi();
  const put = await call('PUT', '/orders', { as: 'ann', json: pizza });
  expect([put.status, put.headers.get('Allow')]).toEqual([405, 'GET, POST']);
  expect((await call('PATCH', '/orders/1', { as: 'ann' })).headers.get('Allow')).toBe('GET, DELETE');
  expect((await call('GET', '/orders/1/authorize', { as: 'ann' })).headers.get('Allow')).toBe('POST');
  expect((await call('GET', '/elsewhere', { as: 'ann' })).json.code).toBe('not_found');
  expect((await call('GET', '/elsewhere')).status).toBe(401);
});

const word = fc.constantFrom(
  'size',
  'toppings',
  'code',
  '__proto__',
  'large',
  'Jumbo',
  'pepperoni',
  '0001',
  '1234',
  '',
);
const value = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(word, { maxLength: 14 }),
  fc.integer({ min: 9_900, max: 10_300 }).map((length) => 'x'.repeat(length)),
);
const members = fc.dictionary(fc.oneof({ weight: 4, arbitrary: word }, fc.string()), value, {
  maxKeys: 4,
  noNullPrototype: true,
});
const intact = fc.constantFrom<object>(
  pizza,
  { size: 'small', toppings: [] },
  { code: '0001' },
  { code: '9999' },
);
const text = fc
  .tuple(
    fc.oneof(
      intact,
      members,
      value,
      fc.tuple(intact, members).map(([a, b]) => ({ ...a, ...b })),
    ),
    fc.boolean(),
  )
  .map(([body, isWrapped]) => JSON.stringify(isWrapped ? [body] : body));
const bytes = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.option(fc.nat()))
  .map(([sent, flips, cutAt]) => {
    const buffer = Buffer.from(sent);
    for (const [at, byte] of flips) buffer[at % buffer.length] = byte;
    return cutAt === null ? buffer : buffer.subarray(0, cutAt % (buffer.length + 1));
  });
const type = fc.oneof(
  { weight: 9, arbitrary: fc.constant('application/json') },
  fc.constantFrom('application/json; charset=utf-16', 'application/json;;', 'text/plain', 'json', '*/*'),
);

it('answers 10,000 mutated bodies as documented, and keeps nothing of those it refuses', {
  timeout: 300_000,
}, async () => {
  const { call, store, order, passwordless } = await startApi({ codesPerHour: 1_000_000 });
  const id = await order('bob');
  let placed = 0;
  const mutation = fc.asyncProperty(
    fc.oneof(
      { weight: 3, arbitrary: bytes },
      text.map((sent) => Buffer.from(sent)),
    ),
    type,
    fc.boolean(),
    async (body, contentType, isOrder) => {
      const headers = { 'Content-Type': contentType };
      const [as, path] = isOrder ? ['ann', '/orders'] : ['bob', `/orders/${id}/authorize`];
      const { status } = await call('POST', path, { as, body, headers });
      expect(status).toBeLessThan(500);
      if (isOrder && status === 201) placed += 1;
    },
  );
  await fc.assert(mutation, { numRuns: 10_000 });
  expect(placed).toBeGreaterThan(0);
  expect(passwordless.sent('ann')).toBe(placed);
  expect(await countOrders(store, 'ann')).toBe(placed);
  expect(await countOrders(store, 'bob')).toBe(1);
});

async function countOrders(store: Parameters<typeof ordersOf>[0], customer: string): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await store.list({ customerId: customer as never, limit: 200, after });
    count += page.orders.length;
    after = page.next;
  } while (after);
  return count;
}
