import { Refusal } from '../errors';
import type { Ledger } from '../services';
import { refuseIfLocked, spendCode, unspendCode } from './customer';
import { type CodeDelivery, type Order, pendingLifetimeMs } from './order';
import { ownOrder, requirePending, stillPending } from './pending-order';
import { type OrderServices, type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Sends another code for the pending order, which then lives as long as that code. Attempts already spent stay spent
 * (NIST SP 800-63B-4 §3.1.3.2: a new secret does not reset the failed count).
 * @param request.orderId the order meant; the pending one if absent
 * @returns the pending order, with where the new code went
 * @throws Refusal `not_found`, `nothing_pending`, `order_*`, `voice_ordering_locked`, `too_many_codes`, `no_contact`,
 *   `contact_taken`, `upstream_unavailable` (the older code still holds then), or as takeTurn does
 */
export async function resendCode(
  services: OrderServices,
  request: TurnRequest & { orderId?: string },
): Promise<Order> {
  const { customerId, orderId, signal } = request;
  const named = orderId === undefined ? undefined : await ownOrder(services, customerId, orderId);
  return takeTurn<CodeDelivery>(services, request, {
    step: 'resend',
    fingerprint: `resend ${orderId ?? 'pending'}`,
    begin: (ledger, now) => {
      const order = requirePending(ledger, named, now);
      refuseIfLocked(ledger.customer);
      const customer = spendCode(ledger.customer, services.config.codesPerHour, now);
      return {
        customer,
        ask: () => services.passwordless.sendCode(customerId, signal),
        settle: (settling, found, settledAt) => settleSending(settling, order.id, found, settledAt),
      };
    },
  });
}

function settleSending(ledger: Ledger, orderId: string, found: CodeDelivery | Refusal, now: number): Settled {
  if (found instanceof Refusal) return { customer: unspendCode(ledger.customer), answer: { refusal: found } };
  const order = stillPending(ledger, orderId);
  if (order instanceof Refusal) return { answer: { refusal: order } };
  const sent = { ...order, delivery: found, expiresAt: now + pendingLifetimeMs };
  return { orders: [sent], announce: [sent], answer: { order: sent } };
}
