import type { Order } from '../orders/pizza-order';
import type { PendingAction } from '../step-up/action';
import type { Evidence } from '../step-up/evidence';
import { attemptsPerAction } from '../step-up/limits';

/** An order as the API shows it: times in ISO 8601, no contact but the masked one. Members that do not apply are absent. */
export function presentOrder(order: Order) {
  return {
    id: order.id,
    number: order.number,
    customer: order.customerId,
    name: order.terms.name,
    status: order.status,
    size: order.terms.size,
    toppings: order.terms.toppings,
    bill: order.terms.bill,
    placedAt: toIso(order.placedAt),
    ...(order.status === 'pending'
      ? { expiresAt: toIso(order.expiresAt), attemptsLeft: attemptsLeft(order) }
      : { settledAt: toIso(order.endedAt) }),
    ...(order.status === 'cancelled' && { cancelReason: order.reason }),
    ...(order.status === 'cancelled' && order.confirmedAt && { confirmedAt: toIso(order.confirmedAt) }),
    ...(order.delivery && { codeSentTo: order.delivery }),
    ...(order.evidence && { evidence: presentEvidence(order.evidence) }),
    ...(order.wrongCodesBefore && { wrongCodesBefore: order.wrongCodesBefore }),
  };
}

function presentEvidence({ at, authTime, ...evidence }: Evidence) {
  return { ...evidence, at: toIso(at), ...(authTime !== undefined && { authTime: toIso(authTime) }) };
}

/** As far as the order tells; the customer's lock may be nearer. One that Auth0 left unanswered is free. */
function attemptsLeft({ attempts, uncharged }: PendingAction<unknown>): number {
  return Math.min(attemptsPerAction, attemptsPerAction - attempts + (uncharged ? 1 : 0));
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
