import type { RequestHandler } from 'express';
import { auth, type ConfigParams } from 'express-openid-connect';
import { createLoginState } from './login-state';
import { metadataOnce } from './metadata-once';
import { type OriginConfig, publicOrigin } from './origin';
import { sessionCookieOf, transactionCookieOf } from './session-cookie';

export interface OpenIdServices {
  config: OriginConfig & Record<'issuer' | 'apiId' | 'clientId' | 'clientSecret' | 'sessionSecret', string>;
  /** How express-openid-connect reaches the tenant; the platform's own fetch if absent. */
  auth0Fetch?: typeof fetch;
}

/** There is one address that POD is reached under; without PUBLIC_ORIGIN, loopback may have several ports. */
const clientsAtMost = 8;
const idleSeconds = 8 * 3600;
const longestSeconds = 24 * 3600;

/**
 * Reads the session of each request into `request.oidc`, by a client of express-openid-connect for the address that POD is
 * reached under.
 * @param afterCallback what is kept of a sign-in that succeeded
 */
export function openIdClients(
  { config, auth0Fetch = fetch }: OpenIdServices,
  afterCallback: ConfigParams['afterCallback'],
): RequestHandler {
  const clients = new Map<string, RequestHandler>();
  const customFetch = metadataOnce(auth0Fetch);

  function createClient(baseURL: string, path: string): RequestHandler {
    return auth({
      issuerBaseURL: config.issuer,
      baseURL,
      clientID: config.clientId,
      clientSecret: config.clientSecret,
      clientAuthMethod: 'client_secret_post',
      secret: config.sessionSecret,
      authRequired: false,
      idpLogout: true,
      routes: { login: false, logout: false, callback: false },
      // Without the audience Auth0 gives an access token that says nothing.
      authorizationParams: {
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: `${baseURL}${callbackPath}`,
        audience: config.apiId,
        scope: 'openid profile email offline_access',
      },
      // Its own state would be the same for every sign-in: one that is nobody else's is refused before the tenant is asked.
      getLoginState: (request, options) => createLoginState(options, request.res?.locals.isAgain === true),
      transactionCookie: { name: transactionCookieOf(baseURL) },
      session: {
        name: sessionCookieOf(baseURL),
        rollingDuration: idleSeconds,
        absoluteDuration: longestSeconds,
        cookie: { path, sameSite: 'Lax' },
      },
      afterCallback,
      customFetch,
    });
  }

  return (request, response, next) => {
    const baseURL = `${publicOrigin(config, request)}${request.baseUrl}`;
    const client = clients.get(baseURL) ?? createClient(baseURL, request.baseUrl);
    // The one that was used least lately makes room.
    clients.delete(baseURL);
    clients.set(baseURL, client);
    if (clients.size > clientsAtMost) clients.delete([...clients.keys()][0] as string);
    client(request, response, next);
  };
}

/** Where the tenant sends the browser back to, below the page. */
export const callbackPath = '/oidc/callback';
