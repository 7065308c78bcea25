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
import { refuseIfLocked, spendCode, unspendCode } from './limits';
import type { StepUpServices } from './outside';
import { stillPending } from './pending';
import { Refusal } from './refusal';
import { type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Places a pending action and sends its code. One that is still pending is cancelled: its code is dead for good.
 * When no code could be sent, the new action is cancelled too, because the older code must not confirm it.
 * @returns the pending action, with where its code went
 * @throws Refusal `ordering_locked`, `too_many_codes`, `no_contact`, `contact_taken`, `upstream_unavailable`, or as takeTurn does
 */
export function propose<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { terms: Terms; via: Door },
): Promise<Action<Terms>> {
  const { customerId, terms, via, signal } = request;
  return takeTurn<Terms, CodeDelivery>(services, request, {
    step: 'place',
    fingerprint: `place ${services.kind.describe(terms)}`,
    begin: (ledger, now) => {
      refuseIfLocked(ledger.customer);
      const customer = spendCode(ledger.customer, services.limits.codesPerHour, now);
      const replaced = endPrevious(ledger, now);
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
      };
      return {
        customer,
        actions: [...replaced, action],
        announce: replaced,
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => settlePlacing(settling, action, found, settledAt),
      };
    },
  });
}

function settlePlacing<Terms>(
  ledger: Ledger<Terms>,
  begun: PendingAction<Terms>,
  found: CodeDelivery | Refusal,
  now: number,
): Settled<Terms> {
  const action = stillPending(ledger, begun);
  if (action instanceof Refusal) return { answer: { refusal: action } };
  if (found instanceof Refusal) {
    const cancelled = end(action, { status: 'cancelled', endedAt: now, reason: 'code_not_sent' });
    return {
      customer: unspendCode(ledger.customer),
      actions: [cancelled],
      announce: [cancelled],
      answer: { refusal: found },
    };
  }
  const sent: PendingAction<Terms> = { ...action, delivery: found, expiresAt: now + pendingLifetimeMs };
  return { actions: [sent], announce: [sent], answer: { action: sent } };
}

function endPrevious<Terms>({ latest }: Ledger<Terms>, now: number): Action<Terms>[] {
  if (latest?.status !== 'pending') return [];
  const previous = asOf(latest, now);
  if (previous.status !== 'pending') return [previous];
  return [end(previous, { status: 'cancelled', endedAt: now, reason: 'replaced' })];
}
