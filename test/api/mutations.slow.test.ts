import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OrderTerms } from '../../src/orders/pizza-order';
import type { ActionStore } from '../../src/step-up/ledger';
import { assertProperty } from '../fixtures/assert-property';
import { customerOf, pizza } from '../fixtures/orders';
import { startApi } from './start-api';

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

it('answers 10,000 mutated bodies as documented, and keeps nothing of those it refuses', async () => {
  const { call, store, order, codes } = await startApi({ codesPerHour: 1_000_000 });
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
  await assertProperty(mutation, { numRuns: 10_000 });
  expect(placed).toBeGreaterThan(0);
  expect(codes.counts('ann').sent).toBe(placed);
  expect(await countOrders(store, 'ann')).toBe(placed);
  expect(await countOrders(store, 'bob')).toBe(1);
});

async function countOrders(store: ActionStore<OrderTerms>, customer: string): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await store.list({ customerId: customerOf(customer), limit: 200, after });
    count += page.actions.length;
    after = page.next;
  } while (after);
  return count;
}
