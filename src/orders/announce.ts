import { randomUUID } from 'node:crypto';
import type { Services } from '../services';
import { describePizza } from './describe-pizza';
import type { Order } from './order';

/** Tells open pages what became of these orders, after the store has committed. The turn does not wait for it. */
export function announce(services: Pick<Services, 'feed' | 'clock'>, orders: readonly Order[] = []): void {
  for (const order of orders) {
    void services.feed.publish({
      id: randomUUID(),
      orderId: order.id,
      customerId: order.customerId,
      status: order.status,
      summary: describePizza(order.pizza),
      at: services.clock(),
    });
  }
}
