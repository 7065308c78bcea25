import { type Order, settle } from './order';
import { ownOrder, requirePending } from './pending-order';
import { type OrderServices, type TurnRequest, takeTurn } from './turn';

/**
 * Cancels the customer's pending order; its code is dead from then on.
 * @param request.customerId whose order it is, also when staff cancels it
 * @param request.orderId the order meant; the pending one if absent
 * @returns the cancelled order
 * @throws Refusal `not_found`, `nothing_pending`, `order_*`, or as takeTurn does
 */
export async function cancelOrder(
  services: OrderServices,
  request: TurnRequest & { orderId?: string; by: 'customer' | 'staff' },
): Promise<Order> {
  const { customerId, orderId, by } = request;
  const named = orderId === undefined ? undefined : await ownOrder(services, customerId, orderId);
  return takeTurn<never>(services, request, {
    step: 'cancel',
    fingerprint: `cancel ${orderId ?? 'pending'}`,
    begin: (ledger, now) => {
      const order = requirePending(ledger, named, now);
      const cancelled = settle(order, { status: 'cancelled', settledAt: now, reason: by });
      return { orders: [cancelled], announce: [cancelled], answer: { order: cancelled } };
    },
  });
}
