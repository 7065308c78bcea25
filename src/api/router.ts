import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { Refusal } from '../errors';
import { cancelOrder } from '../orders/cancel-order';
import { confirmOrder } from '../orders/confirm-order';
import type { Order } from '../orders/order';
import { placeOrder } from '../orders/place-order';
import { findOrder, listOrders } from '../orders/read-orders';
import { resendCode } from '../orders/resend-code';
import type { OrderServices, TurnRequest } from '../orders/turn';
import type { OrderQuery, Services } from '../services';
import { authenticate, callerOf, isStaff } from './authenticate';
import { openApi } from './openapi';
import { parseCode, parseIdempotencyKey, parseOrderQuery, parsePizza } from './parse-request';
import { presentOrder } from './present-order';
import { allowOnly, answerProblem, HttpFault } from './problem';

/** A turn must be answered within 7 s; its calls to Auth0 end before. */
const turnLimitMs = 6_000;

/**
 * The door `/api`: the use cases of orders/ by HTTP, as openapi.ts describes them.
 * Answers its own errors, as problem details (RFC 9457).
 */
export function apiRouter(services: OrderServices & Pick<Services, 'accessTokens'>): Router {
  const router = Router();

  router.use(neverCache);
  router.get('/openapi.json', (_req, res) => {
    res.json(openApi);
  });
  router.use(authenticate(services.accessTokens));

  router
    .route('/orders')
    .post(jsonBody, async (req, res) => {
      const pizza = parsePizza(req.body);
      const order = await placeOrder(services, { ...turnOf(req, res), pizza, via: 'api' });
      res.status(201).location(`${req.baseUrl}/orders/${order.id}`).json(presentOrder(order));
    })
    .get(async (req, res) => {
      const { orders, next } = await listOrders(services, visibleOrders(req, res));
      res.json({ orders: orders.map(presentOrder), next });
    })
    .all(allowOnly('GET', 'POST'));

  router
    .route('/orders/:id')
    .get(async (req, res) => {
      res.json(presentOrder(await visibleOrder(services, req.params.id, res)));
    })
    .delete(async (req, res) => {
      const order = await visibleOrder(services, req.params.id, res);
      const cancelled = await cancelOrder(services, { ...cancelTurnOf(req, res, order), orderId: order.id });
      res.json(presentOrder(cancelled));
    })
    .all(allowOnly('GET', 'DELETE'));

  router
    .route('/orders/:id/authorize')
    .post(jsonBody, async (req, res) => {
      const code = parseCode(req.body);
      const orderId = parseOrderId(req.params.id);
      res.json(presentOrder(await confirmOrder(services, { ...turnOf(req, res), orderId, code })));
    })
    .all(allowOnly('POST'));

  router
    .route('/orders/:id/code')
    .post(async (req, res) => {
      const orderId = parseOrderId(req.params.id);
      res.json(presentOrder(await resendCode(services, { ...turnOf(req, res), orderId })));
    })
    .all(allowOnly('POST'));

  router.use(() => {
    throw new Refusal('not_found', 'The API has no such path: openapi.json lists those it has.');
  });
  router.use(answerProblem(services.log));
  return router;
}

/** Nothing is stored, so there is nothing to revalidate either: no answer is ever 304. */
const neverCache: RequestHandler = (req, res, next) => {
  res.set('Cache-Control', 'no-store');
  delete req.headers['if-none-match'];
  next();
};

const parseJson = express.json({ limit: '10kb', type: 'application/json' });

/** A body that is not declared as JSON is refused rather than overlooked (RFC 9110 §15.5.16). */
const jsonBody: RequestHandler = (req, res, next) => {
  if (req.is('application/json') === false) {
    throw new HttpFault(415, 'The body must be JSON: Content-Type: application/json.', {
      'Accept-Post': 'application/json',
    });
  }
  parseJson(req, res, next);
};

function turnOf(req: Request, res: Response): TurnRequest {
  const key = parseIdempotencyKey(req);
  return {
    customerId: callerOf(res).customerId,
    requestId: key && `api:${key}`,
    signal: AbortSignal.timeout(turnLimitMs),
  };
}

/** Staff act on another customer's order: their keys must not meet that customer's own. */
function cancelTurnOf(req: Request, res: Response, order: Order): TurnRequest & { by: 'customer' | 'staff' } {
  const turn = turnOf(req, res);
  if (order.customerId === turn.customerId) return { ...turn, by: 'customer' };
  const requestId = turn.requestId && `staff:${turn.customerId}:${turn.requestId}`;
  return { ...turn, customerId: order.customerId, requestId, by: 'staff' };
}

/** Customers see their own orders; asking for another's is refused, whether or not there is such a customer. */
function visibleOrders(req: Request, res: Response): OrderQuery {
  const caller = callerOf(res);
  const query = parseOrderQuery(new URLSearchParams(req.url.replace(/^[^?]*/, '')));
  if (isStaff(caller)) return query;
  if (query.customerId && query.customerId !== caller.customerId) {
    throw new Refusal('forbidden', 'Only staff may see the orders of other customers.');
  }
  return { ...query, customerId: caller.customerId };
}

/** Somebody else's order is not found, so that nobody can tell that it exists. */
async function visibleOrder(services: OrderServices, id: string, res: Response): Promise<Order> {
  const caller = callerOf(res);
  const order = await findOrder(services, parseOrderId(id));
  if (!order || (order.customerId !== caller.customerId && !isStaff(caller))) throw noSuchOrder();
  return order;
}

/** Order ids are UUIDs (RFC 9562 §4); anything else is no order's, and need not reach the store. */
function parseOrderId(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw noSuchOrder();
  return id;
}

function noSuchOrder(): Refusal {
  return new Refusal('not_found', 'There is no such order.');
}
