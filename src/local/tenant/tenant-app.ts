import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Provider } from 'oidc-provider';
import type { Log } from '../../services';
import { type CallCounts, nameCall } from './calls';
import type { Inbox } from './inbox';
import { managementRouter } from './management-router';
import type { Passwordless } from './passwordless';
import { passwordlessRouter } from './passwordless-router';
import type { TenantSecrets } from './secrets';
import { readTokenBody, withFormBody } from './token-body';
import type { Users } from './users';

export interface TenantAppParts {
  issuer: string;
  secrets: TenantSecrets;
  users: Users;
  inbox: Inbox;
  passwordless: Passwordless;
  provider: Provider;
  calls: CallCounts;
  log: Log;
}

/** The tenant's doors: Auth0's paths, and its own for the inbox. */
export function createTenantApp(parts: TenantAppParts): Express {
  const { issuer, secrets, users, inbox, passwordless, provider, calls } = parts;
  const { clientSecret, jwks } = secrets;
  const oidc = provider.callback();

  return express()
    .disable('x-powered-by')
    .use(refuseForeignHosts)
    .get('/inbox.json', (req, res) => {
      res.json(inbox.messages(req.query.to as string | undefined));
    })
    .use('/oauth/token', readTokenBody)
    .use((req, _res, next) => {
      const name = nameCall(req);
      if (name) calls.add(name);
      next();
    })
    .use('/passwordless', passwordlessRouter({ passwordless, users, clientSecret }))
    .use('/api/v2', managementRouter({ users, issuer, jwks: jwks as never }))
    .post('/oauth/token', (req, res) => oidc(withFormBody(req), res))
    .use((req, res) => oidc(req, res))
    .use(answerFailure(parts.log));
}

// A page of another site can point its own name at 127.0.0.1 (DNS rebinding) and would then read the inbox.
const refuseForeignHosts: RequestHandler = (req, res, next) => {
  if (/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(req.headers.host ?? '')) next();
  else res.status(421).type('text').send('This tenant answers to localhost only.\n');
};

function answerFailure(log: Log): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log.error({ err: error }, 'The tenant failed to answer');
    res.status(status).json({ error: status === 500 ? 'server_error' : 'invalid_request' });
  };
}
