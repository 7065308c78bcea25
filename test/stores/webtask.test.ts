import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { settle } from '../../src/orders/order';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';
import { newCustomerId } from '../fixtures/shop';
import { orderRaces } from '../orders/order-races.contract';
import { orderRules } from '../orders/order-rules.contract';
import { type OpenStore, orderStoreContract, pendingOrder } from './order-store.contract';

// The storage of the real runtime, which checks etags as the service did.
const runtimeStorage: { create(data?: unknown): WebtaskStorage & { readonly data: unknown } } = createRequire(
  __filename,
)('webtask-runtime/lib/storage');

const now = Date.parse('2030-01-01T12:00:00Z');
const openOn = (storage: WebtaskStorage) => createWebtaskStore(storage, () => now);

async function open(): Promise<OpenStore> {
  const storage = runtimeStorage.create();
  return {
    store: openOn(storage),
    reopen: async () => openOn(runtimeStorage.create(JSON.parse(JSON.stringify(storage.data)))),
    another: async () => openOn(storage),
    dispose: async () => {},
  };
}

orderStoreContract('webtask storage', open);
orderRules('webtask storage', open);
orderRaces('webtask storage', open);

const bytesOf = (storage: { data: unknown }) => Buffer.byteLength(JSON.stringify(storage.data));

it('trims its history at the ceiling: archived orders first, and never what is pending or counted', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const waiting = pendingOrder({ placedAt: 1, expiresAt: now });
  const counted = newCustomerId();
  await store.transact(waiting.customerId, () => ({ orders: [waiting], result: undefined }));
  await store.transact(counted, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 4 },
    result: undefined,
  }));
  const archived = settle(pendingOrder({ placedAt: 900_000 }), { status: 'confirmed', settledAt: 2 });
  await store.transact(archived.customerId, () => ({ orders: [archived], result: undefined }));
  await store.archiveConfirmed({}, now);

  for (let batch = 0; batch < 30; batch += 1) {
    const orders = Array.from({ length: 100 }, (_, index) =>
      settle(pendingOrder({ placedAt: 1_000 + batch * 100 + index }), { status: 'confirmed', settledAt: 3 }),
    );
    await Promise.all(
      orders.map((order) => store.transact(order.customerId, () => ({ orders: [order], result: undefined }))),
    );
    expect(bytesOf(storage)).toBeLessThanOrEqual(500_000);
  }
  expect(bytesOf(storage)).toBeGreaterThan(450_000);
  expect(await store.find(archived.id)).toBeUndefined();
  expect(await store.find(waiting.id)).toEqual(waiting);
  expect((await store.read(counted)).customer.wrongCodesInARow).toBe(4);
  const { orders } = await store.list({ limit: 200 });
  expect(orders[0]?.placedAt).toBe(3_999);
  expect(orders).toHaveLength(200);
});

it('says that it is full when nothing may leave, and goes on when something is settled', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const orders = Array.from({ length: 2_000 }, (_, index) => pendingOrder({ placedAt: index }));
  const outcomes = await Promise.allSettled(
    orders.map((order) => store.transact(order.customerId, () => ({ orders: [order], result: order }))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'store_full' });
  const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect((await store.list({ limit: 1 })).orders).toHaveLength(1);
  for (const order of kept.slice(0, 3)) {
    const confirmed = settle(order, { status: 'confirmed', settledAt: now });
    await store.transact(order.customerId, () => ({ orders: [confirmed], result: undefined }));
  }
  const next = pendingOrder();
  await store.transact(next.customerId, () => ({ orders: [next], result: undefined }));
  expect(await store.find(next.id)).toEqual(next);
});

it.each([
  ['another program’s data', { hello: 'world' }],
  ['a newer POD’s', { pod: 99, customers: {} }],
  ['a damaged order', { pod: 1, customers: { a: { orders: [{ id: 'x' }] } } }],
  ['a text', 'text'],
])('refuses %s, and leaves it as it is', async (_case, document) => {
  const storage = runtimeStorage.create(document);
  const store = openOn(storage);
  const id = newCustomerId();
  await expect(store.read(id)).rejects.toMatchObject({ code: 'store_unavailable', cause: expect.any(Error) });
  const writing = store.transact(id, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 1 },
    result: 1,
  }));
  await expect(writing).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(storage.data).toEqual(document);
});
