import { type Action, end, type PendingAction } from './action';
import { codeInWords, parseCode } from './code';
import type { CustomerRecord, Ledger } from './ledger';
import { attemptsPerAction, isLocked, refuseIfLocked } from './limits';
import type { CodeVerdict, StepUpServices } from './outside';
import { ownAction, requirePending, stillPending } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Confirms the pending action if `code` is the customer's newest one-time code.
 * The attempt is spent before Auth0 is asked, and given back only if Auth0 did not say (OWASP ASVS 6.6.3).
 * @param request.code the code as heard, digits only; anything but a whole code asks again and costs nothing
 * @param request.actionId the action meant; the pending one if absent
 * @returns the confirmed action
 * @throws Refusal `not_found`, `nothing_pending`, `not_a_code`, `code_not_sent`, `wrong_code`, `code_expired`,
 *   `order_*`, `ordering_locked`, `upstream_unavailable`, or as takeTurn does
 */
export async function prove<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { code: string | undefined; actionId?: string },
): Promise<Action<Terms>> {
  const { customerId, actionId, signal } = request;
  const code = parseCode(request.code);
  const named = await ownAction(services, customerId, actionId);
  return takeTurn<Terms, CodeVerdict>(services, request, {
    step: 'confirm',
    fingerprint: `confirm ${actionId ?? 'pending'}`,
    begin: (ledger, now) => {
      const action = requirePending(ledger, named, now);
      refuseIfLocked(ledger.customer);
      if (!code) throw new Refusal('not_a_code', `A code is a text of ${codeInWords}.`, { action });
      // The process died while sending: an older action's code may still be alive at Auth0, and must not confirm this one.
      if (!action.delivery) {
        const message = 'No code was sent for this order. Ask for another code.';
        throw new Refusal('code_not_sent', message, { action });
      }
      // Only a process that died between the steps leaves an action with all attempts spent and still pending.
      if (action.attempts >= attemptsPerAction) return refuse(ledger.customer, action, now);
      return {
        customer: { ...ledger.customer, wrongCodesInARow: ledger.customer.wrongCodesInARow + 1 },
        actions: [{ ...action, attempts: action.attempts + 1 }],
        ask: () => services.passwordless.checkCode(customerId, code, signal),
        settle: (settling, found, settledAt) => settleConfirming(settling, action, found, settledAt),
      };
    },
  });
}

function settleConfirming<Terms>(
  ledger: Ledger<Terms>,
  begun: PendingAction<Terms>,
  found: CodeVerdict | Refusal,
  now: number,
): Settled<Terms> {
  const action = stillPending(ledger, begun);
  const customer = afterVerdict(ledger.customer, found);
  if (action instanceof Refusal) return { customer, answer: { refusal: action } };
  return settlePending(customer, action, found, now);
}

/** Being right clears the count; silence and a code that came too late give the attempt back; a wrong code stays counted. */
function afterVerdict(customer: CustomerRecord, found: CodeVerdict | Refusal): CustomerRecord {
  if (found === 'right') return { ...customer, wrongCodesInARow: 0 };
  if (found === 'wrong' || found === 'exhausted') return customer;
  return { ...customer, wrongCodesInARow: Math.max(0, customer.wrongCodesInARow - 1) };
}

function settlePending<Terms>(
  customer: CustomerRecord,
  action: PendingAction<Terms>,
  found: CodeVerdict | Refusal,
  now: number,
): Settled<Terms> {
  if (found instanceof Refusal) {
    const given = { ...action, attempts: action.attempts - 1 };
    return { customer, actions: [given], answer: { refusal: found } };
  }
  if (found === 'right') {
    const confirmed = end(action, { status: 'confirmed', endedAt: now });
    return { customer, actions: [confirmed], announce: [confirmed], answer: { action: confirmed } };
  }
  if (found === 'expired') {
    const expired = end(action, { status: 'expired', endedAt: now });
    const message = 'The code has expired. Place a new order.';
    const refusal = new Refusal('code_expired', message, { action: expired });
    return { customer, actions: [expired], announce: [expired], answer: { refusal } };
  }
  if (found === 'exhausted' || action.attempts >= attemptsPerAction || isLocked(customer)) {
    return refuse(customer, action, now);
  }
  const attemptsLeft = attemptsPerAction - action.attempts;
  const refusal = new Refusal('wrong_code', 'The code is wrong.', { action, attemptsLeft });
  return { customer, answer: { refusal } };
}

function refuse<Terms>(customer: CustomerRecord, action: PendingAction<Terms>, now: number): Settled<Terms> {
  const refused = end(action, { status: 'refused', endedAt: now });
  const refusal = refusalFor(customer, refused);
  return { customer, actions: [refused], announce: [refused], answer: { refusal } };
}

function refusalFor<Terms>(customer: CustomerRecord, action: Action<Terms>): Refusal {
  const details = { action, attemptsLeft: 0 };
  if (!isLocked(customer)) {
    const message = 'Too many wrong codes: this order is refused. Place a new order.';
    return new Refusal('order_refused', message, details);
  }
  const message =
    'Too many wrong codes in a row: this order is refused, and ordering is locked. Sign in to the web page to unlock it.';
  return new Refusal('ordering_locked', message, details);
}
