import { type Action, end, type PendingAction } from './action';
import { evidenceOf, type ProofMethod, type Prover } from './evidence';
import type { CustomerRecord } from './ledger';
import { afterSuccess, mindOtherCode } from './limits';
import { noticeOf } from './notice';
import type { StepUpServices } from './outside';
import { requirePending } from './pending';
import { Refusal } from './refusal';
import { hasItsTerms } from './terms-hash';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/** How long a yes is waited for, from the right code on. */
export const affirmWithinMs = 60_000;

/**
 * Confirms the action whose code was right but may have been meant for another one, now that the customer has heard the
 * terms. Only the conversation in which the code was said counts: anybody can say yes.
 * @returns the confirmed action
 * @throws Refusal `nothing_to_affirm`, `confirmation_too_late`, `nothing_pending`, `order_*`, or as takeTurn does
 */
export function affirm<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { conversation: string | undefined },
): Promise<Action<Terms>> {
  return takeTurn<Terms, never>(services, request, {
    step: 'confirm',
    fingerprint: 'affirm',
    begin: (ledger, now) => {
      const action = requireProved(requirePending(ledger.latest, now), request.conversation);
      if (now > action.proved.at + affirmWithinMs) throw tooLate(action);
      // Only a conversation is asked for a yes.
      return confirm(ledger.customer, action, { method: 'code', door: 'voice' }, now);
    },
  });
}

/**
 * Cancels the action that `affirm` would confirm.
 * @returns the cancelled action
 * @throws Refusal `nothing_to_affirm`, `nothing_pending`, `order_*`, or as takeTurn does
 */
export function decline<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { conversation: string | undefined },
): Promise<Action<Terms>> {
  return takeTurn<Terms, never>(services, request, {
    step: 'cancel',
    fingerprint: 'decline',
    begin: (ledger, now) => {
      const action = requireProved(requirePending(ledger.latest, now), request.conversation);
      const cancelled = end(action, { status: 'cancelled', endedAt: now, reason: 'customer' });
      return { actions: [cancelled], announce: [cancelled], answer: { action: cancelled } };
    },
  });
}

/**
 * How an action is confirmed, whether by its code, by the yes after it or by an approval: the customer hears of wrong codes before. What is
 * confirmed is what was meant, so that one whose terms have changed in the store never is.
 */
export function confirm<Terms>(
  before: CustomerRecord,
  action: PendingAction<Terms>,
  { method, ...prover }: Prover & { method: ProofMethod },
  now: number,
): Settled<Terms> {
  const changed = refuseChanged(action);
  if (changed) return { customer: before, answer: { refusal: changed } };
  const { customer, wrongCodesBefore } = afterSuccess(before);
  const evidence = evidenceOf(action, method, prover, now);
  const confirmed = { ...end(action, { status: 'confirmed', endedAt: now }), ...wrongCodesBefore, evidence };
  return {
    // Nobody has said the code of what is approved: it may be alive, and be said for the next action.
    customer: method === 'approval' ? mindOtherCode(customer, action) : customer,
    actions: [confirmed],
    notices: [noticeOf('receipt', confirmed, now)],
    announce: [confirmed],
    answer: { action: confirmed },
  };
}

/** What an action is told whose terms are not those that were placed. Nothing in POD changes them. */
export function refuseChanged<Terms>(action: PendingAction<Terms>): Refusal | undefined {
  if (hasItsTerms(action)) return undefined;
  const message = 'The terms of this order are not those that were placed. Place a new order.';
  return new Refusal('order_changed', message, { action });
}

/** What a further code is told while a yes is waited for: the one that was right is used up. */
export function refuseProved<Terms>(
  action: PendingAction<Terms>,
  conversation: string | undefined,
  now: number,
): Refusal | undefined {
  if (!action.proved) return undefined;
  return awaitsYes(action, conversation, now) ? askForYes(action) : tooLate(action);
}

/** Whether a yes in this conversation would confirm the action now. */
export function awaitsYes<Terms>(
  { proved }: PendingAction<Terms>,
  conversation: string | undefined,
  now: number,
): boolean {
  return proved !== undefined && proved.conversation === conversation && now <= proved.at + affirmWithinMs;
}

export function askForYes<Terms>(action: PendingAction<Terms>): Refusal {
  const message =
    'The code is right, and another order was asked for meanwhile: is this the one that is meant?';
  return new Refusal('confirmation_needed', message, { action });
}

function tooLate<Terms>(action: PendingAction<Terms>): Refusal {
  const message = 'The code was not confirmed in time, and is used up. Ask for another code.';
  return new Refusal('confirmation_too_late', message, { action });
}

type ProvedAction<Terms> = PendingAction<Terms> & Required<Pick<PendingAction<Terms>, 'proved'>>;

function requireProved<Terms>(
  action: PendingAction<Terms>,
  conversation: string | undefined,
): ProvedAction<Terms> {
  const { proved } = action;
  if (proved && proved.conversation === conversation) return { ...action, proved };
  throw new Refusal('nothing_to_affirm', 'Nothing waits for a yes or a no in this conversation.');
}
