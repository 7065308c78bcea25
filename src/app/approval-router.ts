import { type Request, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { jsonBody } from '../http/json-body';
import { turnLimitMs, within } from '../http/time-limit';
import type { Order, OrderTerms } from '../orders/pizza-order';
import { itemsOf } from '../orders/receipt';
import { parseOrderId } from '../orders/viewer';
import { asOf } from '../step-up/action';
import { approve } from '../step-up/approve';
import { disown } from '../step-up/disown';
import { isSignedInSince } from '../step-up/evidence';
import { attemptsLeft } from '../step-up/limits';
import type { StepUpServices } from '../step-up/outside';
import { prove } from '../step-up/prove';
import { resend } from '../step-up/resend';
import type { TurnRequest } from '../step-up/turn';
import type { Approval } from './page-data';
import { presentOrder } from './present-order';
import type { Session } from './session';

/**
 * The one order that waits for whoever is signed in, and what they can do about it. Nothing names an order but the page that
 * has shown it: the link in the message is the same for everybody.
 */
export function approvalRouter(
  services: StepUpServices<OrderTerms>,
  sessionOf: (request: Request) => Session,
): Router {
  /** One turn of the reader about the order that the path names. */
  async function inTurn(
    request: Request,
    take: (turn: TurnRequest & { actionId: string }, session: Session) => Promise<Order>,
  ) {
    const session = sessionOf(request);
    const actionId = parseOrderId(String(request.params.id));
    const { customerId } = session;
    const order = await within(turnLimitMs, (signal) => take({ customerId, actionId, signal }, session));
    return presentOrder(order, session);
  }

  const router = Router(exactPaths);
  router.get('/', async (request, response) => {
    response.json(await lookAt(services, sessionOf(request)));
  });
  router.post('/:id/approve', async (request, response) => {
    response.json(await inTurn(request, (turn, { signIn }) => approve(services, { ...turn, signIn })));
  });
  router.post('/:id/disown', async (request, response) => {
    response.json(await inTurn(request, (turn) => disown(services, turn)));
    const { customerId } = sessionOf(request);
    services.log.warn(
      { customerId, actionId: request.params.id },
      'a customer says that an order was not theirs',
    );
  });
  router.post('/:id/authorize', jsonBody, async (request, response) => {
    const { code }: { code?: unknown } = Object(request.body);
    const said = typeof code === 'string' ? code : undefined;
    response.json(
      await inTurn(request, (turn, { signIn }) =>
        prove(services, { ...turn, code: said, prover: { door: 'page', signIn } }),
      ),
    );
  });
  router.post('/:id/code', async (request, response) => {
    response.json(await inTurn(request, (turn) => resend(services, turn)));
  });
  return router;
}

async function lookAt(
  { store, clock, codeLength }: StepUpServices<OrderTerms>,
  session: Session,
): Promise<Approval> {
  const { customer, latest } = await store.read(session.customerId);
  const now = clock();
  const order = latest && asOf(latest, now);
  const bill = order?.terms.bill;
  return {
    ...(order && { order: presentOrder(order, session) }),
    items: bill ? itemsOf(bill) : [],
    minutes: bill?.minutes,
    ...(order?.status === 'pending' && { attemptsLeft: attemptsLeft(order, customer, now).attemptsLeft }),
    freshSignIn: order !== undefined && isSignedInSince(session.signIn, order.placedAt),
    codeLength,
    locked: session.locked,
  };
}
