import { expect, it } from 'vitest';
import type { OrderTerms } from '../../src/orders/pizza-order';
import { newCustomerId, pizzas } from '../fixtures/orders';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpApproval } from '../step-up/step-up-approval.contract';
import { stepUpArrows } from '../step-up/step-up-arrows.contract';
import { stepUpCancelling } from '../step-up/step-up-cancelling.contract';
import { stepUpLimits } from '../step-up/step-up-limits.contract';
import { stepUpMeaning } from '../step-up/step-up-meaning.contract';
import { stepUpNotices } from '../step-up/step-up-notices.contract';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';
import { stepUpTerms } from '../step-up/step-up-terms.contract';
import { actionStoreContract } from './action-store.contract';
import { type OpenMedium, storedBodies } from './stored-bodies.contract';
import { openOn, type RuntimeStorage, runtimeStorage } from './webtask-storage';

async function open(): Promise<OpenStore<OrderTerms> & { storage: RuntimeStorage }> {
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
stepUpNotices('webtask storage', open, pizzas);
stepUpTerms('webtask storage', open, pizzas);
stepUpLimits('webtask storage', open, pizzas);
stepUpRules('webtask storage', open, pizzas);
stepUpRaces('webtask storage', open, pizzas);
stepUpCancelling('webtask storage', open, pizzas);
stepUpApproval('webtask storage', open, pizzas);
stepUpArrows('webtask storage', open, pizzas);

it.each([
  ['another program’s data', { hello: 'world' }],
  ['a newer POD’s', { pod: 99, customers: {} }],
  ['orders that are no list', { pod: 2, customers: { a: { orders: {} } } }],
  ['an archive time that is none', { pod: 2, customers: { a: { orders: [{ archivedAt: 'x' }] } } }],
  ['a notice of a kind that there is not', { pod: 2, customers: { a: { notices: [{ kind: 'x' }] } } }],
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
