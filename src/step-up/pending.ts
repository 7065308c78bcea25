import { type Action, asOf, type EndedAction, end, type PendingAction } from './action';
import type { Ledger } from './ledger';
import { Refusal } from './refusal';

/**
 * The action a turn is about: the one that its scope names, or else the newest.
 * @throws Refusal `not_found` where one was named that is not this customer's, so that nobody can tell it exists
 */
export function meantBy<Terms>(
  { latest, named }: Ledger<Terms>,
  actionId: string | undefined,
): Action<Terms> | undefined {
  if (actionId === undefined) return latest;
  if (named) return named;
  throw new Refusal('not_found', 'There is no such order.');
}

/**
 * The action as one that a turn may change.
 * @throws Refusal that tells what became of it: `nothing_pending`, `order_already_confirmed`, `order_cancelled`,
 *   `order_expired`, `order_refused`
 */
export function requirePending<Terms>(meant: Action<Terms> | undefined, now: number): PendingAction<Terms> {
  if (!meant) throw nothingPending();
  const action = asOf(meant, now);
  if (action.status !== 'pending') throw refuseEnded(action);
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

export function nothingPending(): Refusal {
  return new Refusal('nothing_pending', 'There is no order waiting for a code.');
}
