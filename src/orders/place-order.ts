import { randomUUID } from 'node:crypto';
import { Refusal } from '../errors';
import type { Ledger } from '../services';
import { refuseIfLocked, spendCode, unspendCode } from './customer';
import { describePizza } from './describe-pizza';
import {
  asOf,
  type CodeDelivery,
  type Order,
  type PendingOrder,
  type Pizza,
  pendingLifetimeMs,
  settle,
} from './order';
import { stillPending } from './pending-order';
import { type OrderServices, type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Places a pending order and sends its code. An order still pending is cancelled: its code is dead for good.
 * When no code could be sent, the new order is cancelled too, because the older code must not confirm it.
 * @returns the pending order, with where its code went
 * @throws Refusal `voice_ordering_locked`, `too_many_codes`, `no_contact`, `contact_taken`, `upstream_unavailable`, or as takeTurn does
 */
export function placeOrder(
  services: OrderServices,
  request: TurnRequest & { pizza: Pizza; via: Order['via'] },
): Promise<Order> {
  const { customerId, pizza, via, signal } = request;
  return takeTurn<CodeDelivery>(services, request, {
    step: 'place',
    fingerprint: `place ${describePizza(pizza)}`,
    begin: (ledger, now) => {
      refuseIfLocked(ledger.customer);
      const customer = spendCode(ledger.customer, services.config.codesPerHour, now);
      const replaced = settlePrevious(ledger, now);
      // Newer than the last one even within a millisecond or with a clock set back: the newest order is the one that counts.
      const placedAt = Math.max(now, (ledger.latest?.placedAt ?? 0) + 1);
      const order: PendingOrder = {
        id: randomUUID(),
        customerId,
        pizza,
        via,
        placedAt,
        attempts: 0,
        status: 'pending',
        expiresAt: now + pendingLifetimeMs,
      };
      return {
        customer,
        orders: [...replaced, order],
        announce: replaced,
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => settlePlacing(settling, order.id, found, settledAt),
      };
    },
  });
}

function settlePlacing(ledger: Ledger, orderId: string, found: CodeDelivery | Refusal, now: number): Settled {
  const order = stillPending(ledger, orderId);
  if (order instanceof Refusal) return { answer: { refusal: order } };
  if (found instanceof Refusal) {
    const cancelled = settle(order, { status: 'cancelled', settledAt: now, reason: 'code_not_sent' });
    return {
      customer: unspendCode(ledger.customer),
      orders: [cancelled],
      announce: [cancelled],
      answer: { refusal: found },
    };
  }
  const sent: PendingOrder = { ...order, delivery: found, expiresAt: now + pendingLifetimeMs };
  return { orders: [sent], announce: [sent], answer: { order: sent } };
}

function settlePrevious({ latest }: Ledger, now: number): Order[] {
  if (latest?.status !== 'pending') return [];
  const previous = asOf(latest, now);
  if (previous.status !== 'pending') return [previous];
  return [settle(previous, { status: 'cancelled', settledAt: now, reason: 'replaced' })];
}
