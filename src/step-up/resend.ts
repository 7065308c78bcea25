import { type Action, type CodeDelivery, type PendingAction, pendingLifetimeMs } from './action';
import type { Ledger } from './ledger';
import { refuseIfLocked, spendCode, unspendCode } from './limits';
import type { StepUpServices } from './outside';
import { ownAction, requirePending, stillPending } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Sends another code for the pending action, which then lives as long as that code. Attempts already spent stay spent
 * (NIST SP 800-63B-4 §3.1.3.2: a new secret does not reset the failed count).
 * @param request.actionId the action meant; the pending one if absent
 * @returns the pending action, with where the new code went
 * @throws Refusal `not_found`, `nothing_pending`, `order_*`, `ordering_locked`, `too_many_codes`, `no_contact`,
 *   `contact_taken`, `upstream_unavailable` (the older code still holds then), or as takeTurn does
 */
export async function resend<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId?: string },
): Promise<Action<Terms>> {
  const { customerId, actionId, signal } = request;
  const named = await ownAction(services, customerId, actionId);
  return takeTurn<Terms, CodeDelivery>(services, request, {
    step: 'resend',
    fingerprint: `resend ${actionId ?? 'pending'}`,
    begin: (ledger, now) => {
      const action = requirePending(ledger, named, now);
      refuseIfLocked(ledger.customer);
      return {
        customer: spendCode(ledger.customer, services.limits.codesPerHour, now),
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => settleSending(settling, action, found, settledAt),
      };
    },
  });
}

function settleSending<Terms>(
  ledger: Ledger<Terms>,
  begun: PendingAction<Terms>,
  found: CodeDelivery | Refusal,
  now: number,
): Settled<Terms> {
  if (found instanceof Refusal) return { customer: unspendCode(ledger.customer), answer: { refusal: found } };
  const action = stillPending(ledger, begun);
  if (action instanceof Refusal) return { answer: { refusal: action } };
  const sent = { ...action, delivery: found, expiresAt: now + pendingLifetimeMs };
  return { actions: [sent], announce: [sent], answer: { action: sent } };
}
