import type { Action } from './action';
import { confirm } from './affirm';
import { isSignedInSince, type SignIn } from './evidence';
import { refuseIfLocked } from './limits';
import type { StepUpServices } from './outside';
import { meantBy, requirePending } from './pending';
import { Refusal } from './refusal';
import { type TurnRequest, takeTurn } from './turn';

/**
 * Confirms the pending action for a customer who was shown its terms, by a sign-in made after it was placed: a page that was left
 * open approves nothing. The other way to prove beside a code, under the same rules; it costs no attempt, and asks nobody.
 * @param request.actionId the action whose terms were shown
 * @param request.signIn the sign-in of the session that approves, as far as the tenant states one
 * @returns the confirmed action
 * @throws Refusal `not_found`, `order_*`, `ordering_locked`, `insufficient_user_authentication`, or as takeTurn does
 */
export function approve<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId: string; signIn: SignIn | undefined },
): Promise<Action<Terms>> {
  const { actionId, signIn } = request;
  return takeTurn<Terms, never>(services, request, {
    step: 'confirm',
    fingerprint: `approve ${actionId}`,
    scope: { named: actionId },
    begin: (ledger, now) => {
      const meant = meantBy(ledger, actionId);
      refuseIfLocked(ledger.customer, now);
      const action = requirePending(meant, now);
      if (!isSignedInSince(signIn, action.placedAt)) {
        const message = 'Sign in again: an order is approved by a sign-in made after it was placed.';
        throw new Refusal('insufficient_user_authentication', message, { action });
      }
      return confirm(ledger.customer, action, { method: 'approval', door: 'page', signIn }, now);
    },
  });
}
