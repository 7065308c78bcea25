import { type Action, type CodeDelivery, type PendingAction, pendingLifetimeMs } from './action';
import type { Ledger } from './ledger';
import {
  mindOtherCode,
  mindUnsettledCode,
  refuseIfLocked,
  settleCode,
  spendCode,
  spendCodeOfAll,
  unspendCode,
} from './limits';
import type { StepUpServices } from './outside';
import { meantBy, requirePending, stillPending } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Sends another code for the pending action, which then lives as long as that code. Attempts already spent stay spent
 * (NIST SP 800-63B-4 §3.1.3.2: a new secret does not reset the failed count).
 * @param request.actionId the action meant; the pending one if absent
 * @returns the pending action, with where the new code went
 * @throws Refusal `not_found`, `nothing_pending`, `order_*`, `ordering_locked`, `too_many_codes`,
 *   `too_many_codes_in_all`, `no_contact`,
 *   `contact_taken`, `upstream_unavailable` (the older code still holds then), or as takeTurn does
 */
export function resend<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId?: string },
): Promise<Action<Terms>> {
  const { customerId, actionId, signal } = request;
  return takeTurn<Terms, CodeDelivery>(services, request, {
    step: 'resend',
    fingerprint: `resend ${actionId ?? 'pending'}`,
    scope: { everybody: true, named: actionId },
    begin: (ledger, now) => {
      const meant = meantBy(ledger, actionId);
      refuseIfLocked(ledger.customer, now);
      const action = requirePending(meant, now);
      const paid = spendCode(ledger.customer, services.limits.codesPerHour, now);
      const everybody = spendCodeOfAll(ledger, services.limits.codesPerHourTotal, now);
      if (everybody instanceof Refusal) throw everybody;
      const minded = mindUnsettledCode(paid, now);
      return {
        customer: minded,
        everybody,
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => {
          const customer = settleCode(settling.customer, minded, paid);
          return settleSending({ ...settling, customer }, action, found, settledAt);
        },
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
  if (found instanceof Refusal) return { ...unspendCode(ledger), answer: { refusal: found } };
  const action = stillPending(ledger, begun);
  // It ended while its code was on the way, and the code that went out is minded.
  if (action instanceof Refusal) {
    const sent = { ...begun, expiresAt: now + pendingLifetimeMs };
    return { customer: mindOtherCode(ledger.customer, sent), answer: { refusal: action } };
  }
  const { proved: _usedUp, ...rest } = action;
  const sent: PendingAction<Terms> = {
    ...rest,
    delivery: found,
    expiresAt: now + pendingLifetimeMs,
    // Either code may be the living one: saying the other is no guess.
    ...(found.unsure && { uncharged: true }),
  };
  return { customer: ledger.customer, actions: [sent], announce: [sent], answer: { action: sent } };
}
