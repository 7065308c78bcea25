import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { auth } from 'express-openid-connect';
import { queryOf } from '../http/query';
import type { Log } from '../step-up/outside';
import { type OriginConfig, publicOrigin } from './origin';
import { forgetSession } from './session';

export interface SignInServices {
  config: OriginConfig & Record<'issuer' | 'apiId' | 'clientId' | 'clientSecret' | 'sessionSecret', string>;
  log: Log;
  /** How express-openid-connect reaches the tenant; the platform's own fetch if absent. */
  auth0Fetch?: typeof fetch;
}

/** express-openid-connect needs a client for every mount prefix and origin; there are one or two. */
const clientsAtMost = 8;
const idleSeconds = 8 * 3600;
const longestSeconds = 24 * 3600;

/**
 * Signs people in at the tenant by the authorization code flow with PKCE, and out again there too (OpenID Connect
 * RP-Initiated Logout). What is mounted after it finds the session in `request.oidc`.
 */
export function signInRouter(services: SignInServices): Router {
  const router = Router();
  router.use(openIdClients(services));
  router.get('/oidc/start', async (request, response) => {
    const wishes = queryOf(request);
    const view = wishes.get('return') === 'profile' ? 'profile' : 'orders';
    await response.oidc.login({
      returnTo: `${pageUrl(services, request)}#/${view}`,
      authorizationParams: wishes.get('fresh') === 'true' ? { max_age: 0, prompt: 'login' } : {},
    });
  });
  router.post('/oidc/logout', async (request, response) => {
    const returnTo = pageUrl(services, request);
    if (!request.oidc.isAuthenticated()) return response.redirect(303, returnTo);
    await response.oidc.logout({ returnTo });
  });
  router.use('/oidc', backToThePage(services));
  return router;
}

function openIdClients(services: SignInServices): RequestHandler {
  const clients = new Map<string, RequestHandler>();
  return (request, response, next) => {
    const baseURL = `${publicOrigin(services.config, request)}${request.baseUrl}`;
    let client = clients.get(baseURL);
    if (!client) {
      client = createOpenIdClient(services, baseURL, request.baseUrl);
      if (clients.size >= clientsAtMost) clients.delete([...clients.keys()][0] as string);
      clients.set(baseURL, client);
    }
    client(request, response, next);
  };
}

function createOpenIdClient({ config, auth0Fetch }: SignInServices, baseURL: string, path: string) {
  return auth({
    issuerBaseURL: config.issuer,
    baseURL,
    clientID: config.clientId,
    clientSecret: config.clientSecret,
    clientAuthMethod: 'client_secret_post',
    secret: config.sessionSecret,
    authRequired: false,
    idpLogout: true,
    routes: { login: false, logout: false, callback: '/oidc/callback' },
    // Without the audience Auth0 gives an access token that says nothing.
    authorizationParams: {
      response_type: 'code',
      response_mode: 'query',
      audience: config.apiId,
      scope: 'openid profile email offline_access',
    },
    session: {
      rollingDuration: idleSeconds,
      absoluteDuration: longestSeconds,
      cookie: { path, sameSite: 'Lax' },
    },
    ...(auth0Fetch && { customFetch: auth0Fetch }),
  });
}

function pageUrl({ config }: SignInServices, request: Parameters<RequestHandler>[0]): string {
  return `${publicOrigin(config, request)}${request.baseUrl}/`;
}

/** A person is not left with an error in plain text: the page says what happened and how to go on. */
function backToThePage(services: SignInServices): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const signingOut = request.path === '/logout';
    // The tenant refused (400), or did not answer; signing out here must not depend on it.
    const reason = signingOut ? 'signed-out-here' : error.status === 400 ? 'refused' : 'unavailable';
    if (signingOut) forgetSession(request);
    services.log.warn(
      { reason, cause: error.error ?? error.code ?? error.message },
      'a sign-in did not succeed',
    );
    response.redirect(303, `${request.baseUrl.replace(/\/oidc$/, '')}/#/sign-in-failed?reason=${reason}`);
  };
}
