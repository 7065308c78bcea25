import { type Action, asOf } from './action';
import { announce } from './announce';
import type { CustomerId } from './customer';
import type { ActionPage, ActionQuery } from './ledger';
import type { StepUpServices } from './outside';
import { isInTurn } from './turn';

/** The action of that id as it truly is now, whoever's it is: who may see it is the caller's to decide. */
export async function findAction<Terms>(
  services: Pick<StepUpServices<Terms>, 'store' | 'clock'>,
  actionId: string,
): Promise<Action<Terms> | undefined> {
  const action = await services.store.find(actionId);
  return action && asOf(action, services.clock());
}

/**
 * The customer's action that was confirmed last, also one that they have hidden.
 * @param includeArchived whether also one that is done
 */
export async function lastConfirmed<Terms>(
  { store }: Pick<StepUpServices<Terms>, 'store'>,
  customerId: CustomerId,
  includeArchived = false,
): Promise<Action<Terms> | undefined> {
  const confirmed = { customerId, statuses: ['confirmed'], includeArchived } as const;
  const { actions } = await store.list({ ...confirmed, includeHidden: true, limit: 1 });
  return actions[0];
}

/**
 * A page of actions, newest first, each as it truly is now.
 * @throws Refusal `invalid_request` for a cursor that no page gave
 */
export async function listActions<Terms>(
  services: Pick<StepUpServices<Terms>, 'store' | 'clock' | 'feed' | 'kind'>,
  query: ActionQuery,
): Promise<ActionPage<Terms>> {
  await expireOverdue(services);
  const page = await services.store.list(query);
  // After a long silence more may have run out than are written down at once.
  return { ...page, actions: page.actions.map((action) => asOf(action, services.clock())) };
}

// Nothing wakes up by itself on every runtime, so whoever looks at actions first writes down which have run out.
async function expireOverdue<Terms>(
  services: Pick<StepUpServices<Terms>, 'store' | 'clock' | 'feed' | 'kind'>,
): Promise<void> {
  const now = services.clock();
  for (const customerId of await services.store.overdue(now)) {
    const expired = await services.store.transact(customerId, ({ customer, latest }) => {
      const action = latest && asOf(latest, now);
      // Another code may be on its way, with which the action lives on.
      if (isInTurn(customer, now)) return { result: [] };
      return action && action !== latest ? { actions: [action], result: [action] } : { result: [] };
    });
    announce(services, expired);
  }
}
