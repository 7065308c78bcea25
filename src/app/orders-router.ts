import { type Request, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { jsonBody } from '../http/json-body';
import { parseCustomer, parseOrderQuery, queryOf } from '../http/query';
import { turnLimitMs, within } from '../http/time-limit';
import { formatAddress } from '../orders/address';
import type { Bill } from '../orders/bill';
import { clearBoard, listOrders } from '../orders/board';
import { formatMoney } from '../orders/money';
import type { Order, OrderTerms } from '../orders/pizza-order';
import { cancelOrder, findOrder, type Viewer } from '../orders/viewer';
import type { StepUpServices } from '../step-up/outside';
import type { Board, BoardBill, BoardOrder } from './page-data';
import type { Session } from './session';

/** The board's data, and what can be done on it. */
export function ordersRouter(
  services: StepUpServices<OrderTerms>,
  viewerOf: (request: Request) => Session,
): Router {
  const router = Router(exactPaths);
  router.get('/', async (request, response) => {
    const viewer = viewerOf(request);
    const query = queryOf(request);
    const includeArchived = query.get('archived') === 'true';
    const page = await listOrders(services, viewer, { ...parseOrderQuery(query), includeArchived });
    const board: Board = {
      orders: page.actions.map((order) => presentOrder(order, viewer)),
      next: page.next,
      locked: viewer.locked,
    };
    response.json(board);
  });
  router.get('/:id', async (request, response) => {
    const viewer = viewerOf(request);
    response.json(presentOrder(await findOrder(services, viewer, request.params.id), viewer));
  });
  router.post('/:id/cancel', async (request, response) => {
    const viewer = viewerOf(request);
    const order = await within(turnLimitMs, (signal) =>
      cancelOrder(services, viewer, request.params.id, { signal }),
    );
    response.json(presentOrder(order, viewer));
  });
  router.post('/archive', jsonBody, async (request, response) => {
    const customer = parseCustomer(request.body?.customer);
    response.json({ archived: await clearBoard(services, viewerOf(request), customer) });
  });
  return router;
}

/** An order as the page is given it. */
export function presentOrder(order: Order, viewer: Viewer): BoardOrder {
  const { id, customerId, status, terms, via, placedAt, delivery, archivedAt, hiddenAt, evidence } = order;
  const { size, toppings, bill } = terms;
  return {
    id,
    customerId,
    own: customerId === viewer.customerId,
    status,
    pizza: { size, toppings },
    ...(bill && { bill: presentBill(bill) }),
    via,
    placedAt,
    contact: delivery?.maskedContact,
    archived: archivedAt !== undefined || (!viewer.staff && hiddenAt !== undefined),
    ...(evidence && { evidence }),
    ...(order.status === 'pending' && { expiresAt: order.expiresAt }),
    ...(order.status === 'confirmed' && { confirmedAt: order.endedAt }),
    ...(order.status === 'cancelled' && { cancelReason: order.reason, confirmedAt: order.confirmedAt }),
  };
}

function presentBill({ total, currency, delivery: { to } }: Bill): BoardBill {
  return { total: formatMoney(total, currency), ...(to && { to: formatAddress(to) }) };
}
