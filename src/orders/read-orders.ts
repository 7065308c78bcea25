import type { OrderPage, OrderQuery, Services } from '../services';
import { announce } from './announce';
import { asOf, type CustomerId, type Order } from './order';

/** The customer's newest order as it truly is now, or undefined for a customer who never ordered. */
export async function latestOrder(
  services: Pick<Services, 'store' | 'clock'>,
  customerId: CustomerId,
): Promise<Order | undefined> {
  const { latest } = await services.store.read(customerId);
  return latest && asOf(latest, services.clock());
}

/** The order of that id as it truly is now, whoever's it is: the door decides who may see it. */
export async function findOrder(
  services: Pick<Services, 'store' | 'clock'>,
  orderId: string,
): Promise<Order | undefined> {
  const order = await services.store.find(orderId);
  return order && asOf(order, services.clock());
}

/**
 * A page of orders, newest first, each as it truly is now.
 * @throws Refusal `invalid_request` for a cursor that no page gave
 */
export async function listOrders(
  services: Pick<Services, 'store' | 'clock' | 'feed'>,
  query: OrderQuery,
): Promise<OrderPage> {
  await expireOverdueOrders(services);
  const page = await services.store.list(query);
  // After a long silence more may have run out than are written down at once.
  return { ...page, orders: page.orders.map((order) => asOf(order, services.clock())) };
}

// Nothing wakes up by itself on every runtime, so whoever looks at orders first writes down which have run out.
async function expireOverdueOrders(services: Pick<Services, 'store' | 'clock' | 'feed'>): Promise<void> {
  const now = services.clock();
  for (const customerId of await services.store.overdue(now)) {
    const expired = await services.store.transact(customerId, ({ latest }) => {
      const order = latest && asOf(latest, now);
      return order && order !== latest ? { orders: [order], result: [order] } : { result: [] };
    });
    announce(services, expired);
  }
}
