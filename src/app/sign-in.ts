import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import type { ConfigParams } from 'express-openid-connect';
import { decodeJwt } from 'jose';
import { exactPaths } from '../http/exact-paths';
import { HttpFault } from '../http/http-fault';
import { queryOf } from '../http/query';
import { type DoorCounts, noteSender } from '../http/refused';
import type { CustomerId } from '../step-up/customer';
import { Refusal } from '../step-up/refusal';
import { readLoginState, stateInCookie } from './login-state';
import { createOnceOnly } from './once-only';
import { callbackPath, openIdClients } from './open-id-clients';
import { publicOrigin } from './origin';
import { sameOriginChanges } from './same-origin-changes';
import { forgetSession } from './session-cookie';
import { beginSession, endSessions, type SignOutServices } from './sign-out';

export interface SignInServices extends SignOutServices {
  counts?: DoorCounts;
}

/**
 * Signs people in at the tenant by the authorization code flow with PKCE, and out again there too (OpenID Connect
 * RP-Initiated Logout). What is mounted after it finds the session in `request.oidc`, and is asked to change something by the
 * page alone.
 */
export function signInRouter(services: SignInServices): Router {
  const isFirst = createOnceOnly();
  const router = Router(exactPaths);
  router.use(openIdClients(services, sessionKeeper(services)), noteWhoseSession);
  // Not before: a request that another site made the browser send is logged with whose session it would have used.
  router.use(sameOriginChanges(services.config));
  router.get('/oidc/start', async (request, response) => {
    const wishes = queryOf(request);
    await response.oidc.login({
      returnTo: viewUrl(services, request, wishes.get('return')),
      authorizationParams: wishes.get('fresh') === 'true' ? { max_age: 0, prompt: 'login' } : {},
    });
  });
  router.get(callbackPath, async (request, response) => {
    // The cookie of a sign-in can be sent again and again, and each time the tenant would be asked about the code.
    if (!isFirst(queryOf(request).get('state') ?? '')) {
      if (request.oidc.isAuthenticated()) return response.redirect(pageUrl(services, request));
      throw new HttpFault(400, 'invalid_request', 'This sign-in was answered already.');
    }
    await response.oidc.callback({
      redirectUri: `${pageUrl(services, request).slice(0, -1)}${callbackPath}`,
    });
  });
  router.post('/oidc/logout', async (request, response) => {
    const returnTo = pageUrl(services, request);
    if (!request.oidc.isAuthenticated()) return response.redirect(303, returnTo);
    await endSessions(services, request);
    await response.oidc.logout({ returnTo });
  });
  router.use(startAgain(services));
  router.use('/oidc', backToThePage(services));
  return router;
}

/** The views of the page to which a sign-in may lead back. */
const views = [/^(orders|approve|day|locked|profile)$/, /^orders\/[0-9a-f-]{36}$/];

function viewUrl(services: SignInServices, request: Request, wish?: string | null): string {
  const view = wish && views.some((one) => one.test(wish)) ? wish : 'orders';
  return `${pageUrl(services, request)}#/${view}`;
}

/** Long enough for the way back from the tenant: who has just entered a password is not asked again. */
const justNowSeconds = 60;

/**
 * A browser keeps one sign-in at a time. Of two tabs that start one, the later takes the place of the earlier, whose answer
 * then is nobody's: it is started again, once, and the tenant, where its person is signed in by now, answers at once.
 */
function startAgain(services: SignInServices): ErrorRequestHandler {
  return async (error, request, response, next) => {
    const query = queryOf(request);
    const answered = readLoginState(query.get('state'));
    const isNobodys = answered !== undefined && answered.id !== stateInCookie(request)?.id;
    if (
      request.path !== callbackPath ||
      error instanceof HttpFault ||
      !isNobodys ||
      answered.again ||
      query.has('error')
    )
      return next(error);
    const returnTo = viewUrl(services, request, answered.returnTo?.split('#/')[1]);
    response.locals.isAgain = true;
    const authorizationParams = answered.fresh ? { max_age: justNowSeconds } : {};
    await response.oidc.login({ returnTo, authorizationParams });
  };
}

/** What is kept of a sign-in that succeeded. */
function sessionKeeper(services: SignInServices): ConfigParams['afterCallback'] {
  return async (_request, _response, session) => {
    const customerId = decodeJwt(session.id_token).sub as CustomerId;
    const begun = await beginSession(services, customerId);
    services.counts?.signIn('done');
    services.log.info({ customerId }, 'signed in');
    return { ...session, ...begun };
  };
}

/** Until the session is known to be good, its sender is nobody; whose it says it is, is worth a line in the log. */
const noteWhoseSession: RequestHandler = (request, _response, next) => {
  const customerId = request.oidc.idTokenClaims?.sub as CustomerId | undefined;
  noteSender(request, { as: 'nobody', ...(customerId && { customerId }) });
  next();
};

function pageUrl({ config }: SignInServices, request: Request): string {
  return `${publicOrigin(config, request)}${request.baseUrl}/`;
}

/** A person is not left with an error in plain text: the page says what happened and how to go on. */
function backToThePage(services: SignInServices): ErrorRequestHandler {
  return (error, request, response, next) => {
    // Another site's request is no sign-in of this person: it changes nothing here.
    const isForeign = error instanceof Refusal && error.code === 'forbidden';
    if (response.headersSent || isForeign) return next(error);
    const signingOut = request.path === '/logout';
    // The tenant refused (400), or did not answer; signing out here must not depend on it.
    const outcome = error.status === 400 ? 'refused' : 'unavailable';
    const reason = signingOut ? 'signed-out-here' : outcome;
    if (signingOut) forgetSession(request);
    else services.counts?.signIn(outcome);
    services.log.warn(
      { door: 'app', as: 'nobody', outcome: reason, cause: error.error ?? error.code ?? error.message },
      signingOut ? 'a sign-out was not told to all' : 'a sign-in did not succeed',
    );
    response.redirect(303, `${request.baseUrl.replace(/\/oidc$/, '')}/#/sign-in-failed?reason=${reason}`);
  };
}
