import { type RequestHandler, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { guarded } from '../http/guarded';
import { answerProblem } from '../http/problem';
import type { OrderTerms } from '../orders/pizza-order';
import type { StepUpServices } from '../step-up/outside';
import { recordedWith } from '../step-up/record-outcome';
import { approvalRouter } from './approval-router';
import { type Assets, assetsRouter } from './assets';
import { type LiveUpdates, liveRouter } from './live-router';
import { ordersRouter } from './orders-router';
import { requireOrigin } from './origin';
import type { Me } from './page-data';
import { type ProfileServices, profileRouter } from './profile-router';
import { securityHeaders } from './security-headers';
import { findSession, readSession, type SessionServices } from './session';
import { type SignInServices, signInRouter } from './sign-in';

/** What the back office needs from outside: the sum of what its parts ask for. */
export type AppServices = StepUpServices<OrderTerms> &
  SignInServices &
  SessionServices &
  ProfileServices & {
    assets: Assets;
    /** Absent where changes are not pushed. */
    live?: LiveUpdates;
  };

const behindSignIn = ['/beat', '/orders', '/approval', '/profile', '/unlock', '/live', '/pusher'];

/** The back office: the page, the sign-in, and the page's data. Works below any prefix. */
export function appRouter(given: AppServices): Router {
  const services = recordedWith(given, { door: 'app' });
  const { assets, clock, config, live } = services;
  const router = Router(exactPaths);
  router.use(securityHeaders(config, live), requireOrigin(config), redirectToSlash);
  router.use(assetsRouter(assets));
  router.use(signInRouter(services));
  router.use(neverStored);
  // Being signed out is an answer, not an error: the page asks this before it knows.
  router.get('/me', async (request, response) => {
    const session = await findSession(services, request);
    if (!session) return void response.json(null);
    const { name, staff, manages } = session;
    const me: Me = { name, staff, manages, live: live !== undefined, codeLength: services.codeLength };
    response.json(me);
  });
  router.use(
    guarded(
      behindSignIn,
      (request) => readSession(services, request),
      (sessionOf) => {
        const routes = Router(exactPaths);
        // Whether the server, the store and the session still answer.
        routes.get('/beat', (_request, response) => void response.json({}));
        routes.use('/orders', ordersRouter(services, sessionOf));
        routes.use('/approval', approvalRouter(services, sessionOf));
        routes.use(profileRouter(services, sessionOf));
        if (live) routes.use(liveRouter({ live, clock }, sessionOf));
        return routes;
      },
    ),
  );
  router.use(answerProblem(services, 'app'));
  return router;
}

/** The page's links are relative to `…/app/`. Browsers keep the fragment, so `…/app#/policy` arrives where it should. */
const redirectToSlash: RequestHandler = (request, response, next) => {
  const [path, query] = request.originalUrl.split('?');
  if (request.path !== '/' || path?.endsWith('/')) return next();
  response.redirect(`${request.baseUrl}/${query === undefined ? '' : `?${query}`}`);
};

/** No browser or proxy keeps these answers. The page itself sends the ETag of what it shows, to hear that nothing has changed. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
