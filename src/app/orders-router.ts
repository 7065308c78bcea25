import { type Request, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { jsonBody } from '../http/json-body';
import { parseOrderQuery, parseSearch, parseSpan, queryOf } from '../http/query';
import { turnLimitMs, within } from '../http/time-limit';
import { finishOrder, hideOrder, listOrders, readKitchen, reopenOrder } from '../orders/board';
import { ordersOf, readDay } from '../orders/day';
import { lockedCustomers } from '../orders/locked';
import type { Order, OrderTerms } from '../orders/pizza-order';
import { cancelOrder, findOrder, parseOrderId, type Viewer } from '../orders/viewer';
import { isLocked } from '../step-up/limits';
import type { StepUpServices } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { csvHeader, csvLine } from './orders-csv';
import type { Kitchen, LockedCustomer, OrderList } from './page-data';
import { presentDay, presentDetails, presentOrder } from './present-order';
import type { Session } from './session';

type Services = StepUpServices<OrderTerms>;
type ViewerOf = (request: Request) => Session;

/** The page's orders, and what can be done about them. */
export function ordersRouter(services: Services, viewerOf: ViewerOf): Router {
  const router = Router(exactPaths);
  router.get('/', async (request, response) => {
    const viewer = viewerOf(request);
    const query = queryOf(request);
    const includeHidden = query.get('hidden') === 'true';
    const wanted = { ...parseOrderQuery(query), includeArchived: true, includeHidden };
    const { actions, next } = await listOrders(services, viewer, wanted);
    const orders = actions.map((order) => presentOrder(order, viewer));
    response.json({ orders, next, locked: viewer.locked } satisfies OrderList);
  });
  router.use(staffRouter(services, viewerOf));
  router.get('/:id', async (request, response) => {
    const viewer = viewerOf(request);
    const order = await findOrder(services, viewer, request.params.id);
    const { customer } = await services.store.read(order.customerId);
    response.json(presentDetails(order, viewer, isLocked(customer, services.clock())));
  });

  const change = (path: string, work: (viewer: Viewer, id: string, request: Request) => Promise<Order>) =>
    router.post(`/:id/${path}`, jsonBody, async (request, response) => {
      const viewer = viewerOf(request);
      const order = await work(viewer, parseOrderId(String(request.params.id)), request);
      response.json(presentOrder(order, viewer));
    });
  change('done', (viewer, id) => finishOrder(services, viewer, id));
  change('undo', (viewer, id) => reopenOrder(services, viewer, id));
  change('hide', (viewer, id) => hideOrder(services, viewer, id));
  change('cancel', (viewer, id, { body }) =>
    within(turnLimitMs, (signal) => cancelOrder(services, viewer, id, { signal, note: parseReason(body) })),
  );
  return router;
}

/** What only staff see: the use cases refuse everybody else. */
function staffRouter(services: Services, viewerOf: ViewerOf): Router {
  const router = Router(exactPaths);
  router.get('/kitchen', async (request, response) => {
    const viewer = viewerOf(request);
    const { toDo, count, waiting } = await readKitchen(services, viewer);
    const present = (orders: Order[]) => orders.map((order) => presentOrder(order, viewer));
    response.json({ toDo: present(toDo), count, waiting: present(waiting) } satisfies Kitchen);
  });
  router.get('/day', async (request, response) => {
    const viewer = viewerOf(request);
    const query = queryOf(request);
    response.json(presentDay(await readDay(services, viewer, parseSpan(query), parseSearch(query)), viewer));
  });
  router.get('/day.csv', async (request, response) => {
    const lines = [csvHeader];
    for await (const order of ordersOf(services, viewerOf(request), parseSpan(queryOf(request)))) {
      lines.push(csvLine(order));
    }
    // Without a name: the page's link has one, with the day in it.
    response.attachment().type('text/csv; charset=utf-8').send(lines.join(''));
  });
  router.get('/locked', async (request, response) => {
    const locked = await lockedCustomers(services, viewerOf(request));
    const customers = locked.map(({ customerId, since, disowned, latest }): LockedCustomer => {
      const { id: orderId, terms, delivery } = latest ?? {};
      return { customerId, since, disowned, orderId, name: terms?.name, contact: delivery?.maskedContact };
    });
    response.json(customers);
  });
  return router;
}

/** @throws Refusal `invalid_request` for a reason that is no line of up to 200 characters */
function parseReason(body: { reason?: unknown } | undefined): string | undefined {
  const reason = body?.reason;
  if (reason === undefined) return undefined;
  if (typeof reason === 'string' && /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(reason))
    return reason.trim();
  throw new Refusal('invalid_request', 'reason must be one line of 1 to 200 visible characters.');
}
