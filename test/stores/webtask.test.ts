import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { toppings } from '../../src/orders/menu';
import { type Pizza, pizzaOrder } from '../../src/orders/pizza-order';
import type { CustomerId } from '../../src/step-up/customer';
import type { ActionStore } from '../../src/step-up/ledger';
import { everybody } from '../../src/step-up/ledger';
import { propose } from '../../src/step-up/propose';
import { Refusal } from '../../src/step-up/refusal';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';
import { endedOrder, newCustomerId, pendingOrder, pizza, pizzas } from '../fixtures/orders';
import { type OpenStore, openStepUp, turnOf } from '../fixtures/step-up';
import { stepUpLimits } from '../step-up/step-up-limits.contract';
import { stepUpMeaning } from '../step-up/step-up-meaning.contract';
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
stepUpMeaning('webtask storage', open, pizzas);
stepUpLimits('webtask storage', open, pizzas);
stepUpRules('webtask storage', open, pizzas);
stepUpRaces('webtask storage', open, pizzas);

const bytesOf = (storage: { data: unknown }) => Buffer.byteLength(JSON.stringify(storage.data));

it('trims its history at the ceiling: archived orders first, and never what is pending or counted', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const waiting = pendingOrder({ placedAt: 1, expiresAt: now + 1 });
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
      endedOrder({ status: 'cancelled', placedAt: 1_000 + batch * 100 + index, endedAt: 3 }),
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

it('says that it is full when nothing may leave, and goes on when what is confirmed was cleared', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const orders = Array.from({ length: 2_000 }, (_, index) =>
    pendingOrder({ placedAt: index, expiresAt: now + 1 }),
  );
  const outcomes = await Promise.allSettled(
    orders.map((order) => store.transact(order.customerId, () => ({ actions: [order], result: order }))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'store_full' });
  const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  for (const { id, customerId, placedAt } of kept.slice(0, 3)) {
    const confirmed = endedOrder({ id, customerId, placedAt, endedAt: now });
    await store.transact(customerId, () => ({ actions: [confirmed], result: undefined }));
  }
  const next = pendingOrder({ terms: { size: 'jumbo', toppings: [...toppings] }, expiresAt: now + 1 });
  const place = () => store.transact(next.customerId, () => ({ actions: [next], result: undefined }));
  await expect(place()).rejects.toMatchObject({ code: 'store_full' });
  await store.archiveConfirmed({}, now);
  await place();
  expect(await store.find(next.id)).toEqual(next);
});

it('A3: keeps what is confirmed and not done, and what all codes are counted in, whoever orders', async () => {
  const store = openOn(runtimeStorage.create());
  const { services, codes } = openStepUp(store, pizzaOrder);
  const turn = (customerId: CustomerId) => ({ ...turnOf(customerId), terms: pizza, via: 'voice' as const });
  await propose(services, turn(newCustomerId()));
  const confirmed: string[] = [];
  const fill = async () => {
    for (;;) {
      const orders = Array.from({ length: 100 }, () => endedOrder({ placedAt: now, endedAt: now }));
      await Promise.all(
        orders.map((order) =>
          store.transact(order.customerId, () => ({ actions: [order], result: undefined })),
        ),
      );
      confirmed.push(...orders.map(({ id }) => id));
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'store_full' });
  const before = await idsOfConfirmed(store);
  expect(before.length).toBeGreaterThanOrEqual(confirmed.length);

  codes.fail(new Refusal('no_contact', 'No phone and no mailbox.'));
  // Forty at once, because each write is of the whole document.
  const nobodies = Array.from({ length: 40 }, newCustomerId);
  for (let order = 0; order < 20; order += 1) {
    await Promise.all(nobodies.map((nobody) => propose(services, turn(nobody)).catch(() => {})));
  }
  expect(await idsOfConfirmed(store)).toEqual(before);
  expect((await store.read(everybody)).customer.codesByMinute).not.toEqual([]);
});

async function idsOfConfirmed(store: ActionStore<Pizza>): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ statuses: ['confirmed'], limit: 200, after });
    ids.push(...page.actions.map(({ id }) => id));
    after = page.next;
  } while (after);
  return ids;
}

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
