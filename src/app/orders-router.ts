import { json, type Response, Router } from 'express';
import { Refusal } from '../errors';
import { cancelOrder } from '../orders/cancel-order';
import { type CustomerId, type Order, type OrderStatus, orderStatuses } from '../orders/order';
import { findOrder, listOrders } from '../orders/read-orders';
import type { OrderServices } from '../orders/turn';
import type { OrderQuery } from '../services';
import type { Board, BoardOrder } from './page-data';
import { type Session, sessionOf } from './session';
import { queryOf } from './sign-in';

/** A whole turn answers in under seven seconds. */
const turnMs = 6_000;

/** The board's data. Staff see and change every order, everybody else their own. */
export function ordersRouter(services: OrderServices): Router {
  const router = Router();
  router.get('/', async (request, response) => {
    const session = sessionOf(response);
    const { orders, next } = await listOrders(services, parseQuery(queryOf(request.url), session));
    const board: Board = { orders: orders.map((order) => presentOrder(order, session)), next };
    response.json(board);
  });
  router.get('/:id', async (request, response) => {
    response.json(
      presentOrder(await visibleOrder(services, request.params.id, response), sessionOf(response)),
    );
  });
  router.post('/:id/cancel', async (request, response) => {
    const session = sessionOf(response);
    const { customerId, id } = await visibleOrder(services, request.params.id, response);
    const by = customerId === session.customerId ? 'customer' : 'staff';
    const signal = AbortSignal.timeout(turnMs);
    const order = await cancelOrder(services, { customerId, orderId: id, by, signal });
    response.json(presentOrder(order, session));
  });
  router.post('/archive', json(), async (request, response) => {
    const customerId = scopeOf(request.body?.customer, sessionOf(response));
    response.json({ archived: await services.store.archiveConfirmed({ customerId }, services.clock()) });
  });
  return router;
}

/** Somebody else's order is not found, so that nobody can tell that it exists. */
async function visibleOrder(services: OrderServices, id: string, response: Response): Promise<Order> {
  const { staff, customerId } = sessionOf(response);
  const order = await findOrder(services, id);
  if (order && (staff || order.customerId === customerId)) return order;
  throw new Refusal('not_found', 'There is no such order.');
}

function parseQuery(query: URLSearchParams, session: Session): OrderQuery {
  const limit = query.get('limit') ?? '50';
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 200) {
    throw new Refusal('invalid_request', 'limit is a number from 1 to 200.');
  }
  return {
    customerId: scopeOf(query.get('customer') ?? undefined, session),
    statuses: parseStatuses(query.get('status')),
    includeArchived: query.get('archived') === 'true',
    after: query.get('after') ?? undefined,
    limit: Number(limit),
  };
}

/** Whose orders are meant: for staff whosever they name, or everybody's; for everybody else their own. */
function scopeOf(customer: unknown, { staff, customerId }: Session): CustomerId | undefined {
  if (customer !== undefined && typeof customer !== 'string') {
    throw new Refusal('invalid_request', 'customer is a customer id.');
  }
  if (staff) return customer as CustomerId | undefined;
  if (customer !== undefined && customer !== customerId) {
    throw new Refusal('forbidden', 'Only staff may look at the orders of others.');
  }
  return customerId;
}

function parseStatuses(list: string | null): OrderStatus[] | undefined {
  if (list === null) return undefined;
  const statuses = orderStatuses.filter((status) => list.split(',').includes(status));
  if (statuses.length === list.split(',').length) return statuses;
  throw new Refusal('invalid_request', `status is a list of ${orderStatuses.join(', ')}, each once.`);
}

function presentOrder(order: Order, session: Session): BoardOrder {
  const { id, customerId, status, pizza, via, placedAt, delivery, archivedAt } = order;
  return {
    id,
    customerId,
    own: customerId === session.customerId,
    status,
    pizza,
    via,
    placedAt,
    contact: delivery?.maskedContact,
    archived: archivedAt !== undefined,
    ...(order.status === 'pending' ? { expiresAt: order.expiresAt } : { settledAt: order.settledAt }),
    ...(order.status === 'cancelled' && { cancelReason: order.reason }),
  };
}
