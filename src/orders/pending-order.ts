import { Refusal } from '../errors';
import type { Ledger, Services } from '../services';
import { asOf, type CustomerId, type Order, type PendingOrder } from './order';

/**
 * The order a turn may act on: the customer's pending one, and the one that was named if one was.
 * @throws Refusal that tells what became of it: `nothing_pending`, `order_already_confirmed`, `order_cancelled`,
 *   `order_expired`, `order_refused`
 */
export function requirePending(ledger: Ledger, named: Order | undefined, now: number): PendingOrder {
  if (!ledger.latest) throw new Refusal('nothing_pending', 'There is no order waiting for a code.');
  const isNewest = !named || named.id === ledger.latest.id;
  const order = asOf(isNewest ? ledger.latest : named, now);
  if (order.status !== 'pending') throw refuseSettled(order);
  // Read just before a newer order replaced it.
  if (!isNewest) throw new Refusal('order_cancelled', 'A newer order has replaced this one.');
  return order;
}

/** The order a turn began with, if it is still the pending one; otherwise what overtook it while Auth0 was asked. */
export function stillPending({ latest }: Ledger, orderId: string): PendingOrder | Refusal {
  if (latest?.id !== orderId) return new Refusal('order_cancelled', 'A newer order has replaced this one.');
  return latest.status === 'pending' ? latest : refuseSettled(latest);
}

function refuseSettled(order: Exclude<Order, PendingOrder>): Refusal {
  switch (order.status) {
    case 'confirmed':
      return new Refusal('order_already_confirmed', 'This order is already confirmed.', { order });
    case 'cancelled':
      return new Refusal('order_cancelled', 'This order was cancelled. Place a new one.', { order });
    case 'expired':
      return new Refusal('order_expired', 'The code of this order has expired. Place a new order.', {
        order,
      });
    case 'refused':
      return new Refusal('order_refused', 'This order was refused after wrong codes. Place a new order.', {
        order,
      });
  }
}

/**
 * The order of that id, if it is this customer's own: somebody else's is not found, so that nobody can tell it exists.
 * @throws Refusal `not_found`
 */
export async function ownOrder(
  services: Pick<Services, 'store'>,
  customerId: CustomerId,
  orderId: string,
): Promise<Order> {
  const order = await services.store.find(orderId);
  if (order?.customerId !== customerId) throw new Refusal('not_found', 'There is no such order.');
  return order;
}
