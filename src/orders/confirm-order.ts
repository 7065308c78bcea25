import { Refusal } from '../errors';
import type { CodeVerdict, CustomerRecord, Ledger } from '../services';
import { isLocked, refuseIfLocked } from './customer';
import { attemptsPerOrder, type Order, type PendingOrder, settle } from './order';
import { ownOrder, requirePending, stillPending } from './pending-order';
import { type OrderServices, type Settled, type TurnRequest, takeTurn } from './turn';

/**
 * Confirms the pending order if `code` is the customer's newest one-time code.
 * The attempt is spent before Auth0 is asked, and given back only if Auth0 did not say (OWASP ASVS 6.6.3).
 * @param request.code the code as heard, digits only; anything but four digits asks again and costs nothing
 * @param request.orderId the order meant; the pending one if absent
 * @returns the confirmed order
 * @throws Refusal `not_found`, `nothing_pending`, `not_a_code`, `code_not_sent`, `wrong_code`, `code_expired`,
 *   `order_*`,
 *   `voice_ordering_locked`, `upstream_unavailable`, or as takeTurn does
 */
export async function confirmOrder(
  services: OrderServices,
  request: TurnRequest & { code: string | undefined; orderId?: string },
): Promise<Order> {
  const { customerId, code, orderId, signal } = request;
  const named = orderId === undefined ? undefined : await ownOrder(services, customerId, orderId);
  return takeTurn<CodeVerdict>(services, request, {
    step: 'confirm',
    fingerprint: `confirm ${orderId ?? 'pending'}`,
    begin: (ledger, now) => {
      const order = requirePending(ledger, named, now);
      refuseIfLocked(ledger.customer);
      if (!code || !/^[0-9]{4}$/.test(code)) {
        throw new Refusal('not_a_code', 'A code is a text of four digits.', { order });
      }
      // The process died while sending: an older order's code may still be alive at Auth0, and must not confirm this one.
      if (!order.delivery) {
        throw new Refusal('code_not_sent', 'No code was sent for this order. Ask for another code.', {
          order,
        });
      }
      // Only a process that died between the steps leaves an order with all attempts spent and still pending.
      if (order.attempts >= attemptsPerOrder) return refuse(ledger.customer, order, now);
      return {
        customer: { ...ledger.customer, wrongCodesInARow: ledger.customer.wrongCodesInARow + 1 },
        orders: [{ ...order, attempts: order.attempts + 1 }],
        ask: () => services.passwordless.checkCode(customerId, code, signal),
        settle: (settling, found, settledAt) => settleConfirming(settling, order.id, found, settledAt),
      };
    },
  });
}

function settleConfirming(
  ledger: Ledger,
  orderId: string,
  found: CodeVerdict | Refusal,
  now: number,
): Settled {
  const order = stillPending(ledger, orderId);
  const customer = afterVerdict(ledger.customer, found);
  if (order instanceof Refusal) return { customer, answer: { refusal: order } };
  return settlePending(customer, order, found, now);
}

/** Being right clears the count; silence and a code that came too late give the attempt back; a wrong code stays counted. */
function afterVerdict(customer: CustomerRecord, found: CodeVerdict | Refusal): CustomerRecord {
  if (found === 'right') return { ...customer, wrongCodesInARow: 0 };
  if (found === 'wrong' || found === 'exhausted') return customer;
  return { ...customer, wrongCodesInARow: Math.max(0, customer.wrongCodesInARow - 1) };
}

function settlePending(
  customer: CustomerRecord,
  order: PendingOrder,
  found: CodeVerdict | Refusal,
  now: number,
): Settled {
  if (found instanceof Refusal) {
    return { customer, orders: [{ ...order, attempts: order.attempts - 1 }], answer: { refusal: found } };
  }
  if (found === 'right') {
    const confirmed = settle(order, { status: 'confirmed', settledAt: now });
    return { customer, orders: [confirmed], announce: [confirmed], answer: { order: confirmed } };
  }
  if (found === 'expired') {
    const expired = settle(order, { status: 'expired', settledAt: now });
    const refusal = new Refusal('code_expired', 'The code has expired. Place a new order.', {
      order: expired,
    });
    return { customer, orders: [expired], announce: [expired], answer: { refusal } };
  }
  if (found === 'exhausted' || order.attempts >= attemptsPerOrder || isLocked(customer)) {
    return refuse(customer, order, now);
  }
  const attemptsLeft = attemptsPerOrder - order.attempts;
  const refusal = new Refusal('wrong_code', 'The code is wrong.', { order, attemptsLeft });
  return { customer, answer: { refusal } };
}

function refuse(customer: CustomerRecord, order: PendingOrder, now: number): Settled {
  const refused = settle(order, { status: 'refused', settledAt: now });
  return {
    customer,
    orders: [refused],
    announce: [refused],
    answer: { refusal: refusalFor(customer, refused) },
  };
}

function refusalFor(customer: CustomerRecord, refused: Order): Refusal {
  if (!isLocked(customer)) {
    return new Refusal('order_refused', 'Too many wrong codes: this order is refused. Place a new order.', {
      order: refused,
      attemptsLeft: 0,
    });
  }
  return new Refusal(
    'voice_ordering_locked',
    'Too many wrong codes in a row: this order is refused, and voice ordering is locked. Sign in to the web page to unlock it.',
    { order: refused, attemptsLeft: 0 },
  );
}
