/** The customer: the `sub` of the access token (RFC 7519 §4.1.2), never Alexa's userId. */
export type CustomerId = string & { readonly __brand: 'CustomerId' };

export const sizes = ['small', 'medium', 'large', 'jumbo'] as const;
export type Size = (typeof sizes)[number];

export const toppings = [
  'pepperoni',
  'mushrooms',
  'onions',
  'sausage',
  'bacon',
  'extra cheese',
  'black olives',
  'green peppers',
  'pineapple',
  'spinach',
  'chicken',
] as const;
export type Topping = (typeof toppings)[number];

export interface Pizza {
  size: Size;
  toppings: readonly Topping[];
}

/** What a customer gets who names no size, or no topping. */
export const houseSize: Size = 'medium';
export const houseToppings: readonly Topping[] = ['extra cheese', 'mushrooms'];

/** How a code travels to the customer. The contact is masked: the full one never leaves auth0/. */
export interface CodeDelivery {
  channel: 'sms' | 'email';
  /** For example `•••• 0199` or `a•••@example.com`. */
  maskedContact: string;
}

export const orderStatuses = ['pending', 'confirmed', 'cancelled', 'expired', 'refused'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export type CancelReason = 'customer' | 'staff' | 'replaced' | 'code_not_sent';

interface OrderFacts {
  /** UUID (RFC 9562). */
  id: string;
  customerId: CustomerId;
  pizza: Pizza;
  via: 'voice' | 'api';
  /** Milliseconds since the epoch, like every time in POD. */
  placedAt: number;
  /** Codes tried so far; the one in flight counts, so that parallel guesses cannot exceed the limit. */
  attempts: number;
  /** Where the newest code went; absent until it has been sent. */
  delivery?: CodeDelivery;
  /** Set when staff or the customer cleared the order from the board. Nothing is ever deleted. */
  archivedAt?: number;
}

export type PendingOrder = OrderFacts & { status: 'pending'; expiresAt: number };
export type SettledOrder = OrderFacts &
  (
    | { status: 'confirmed' | 'expired' | 'refused'; settledAt: number }
    | { status: 'cancelled'; settledAt: number; reason: CancelReason }
  );

/** `pending → confirmed | cancelled | expired | refused`; a settled order never changes its status again. */
export type Order = PendingOrder | SettledOrder;

/** Three wrong codes refuse an order, even if the next one is right: the limit that Auth0 itself has for a code. */
export const attemptsPerOrder = 3;

/** Wrong codes in a row, across orders, after which a customer must sign in on the web to go on (NIST SP 800-63B-4 §3.2.2). */
export const wrongCodesUntilLocked = 5;

/** Auth0's default lifetime of a one-time code is 180 s; the order outlives it a little, for speech and travel. */
export const pendingLifetimeMs = 200_000;

/** The order as it truly is at `now`: a pending order past its time is expired, whether or not that was written yet. */
export function asOf(order: Order, now: number): Order {
  if (order.status !== 'pending' || order.expiresAt > now) return order;
  return settle(order, { status: 'expired', settledAt: order.expiresAt });
}

type Settlement =
  | { status: 'confirmed' | 'expired' | 'refused'; settledAt: number }
  | { status: 'cancelled'; settledAt: number; reason: CancelReason };

/** The one way out of `pending`. Takes a pending order, so that a settled one cannot be settled again. */
export function settle(order: PendingOrder, settlement: Settlement): SettledOrder {
  const { status: _pending, expiresAt: _expiresAt, ...facts } = order;
  return { ...facts, ...settlement };
}
