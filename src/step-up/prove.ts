import { type Action, end, type PendingAction } from './action';
import { affirmWithinMs, askForYes, confirm, refuseChanged, refuseProved } from './affirm';
import { codeInWords, parseCode } from './code';
import type { Prover } from './evidence';
import type { CustomerRecord, Ledger } from './ledger';
import {
  attemptsLeft,
  attemptsPerAction,
  chargeWrongCode,
  isLockedByCodes,
  mindOtherCode,
  refuseIfLocked,
  unchargeWrongCode,
} from './limits';
import { noticeOf } from './notice';
import type { CodeVerdict, StepUpServices } from './outside';
import { meantBy, requirePending, stillPending } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Confirms the pending action if `code` is the customer's newest one-time code.
 * The attempt is spent before Auth0 is asked, and given back only if Auth0 did not say (OWASP ASVS 6.6.3).
 * @param request.code the code as heard, digits only; anything but a whole code asks again and costs nothing
 * @param request.actionId the action meant; the pending one if absent, which needs a yes in this conversation (`affirm`)
 *   while another action's code may still be alive
 * @param request.conversation where a yes would be said
 * @param request.prover by which door the code came back
 * @returns the confirmed action
 * @throws Refusal `not_found`, `nothing_pending`, `not_a_code`, `code_not_sent`, `wrong_code`, `code_expired`,
 *   `order_*`, `ordering_locked`, `upstream_unavailable`, or as takeTurn does
 */
export function prove<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & {
    code: string | undefined;
    prover: Prover;
    actionId?: string;
    conversation?: string;
  },
): Promise<Action<Terms>> {
  const { customerId, actionId, conversation, prover, signal } = request;
  const code = parseCode(request.code, services.codeLength);
  return takeTurn<Terms, CodeVerdict>(services, request, {
    step: 'confirm',
    fingerprint: `confirm ${actionId ?? 'pending'}`,
    scope: { named: actionId },
    begin: (ledger, now) => {
      const meant = meantBy(ledger, actionId);
      refuseIfLocked(ledger.customer, now);
      const action = requirePending(meant, now);
      if (!code)
        throw new Refusal('not_a_code', `A code is a text of ${codeInWords(services.codeLength)}.`, {
          action,
        });
      // An action of a POD before this one, whose process died while sending: an older code must not confirm it.
      if (!action.delivery) {
        const message = 'No code was sent for this order. Ask for another code.';
        throw new Refusal('code_not_sent', message, { action });
      }
      const refusal = refuseChanged(action) ?? refuseProved(action, conversation, now);
      if (refusal) throw refusal;
      // Only a process that died between the steps leaves an action with all attempts spent and still pending.
      if (action.attempts >= attemptsPerAction && !action.uncharged)
        return refuse(ledger.customer, action, now);
      const { uncharged, ...charged } = action;
      return {
        customer: uncharged ? ledger.customer : chargeWrongCode(ledger.customer, now),
        actions: [uncharged ? charged : { ...charged, attempts: action.attempts + 1 }],
        ask: () => services.passwordless.checkCode(customerId, code, signal),
        settle: (settling, found, settledAt) =>
          tellOfLock(
            settleProving(
              settling,
              { begun: action, isNamed: actionId !== undefined, conversation, prover },
              found,
              settledAt,
            ),
            action,
            settledAt,
          ),
      };
    },
  });
}

interface Proving<Terms> {
  /** As it was before the attempt. */
  begun: PendingAction<Terms>;
  /** The id says what is meant. */
  isNamed: boolean;
  conversation: string | undefined;
  prover: Prover;
}

function settleProving<Terms>(
  ledger: Ledger<Terms>,
  proving: Proving<Terms>,
  found: CodeVerdict | Refusal,
  now: number,
): Settled<Terms> {
  const action = stillPending(ledger, proving.begun);
  const customer = afterVerdict(ledger.customer, proving.begun, found);
  if (action instanceof Refusal) return { customer, answer: { refusal: action } };
  if (found instanceof Refusal) {
    const { uncharged } = proving.begun;
    const given = uncharged
      ? { ...action, uncharged }
      : { ...action, attempts: Math.max(0, action.attempts - 1) };
    return { customer, actions: [given], answer: { refusal: found } };
  }
  return verdicts[found](customer, action, proving, now);
}

/** Nobody proves anything while locked, so that whoever is locked at the end of a turn has been by its code. */
function tellOfLock<Terms>(
  settled: Settled<Terms>,
  action: PendingAction<Terms>,
  now: number,
): Settled<Terms> {
  if (!settled.customer || !isLockedByCodes(settled.customer, now)) return settled;
  return { ...settled, notices: [noticeOf('locked', action, now)] };
}

/** A code that was none, came too late, or may have been right is no wrong code of the customer's; its attempt is the action's. */
function afterVerdict(
  customer: CustomerRecord,
  { uncharged }: PendingAction<unknown>,
  found: CodeVerdict | Refusal,
): CustomerRecord {
  const wasNotWrong = found instanceof Refusal || !['wrong', 'exhausted'].includes(found);
  return wasNotWrong && !uncharged ? unchargeWrongCode(customer) : customer;
}

const verdicts: Readonly<
  Record<
    CodeVerdict,
    <Terms>(
      customer: CustomerRecord,
      action: PendingAction<Terms>,
      proving: Proving<Terms>,
      now: number,
    ) => Settled<Terms>
  >
> = {
  right(customer, action, { begun, isNamed, conversation, prover }, now) {
    if (!isNamed && (action.doubtful || customer.otherCodeUntil > now)) {
      const proved = {
        ...action,
        attempts: begun.attempts,
        // The code is used up, so that to live for the time of an answer gives nobody anything.
        expiresAt: Math.max(action.expiresAt, now + affirmWithinMs),
        proved: { conversation: conversation ?? '', at: now },
      };
      return { customer, actions: [proved], answer: { refusal: askForYes(proved) } };
    }
    return confirm(customer, action, { method: 'code', ...prover }, now);
  },
  wrong(customer, action, _proving, now) {
    const left = attemptsLeft(action, customer, now);
    if (left.attemptsLeft <= 0) return refuse(customer, action, now);
    const refusal = new Refusal('wrong_code', 'The code is wrong.', { action, ...left });
    return { customer, answer: { refusal } };
  },
  exhausted: (customer, action, _proving, now) => refuse(customer, action, now),
  expired(customer, action, _proving, now) {
    const expired = end(action, { status: 'expired', endedAt: now });
    const message = 'The code has expired. Place a new order.';
    const refusal = new Refusal('code_expired', message, { action: expired });
    return {
      customer: mindOtherCode(customer, action),
      actions: [expired],
      announce: [expired],
      answer: { refusal },
    };
  },
  unsure(customer, action) {
    const unsure: PendingAction<unknown> = { ...action, uncharged: true };
    const message =
      'Auth0 did not say whether the code is right, and it may be used up. Ask for another code.';
    return {
      customer,
      actions: [{ ...action, uncharged: true }],
      answer: { refusal: new Refusal('code_unchecked', message, { action: unsure }) },
    };
  },
};

function refuse<Terms>(customer: CustomerRecord, action: PendingAction<Terms>, now: number): Settled<Terms> {
  const refused = end(action, { status: 'refused', endedAt: now });
  const refusal = refusalFor(customer, refused, now);
  return {
    // The guesses may have been somebody else's: the customer still holds this action's code, and waits for its turn.
    customer: mindOtherCode(customer, action),
    actions: [refused],
    announce: [refused],
    answer: { refusal },
  };
}

function refusalFor<Terms>(customer: CustomerRecord, action: Action<Terms>, now: number): Refusal {
  const details = { action, attemptsLeft: 0 };
  if (!isLockedByCodes(customer, now)) {
    const message = 'Too many wrong codes: this order is refused. Place a new order.';
    return new Refusal('order_refused', message, details);
  }
  const message =
    'Too many wrong codes in a row: this order is refused, and ordering is locked. Sign in to the web page to unlock it.';
  return new Refusal('ordering_locked', message, details);
}
