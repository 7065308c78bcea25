import { type Request, type RequestHandler, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { guarded } from '../http/guarded';
import { HttpFault } from '../http/http-fault';
import { jsonBody } from '../http/json-body';
import { answerProblem } from '../http/problem';
import { parseOrderQuery, queryOf } from '../http/query';
import type { DoorCounts } from '../http/refused';
import { turnLimitMs, within } from '../http/time-limit';
import { listOrders } from '../orders/board';
import type { Order } from '../orders/pizza-order';
import { type OrderServices, placeOrder } from '../orders/place';
import { cancelOrder, findOrder, parseOrderId, type Viewer } from '../orders/viewer';
import type { AccessTokens } from '../step-up/customer';
import { prove } from '../step-up/prove';
import { recordedWith } from '../step-up/record-outcome';
import { Refusal } from '../step-up/refusal';
import { resend } from '../step-up/resend';
import type { TurnRequest } from '../step-up/turn';
import { authenticate } from './authenticate';
import { openApiFor } from './openapi';
import { parseAuthorization, parseIdempotencyKey, parsePizza } from './parse-request';
import { presentOrder } from './present-order';

/** What the API needs from outside. */
export interface ApiServices extends OrderServices {
  accessTokens: AccessTokens;
  /** Under which scheme and host it is reached from outside, if that is known. */
  config: { publicOrigin?: string };
  counts?: DoorCounts;
}

/**
 * The door `/api`: the use cases by HTTP, as openapi.ts describes them. Only that description is for everybody; whoever
 * asks for anything else, even for a path that does not exist, must have an access token.
 */
export function apiRouter(given: ApiServices): Router {
  const services = recordedWith(given, { door: 'api' });
  const router = Router(exactPaths);
  router.use(neverStored);
  const { publicOrigin } = services.config;
  router.get('/openapi.json', (req, res) => {
    res.json(openApiFor(services.codeLength, publicOrigin && `${publicOrigin}${req.baseUrl}`));
  });
  router.use(
    guarded('/', authenticate(services.accessTokens), (callerOf) => ordersRouter(services, callerOf)),
  );
  router.use(answerProblem(services, 'api', presentOrder));
  return router;
}

function ordersRouter(services: ApiServices, callerOf: (req: Request) => Viewer): Router {
  /** One turn of the caller, under the request's idempotency key and the limit of a turn. */
  function inTurn(req: Request, take: (turn: TurnRequest) => Promise<Order>): Promise<Order> {
    const { customerId } = callerOf(req);
    const key = parseIdempotencyKey(req);
    const requestId = key && `api:${key}`;
    return within(turnLimitMs, (signal) => take({ customerId, requestId, signal }));
  }

  const router = Router(exactPaths);
  router
    .route('/orders')
    .post(jsonBody, async (req, res) => {
      const pizza = parsePizza(req.body);
      const order = await inTurn(req, (turn) => placeOrder(services, { ...turn, pizza, via: 'api' }));
      res.status(201).location(`${req.baseUrl}/orders/${order.id}`).json(presentOrder(order));
    })
    .get(async (req, res) => {
      // What was cleared from the board is still the customer's history.
      const query = { ...parseOrderQuery(queryOf(req)), includeArchived: true, includeHidden: true };
      const { actions, next } = await listOrders(services, callerOf(req), query);
      res.json({ orders: actions.map(presentOrder), next });
    })
    .all(allowOnly('GET', 'POST'));

  router
    .route('/orders/:id')
    .get(async (req, res) => {
      res.json(presentOrder(await findOrder(services, callerOf(req), req.params.id)));
    })
    .delete(async (req, res) => {
      const cancelled = await inTurn(req, (turn) =>
        cancelOrder(services, callerOf(req), req.params.id, turn),
      );
      res.json(presentOrder(cancelled));
    })
    .all(allowOnly('GET', 'DELETE'));

  router
    .route('/orders/:id/authorize')
    .post(jsonBody, async (req, res) => {
      const code = parseAuthorization(req.body);
      const actionId = parseOrderId(req.params.id);
      const proof = { actionId, code, prover: { door: 'api' } } as const;
      res.json(presentOrder(await inTurn(req, (turn) => prove(services, { ...turn, ...proof }))));
    })
    .all(allowOnly('POST'));

  router
    .route('/orders/:id/code')
    .post(async (req, res) => {
      const actionId = parseOrderId(req.params.id);
      res.json(presentOrder(await inTurn(req, (turn) => resend(services, { ...turn, actionId }))));
    })
    .all(allowOnly('POST'));

  router.use(() => {
    throw new Refusal('not_found', 'The API has no such path: openapi.json lists those it has.');
  });
  return router;
}

/** Nothing is stored, so there is nothing to revalidate either: no answer is ever 304. */
const neverStored: RequestHandler = (req, res, next) => {
  res.set('Cache-Control', 'no-store');
  delete req.headers['if-none-match'];
  next();
};

/** Answers every method a path does not have with 405 and those it has (RFC 9110 §15.5.6). */
function allowOnly(...methods: string[]): RequestHandler {
  const allow = methods.join(', ');
  return () => {
    throw new HttpFault(405, 'invalid_request', `This path has only ${allow}.`, { Allow: allow });
  };
}
