import { randomUUID } from 'node:crypto';
import { type Action, asOf, type Door, end, type PendingAction, pendingLifetimeMs } from './action';
import type { Ledger } from './ledger';
import {
  mindOtherCode,
  mindUnsettledCode,
  refuseIfLocked,
  settleCode,
  spendAction,
  spendCode,
  spendCodeOfAll,
  unspendCode,
} from './limits';
import type { StepUpServices } from './outside';
import { refuseReplaced, requirePending } from './pending';
import { Refusal } from './refusal';
import { hashTerms } from './terms-hash';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/** Short enough to be called out, and more than can be open at once. */
export const highestNumber = 999;

/** What is known of an action once its code was sent. */
type Sent<Terms> = Required<Pick<Action<Terms>, 'terms' | 'termsHash' | 'delivery'>>;

/** How the terms are worked out before the code is sent. When that fails, surely nothing is sent. */
type Working<Terms> =
  | { termsOf(signal: AbortSignal): Promise<Terms> }
  /** Of other terms for the action that waits: there must be one. What it throws at once is a refusal that costs nothing. */
  | { changedFrom(waiting: PendingAction<Terms>): (signal: AbortSignal) => Promise<Terms> };

/**
 * Places a pending action and sends its code. One that is still pending is cancelled then: its code is dead for good.
 * When surely no code was sent, nothing has changed; when that is unknown, the action is there, and the code that may come counts.
 * @param request.asked what was asked for, in words: a repeated request is known by it, whatever its terms were by then
 * @returns the pending action, with where its code went
 * @throws Refusal `ordering_locked`, `too_many_orders`, `too_many_codes`, `too_many_codes_in_all`, `no_contact`, `contact_taken`, `upstream_unavailable`,
 *   for a change `nothing_pending` and `order_*`, or as the working out of the terms and takeTurn do
 */
export function propose<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { asked: string; via: Door } & Working<Terms>,
): Promise<Action<Terms>> {
  const { customerId, asked, via, signal } = request;
  return takeTurn<Terms, Sent<Terms>>(services, request, {
    step: 'place',
    fingerprint: `place ${asked}`,
    scope: { everybody: true },
    begin: (ledger, now) => {
      refuseIfLocked(ledger.customer, now);
      const termsOf =
        'termsOf' in request ? request.termsOf : request.changedFrom(requirePending(ledger.latest, now));
      const counted = spendAction(ledger.customer, services.limits.ordersPerHour, now);
      const paid = spendCode(counted, services.limits.codesPerHour, now);
      const everybody = spendCodeOfAll(ledger, services.limits.codesPerHourTotal, now);
      if (everybody instanceof Refusal) return { customer: counted, answer: { refusal: everybody } };
      const number = ((everybody.lastNumber ?? 0) % highestNumber) + 1;
      // What gives way does so only for an action that has its code: until then its own code goes on to count.
      const giving = mindOtherCode(paid, ledger.latest);
      // Newer than the last one even within a millisecond or with a clock set back: the newest one is what counts.
      const placedAt = Math.max(now, (ledger.latest?.placedAt ?? 0) + 1);
      const placing = { id: randomUUID(), number, customerId, via, placedAt, attempts: 0 };
      const isDoubtful = giving.otherCodeUntil > now;
      const minded = mindUnsettledCode(giving, now);
      return {
        // The action itself is written with its code: one that never had any leaves no trace but in the limits.
        customer: minded,
        everybody: { ...everybody, lastNumber: number },
        async ask() {
          // As they will be read from the store: what is hashed now must have the same hash then.
          const terms = services.kind.parse(await termsOf(signal));
          const termsHash = hashTerms(terms);
          return { terms, termsHash, delivery: await services.passwordless.sendCode(customerId, signal) };
        },
        settle: (settling, found, settledAt) => {
          const before = found instanceof Refusal ? paid : giving;
          const customer = settleCode(settling.customer, minded, before);
          if (found instanceof Refusal) {
            return { ...unspendCode({ ...settling, customer }), answer: { refusal: found } };
          }
          const sent: PendingAction<Terms> = {
            ...placing,
            ...found,
            status: 'pending',
            expiresAt: settledAt + pendingLifetimeMs,
            ...(isDoubtful && { doubtful: true }),
          };
          return settleSent({ ...settling, customer }, sent, settledAt);
        },
      };
    },
  });
}

function settleSent<Terms>(ledger: Ledger<Terms>, sent: PendingAction<Terms>, now: number): Settled<Terms> {
  // This turn outlived its time, and another one was taken meanwhile: the code that went out is minded.
  if (ledger.latest && ledger.latest.placedAt >= sent.placedAt) {
    const refusal = refuseReplaced(sent, ledger.latest.placedAt);
    return { customer: mindOtherCode(ledger.customer, sent), answer: { refusal } };
  }
  const written = [...endPrevious(ledger, now), sent];
  return { customer: ledger.customer, actions: written, announce: written, answer: { action: sent } };
}

function endPrevious<Terms>({ latest }: Ledger<Terms>, now: number): Action<Terms>[] {
  if (latest?.status !== 'pending') return [];
  const previous = asOf(latest, now);
  if (previous.status !== 'pending') return [previous];
  return [end(previous, { status: 'cancelled', endedAt: now, reason: 'replaced' })];
}
