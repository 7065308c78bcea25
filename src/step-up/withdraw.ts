import {
  type Action,
  type ActionKind,
  asOf,
  type Cancellation,
  type ConfirmedAction,
  type EndedAction,
  end,
  takeBack,
} from './action';
import { mindOtherCode } from './limits';
import { noticeOf } from './notice';
import type { StepUpServices } from './outside';
import { meantBy, nothingPending, refuseEnded } from './pending';
import { type TurnRequest, takeTurn } from './turn';

type Canceller = 'customer' | 'staff';

/**
 * Cancels an action: a pending one, whose code is dead from then on, or a confirmed one while it may still be cancelled.
 * @param request.customerId whose action it is, also when staff cancels it
 * @param request.who who of the staff cancels it, and `note` why, in their own words
 * @param request.actionId the action meant; if absent the pending one, and never one that is confirmed
 * @returns the cancelled action
 * @throws Refusal `not_found`, `nothing_pending`, `order_*` (`order_already_confirmed`: it may no longer be cancelled), or as
 *   takeTurn does
 */
export function withdraw<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId?: string; by: Canceller } & Pick<Cancellation, 'who' | 'note'>,
): Promise<Action<Terms>> {
  const { kind } = services;
  const { actionId, by, who, note } = request;
  return takeTurn<Terms, never>(services, request, {
    step: 'cancel',
    fingerprint: `cancel ${actionId ?? 'pending'}`,
    scope: { named: actionId },
    begin: (ledger, now) => {
      const meant = meantBy(ledger, actionId);
      if (!meant) throw nothingPending();
      const action = asOf(meant, now);
      if (actionId === undefined && action.status !== 'pending') throw refuseEnded(action);
      const cancellation = { ...(who && { who }), ...(note && { note }) };
      const cancelled = cancel(kind, action, by, now, cancellation);
      return {
        customer: mindOtherCode(ledger.customer, action),
        actions: [cancelled],
        ...(by === 'staff' && { notices: [noticeOf('cancelled_by_staff', cancelled, now)] }),
        announce: [cancelled],
        answer: { action: cancelled },
      };
    },
  });
}

/** @throws Refusal that tells what has become of it */
function cancel<Terms>(
  kind: ActionKind<Terms>,
  action: Action<Terms>,
  by: Canceller,
  now: number,
  words: Pick<Cancellation, 'who' | 'note'>,
): EndedAction<Terms> {
  const cancellation = { status: 'cancelled', endedAt: now, reason: by, ...words } as const;
  if (action.status === 'pending') return end(action, cancellation);
  if (mayTakeBack(kind, action, by, now)) return takeBack(action, cancellation);
  throw refuseEnded(action);
}

/** Whether an action that is confirmed may still be cancelled, by whom asks. */
export function mayTakeBack<Terms>(
  { cancelWithinMs }: ActionKind<Terms>,
  action: Action<Terms>,
  by: Canceller,
  now: number,
): action is ConfirmedAction<Terms> {
  if (action.status !== 'confirmed' || action.archivedAt !== undefined || cancelWithinMs === undefined) {
    return false;
  }
  return by === 'staff' || now <= action.endedAt + cancelWithinMs;
}
