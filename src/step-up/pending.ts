import { type Action, asOf, type EndedAction, end, type PendingAction } from './action';
import type { CustomerId } from './customer';
import type { Ledger } from './ledger';
import type { StepUpServices } from './outside';
import { Refusal } from './refusal';

/**
 * The action a turn may change: the customer's pending one, and the one that was named if one was.
 * @throws Refusal that tells what became of it: `nothing_pending`, `order_already_confirmed`, `order_cancelled`,
 *   `order_expired`, `order_refused`
 */
export function requirePending<Terms>(
  { latest }: Ledger<Terms>,
  named: Action<Terms> | undefined,
  now: number,
): PendingAction<Terms> {
  if (!latest) throw nothingPending();
  const isNewest = !named || named.id === latest.id;
  const action = asOf(isNewest ? latest : named, now);
  if (action.status !== 'pending') throw refuseEnded(action);
  // Read just before a newer action replaced it.
  if (!isNewest) throw refuseReplaced(action, latest.placedAt);
  return action;
}

/** The action a turn began with, if it is still the pending one; otherwise what overtook it while Auth0 was asked. */
export function stillPending<Terms>(
  { latest }: Ledger<Terms>,
  begun: PendingAction<Terms>,
): PendingAction<Terms> | Refusal {
  if (latest?.id !== begun.id) return refuseReplaced(begun, latest?.placedAt ?? begun.placedAt);
  return latest.status === 'pending' ? latest : refuseEnded(latest);
}

/** What an action is told that a newer one has replaced. */
export function refuseReplaced<Terms>(replaced: PendingAction<Terms>, endedAt: number): Refusal {
  const action = end(replaced, { status: 'cancelled', endedAt, reason: 'replaced' });
  return new Refusal('order_cancelled', 'A newer order has replaced this one.', { action });
}

/** What an action is told that has ended. */
export function refuseEnded<Terms>(action: EndedAction<Terms>): Refusal {
  switch (action.status) {
    case 'confirmed':
      return new Refusal('order_already_confirmed', 'This order is already confirmed.', { action });
    case 'cancelled':
      return new Refusal('order_cancelled', 'This order was cancelled. Place a new one.', { action });
    case 'expired':
      return new Refusal('order_expired', 'The code of this order has expired. Place a new order.', {
        action,
      });
    case 'refused':
      return new Refusal('order_refused', 'This order was refused after wrong codes. Place a new order.', {
        action,
      });
  }
}

/**
 * The action of that id, if it is this customer's own: somebody else's is not found, so that nobody can tell it exists.
 * @param actionId undefined for whichever is pending
 * @throws Refusal `not_found`
 */
export async function ownAction<Terms>(
  { store }: Pick<StepUpServices<Terms>, 'store'>,
  customerId: CustomerId,
  actionId: string | undefined,
): Promise<Action<Terms> | undefined> {
  if (actionId === undefined) return undefined;
  const action = await store.find(actionId);
  if (action?.customerId !== customerId) throw noSuchAction();
  return action;
}

export function nothingPending(): Refusal {
  return new Refusal('nothing_pending', 'There is no order waiting for a code.');
}

/** Also for somebody else's. */
export function noSuchAction(): Refusal {
  return new Refusal('not_found', 'There is no such order.');
}
