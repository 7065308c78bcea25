import { randomUUID } from 'node:crypto';
import {
  type CustomerId,
  type Order,
  type PendingOrder,
  pendingLifetimeMs,
  type SettledOrder,
  settle,
  sizes,
  toppings,
} from '../../src/orders/order';
import type { OrderStore } from '../../src/services';

const outcomes = ['confirmed', 'expired', 'refused', 'cancelled'] as const;

/** A pending order as placing one leaves it. */
export function pendingOrder(customerId: CustomerId, placedAt: number, changes: Partial<PendingOrder> = {}) {
  const order: PendingOrder = {
    id: randomUUID(),
    customerId,
    pizza: { size: 'large', toppings: ['pepperoni'] },
    via: 'voice',
    placedAt,
    attempts: 0,
    delivery: { channel: 'sms', maskedContact: '•••• 0101' },
    status: 'pending',
    expiresAt: placedAt + pendingLifetimeMs,
    ...changes,
  };
  return order;
}

/** An order that ended, one of each kind in turn, confirmed ones mostly. */
export function settledOrder(customerId: CustomerId, placedAt: number, n: number): SettledOrder {
  const { status: _status, expiresAt: _expiresAt, ...facts } = pendingOrder(customerId, placedAt);
  const status = n % 5 < 2 ? 'confirmed' : (outcomes[n % outcomes.length] as (typeof outcomes)[number]);
  const pizza = {
    size: sizes[n % sizes.length] as (typeof sizes)[number],
    toppings: toppings.slice(n % 7, (n % 7) + 1 + (n % 3)),
  };
  const settled = { ...facts, pizza, settledAt: placedAt + 60_000 };
  return status === 'cancelled' ? { ...settled, status, reason: 'customer' } : { ...settled, status };
}

/** Puts orders into the store as they are. */
export async function storeOrders(store: OrderStore, orders: readonly Order[]): Promise<void> {
  for (const customerId of new Set(orders.map((order) => order.customerId))) {
    const own = orders.filter((order) => order.customerId === customerId);
    await store.transact(customerId, () => ({ orders: own, result: undefined }));
  }
}

/** Makes room for another pending order: a customer has one at most. */
export async function expirePending(store: OrderStore, customerId: CustomerId, now: number): Promise<void> {
  await store.transact(customerId, ({ latest }) => ({
    orders: latest?.status === 'pending' ? [settle(latest, { status: 'expired', settledAt: now })] : [],
    result: undefined,
  }));
}
