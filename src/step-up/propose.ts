import { randomUUID } from 'node:crypto';
import {
  type Action,
  asOf,
  type CodeDelivery,
  type Door,
  end,
  type PendingAction,
  pendingLifetimeMs,
} from './action';
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
  unspendCodeOfAll,
} from './limits';
import type { StepUpServices } from './outside';
import { refuseReplaced } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Places a pending action and sends its code. One that is still pending is cancelled then: its code is dead for good.
 * When surely no code was sent, nothing has changed; when that is unknown, the action is there, and the code that may come counts.
 * @returns the pending action, with where its code went
 * @throws Refusal `ordering_locked`, `too_many_orders`, `too_many_codes`, `too_many_codes_in_all`, `no_contact`, `contact_taken`, `upstream_unavailable`, or as takeTurn does
 */
export function propose<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { terms: Terms; via: Door },
): Promise<Action<Terms>> {
  const { customerId, terms, via, signal } = request;
  return takeTurn<Terms, CodeDelivery>(services, request, {
    step: 'place',
    fingerprint: `place ${services.kind.describe(terms)}`,
    shares: 'everybody',
    begin: (ledger, now) => {
      refuseIfLocked(ledger.customer, now);
      const asked = spendAction(ledger.customer, services.limits.ordersPerHour, now);
      const paid = spendCode(asked, services.limits.codesPerHour, now);
      const everybody = spendCodeOfAll(ledger, services.limits.codesPerHourTotal, now);
      if (everybody instanceof Refusal) return { customer: asked, answer: { refusal: everybody } };
      // What gives way does so only for an action that has its code: until then its own code goes on to count.
      const giving = mindOtherCode(paid, ledger.latest);
      // Newer than the last one even within a millisecond or with a clock set back: the newest one is what counts.
      const placedAt = Math.max(now, (ledger.latest?.placedAt ?? 0) + 1);
      const action: PendingAction<Terms> = {
        id: randomUUID(),
        customerId,
        terms,
        via,
        placedAt,
        attempts: 0,
        status: 'pending',
        expiresAt: now + pendingLifetimeMs,
        ...(giving.otherCodeUntil > now && { doubtful: true }),
      };
      const minded = mindUnsettledCode(giving, now);
      return {
        // The action itself is written with its code: one that never had any leaves no trace but in the limits.
        customer: minded,
        everybody,
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => {
          const before = found instanceof Refusal ? paid : giving;
          const customer = settleCode(settling.customer, minded, before);
          return settlePlacing({ ...settling, customer }, action, found, settledAt);
        },
      };
    },
  });
}

function settlePlacing<Terms>(
  ledger: Ledger<Terms>,
  action: PendingAction<Terms>,
  found: CodeDelivery | Refusal,
  now: number,
): Settled<Terms> {
  if (found instanceof Refusal) {
    const everybody = unspendCodeOfAll(ledger);
    return { customer: unspendCode(ledger.customer), everybody, answer: { refusal: found } };
  }
  const sent: PendingAction<Terms> = { ...action, delivery: found, expiresAt: now + pendingLifetimeMs };
  // This turn outlived its time, and another one was taken meanwhile: the code that went out is minded.
  if (ledger.latest && ledger.latest.placedAt >= action.placedAt) {
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
