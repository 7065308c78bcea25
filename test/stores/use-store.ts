import { afterEach, beforeEach } from 'vitest';
import type { Action, EndedAction, PendingAction } from '../../src/step-up/action';
import type { ActionQuery, ActionStore } from '../../src/step-up/ledger';
import { endedOrder, pendingOrder } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';

/** A store of its own for each test, and actions of the sample's kind to put into it. */
export function useStore<Terms>(open: () => Promise<OpenStore<Terms>>, { someTerms }: Sample<Terms>) {
  let opened: OpenStore<Terms>;
  let store: ActionStore<Terms>;
  const [terms] = someTerms;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  return {
    get store() {
      return store;
    },
    reopen: async () => {
      store = await opened.reopen();
    },
    /** Another instance on the same data, where the store can have one. */
    another: async () => opened.another?.(),
    pending: (facts?: Parameters<typeof pendingOrder>[0]): PendingAction<Terms> => ({
      ...pendingOrder(facts),
      terms,
    }),
    ended: (facts?: Parameters<typeof endedOrder>[0]): EndedAction<Terms> => ({
      ...endedOrder(facts),
      terms,
    }),
    save: (...actions: Action<Terms>[]) =>
      Promise.all(
        actions.map((action) =>
          store.transact(action.customerId, () => ({ actions: [action], result: undefined })),
        ),
      ),
    ids: async (query: Partial<ActionQuery>) =>
      (await store.list({ limit: 50, ...query })).actions.map(({ id }) => id),
  };
}
