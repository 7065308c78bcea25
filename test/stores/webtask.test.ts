import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { type Pizza, pizzaOrder } from '../../src/orders/pizza-order';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';
import { endedOrder, newCustomerId, pendingOrder, pizzas } from '../fixtures/orders';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';
import { actionStoreContract } from './action-store.contract';
import { type OpenMedium, storedBodies } from './stored-bodies.contract';

interface RuntimeStorage extends WebtaskStorage {
  readonly data: unknown;
}

// The storage of the real runtime, which checks etags as the service did.
const runtimeStorage: { create(data?: unknown): RuntimeStorage } = createRequire(__filename)(
  'webtask-runtime/lib/storage',
);

const now = Date.parse('2030-01-01T12:00:00Z');
const openOn = (storage: WebtaskStorage) => createWebtaskStore(storage, pizzaOrder, () => now);

async function open(): Promise<OpenStore<Pizza> & { storage: RuntimeStorage }> {
  const storage = runtimeStorage.create();
  return {
    storage,
    store: openOn(storage),
    reopen: async () => openOn(runtimeStorage.create(JSON.parse(JSON.stringify(storage.data)))),
    another: async () => openOn(storage),
    dispose: async () => {},
  };
}

async function openMedium(): Promise<OpenMedium> {
  const opened = await open();
  const { storage } = opened;
  return {
    ...opened,
    lay: async (customerId, { record: { id: _key, ...record }, order, archivedAt }) => {
      const { customerId: _owner, ...body } = { customerId, ...order };
      const pod = 'version' in record || 'version' in body ? 2 : 1;
      const customers = { [customerId]: { record, orders: [{ ...body, archivedAt }] } };
      storage.get(() => storage.set({ pod, customers }, {}, () => {}));
    },
    look: async (customerId) => {
      const { customers } = JSON.parse(JSON.stringify(storage.data)) as Document;
      const { record, orders } = customers[customerId] ?? {};
      return { record, order: orders?.[0] };
    },
  };
}

interface Document {
  customers: Record<string, { record?: unknown; orders?: unknown[] }>;
}

actionStoreContract('webtask storage', open, pizzas);
storedBodies('webtask storage', openMedium);
stepUpRules('webtask storage', open, pizzas);
stepUpRaces('webtask storage', open, pizzas);

const bytesOf = (storage: { data: unknown }) => Buffer.byteLength(JSON.stringify(storage.data));

it('trims its history at the ceiling: archived orders first, and never what is pending or counted', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const waiting = pendingOrder({ placedAt: 1, expiresAt: now });
  const counted = newCustomerId();
  await store.transact(waiting.customerId, () => ({ actions: [waiting], result: undefined }));
  await store.transact(counted, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 4 },
    result: undefined,
  }));
  const archived = endedOrder({ placedAt: 900_000, endedAt: 2 });
  await store.transact(archived.customerId, () => ({ actions: [archived], result: undefined }));
  await store.archiveConfirmed({}, now);

  for (let batch = 0; batch < 30; batch += 1) {
    const orders = Array.from({ length: 100 }, (_, index) =>
      endedOrder({ placedAt: 1_000 + batch * 100 + index, endedAt: 3 }),
    );
    await Promise.all(
      orders.map((order) =>
        store.transact(order.customerId, () => ({ actions: [order], result: undefined })),
      ),
    );
    expect(bytesOf(storage)).toBeLessThanOrEqual(500_000);
  }
  expect(bytesOf(storage)).toBeGreaterThan(450_000);
  expect(await store.find(archived.id)).toBeUndefined();
  expect(await store.find(waiting.id)).toEqual(waiting);
  expect((await store.read(counted)).customer.wrongCodesInARow).toBe(4);
  const { actions } = await store.list({ limit: 200 });
  expect(actions[0]?.placedAt).toBe(3_999);
  expect(actions).toHaveLength(200);
});

it('says that it is full when nothing may leave, and goes on when something has ended', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const orders = Array.from({ length: 2_000 }, (_, index) => pendingOrder({ placedAt: index }));
  const outcomes = await Promise.allSettled(
    orders.map((order) => store.transact(order.customerId, () => ({ actions: [order], result: order }))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'store_full' });
  const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect((await store.list({ limit: 1 })).actions).toHaveLength(1);
  for (const { id, customerId, placedAt } of kept.slice(0, 3)) {
    const confirmed = endedOrder({ id, customerId, placedAt, endedAt: now });
    await store.transact(customerId, () => ({ actions: [confirmed], result: undefined }));
  }
  const next = pendingOrder();
  await store.transact(next.customerId, () => ({ actions: [next], result: undefined }));
  expect(await store.find(next.id)).toEqual(next);
});

it.each([
  ['another program’s data', { hello: 'world' }],
  ['a newer POD’s', { pod: 99, customers: {} }],
  ['orders that are no list', { pod: 2, customers: { a: { orders: {} } } }],
  ['an archive time that is none', { pod: 2, customers: { a: { orders: [{ archivedAt: 'x' }] } } }],
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
