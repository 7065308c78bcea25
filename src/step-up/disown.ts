import { type Action, end } from './action';
import { mindOtherCode } from './limits';
import { noticeOf } from './notice';
import type { StepUpServices } from './outside';
import { meantBy, requirePending } from './pending';
import { type TurnRequest, takeTurn } from './turn';

/**
 * Cancels a pending action that its customer did not ask for, and locks ordering until they sign in once more (`unlock`):
 * whoever asked for it could else go on asking.
 * @param request.actionId the action whose terms were shown
 * @returns the cancelled action
 * @throws Refusal `not_found`, `order_*` that tells what has become of it, or as takeTurn does
 */
export function disown<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId: string },
): Promise<Action<Terms>> {
  const { actionId } = request;
  return takeTurn<Terms, never>(services, request, {
    step: 'cancel',
    fingerprint: `disown ${actionId}`,
    scope: { named: actionId },
    begin: (ledger, now) => {
      const action = requirePending(meantBy(ledger, actionId), now);
      const cancelled = end(action, { status: 'cancelled', endedAt: now, reason: 'not_me' });
      return {
        customer: { ...mindOtherCode(ledger.customer, action), disownedAt: now },
        actions: [cancelled],
        notices: [noticeOf('disowned', cancelled, now)],
        announce: [cancelled],
        answer: { action: cancelled },
      };
    },
  });
}
