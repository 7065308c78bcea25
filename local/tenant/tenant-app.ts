import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Provider } from 'oidc-provider';
import type { Clock, Log } from '../../src/step-up/outside';
import { loopbackSources } from './application';
import { assetsRouter } from './assets-router';
import type { CallCounts } from './calls';
import type { Configuration } from './configuration';
import { controlRouter } from './control-router';
import { type Faults, meetFaults } from './faults';
import type { Inbox } from './inbox';
import { inboxRouter } from './inbox-router';
import { managementRouter, readManagementBody } from './management-router';
import type { Passkeys } from './passkeys';
import type { Passwordless } from './passwordless';
import { passwordlessRouter } from './passwordless-router';
import { errorPage } from './provider-pages';
import type { TenantSecrets } from './secrets';
import { signInRouter } from './sign-in-router';
import { readTokenBody, withFormBody } from './token-body';
import type { Users } from './users';

export interface TenantAppParts {
  issuer: string;
  secrets: TenantSecrets;
  users: Users;
  inbox: Inbox;
  passwordless: Passwordless;
  passkeys: Passkeys;
  provider: Provider;
  calls: CallCounts;
  faults: Faults;
  configuration: Configuration;
  /** Whether browsers may be sent back to every address of this machine. */
  anyLoopback: boolean;
  clock: Clock;
  log: Log;
  /** Aborts when the tenant closes. */
  signal: AbortSignal;
}

/** The tenant's doors: Auth0's paths, and its own for the inbox, the counts and the faults. */
export function createTenantApp(parts: TenantAppParts): Express {
  const { issuer, secrets, users, inbox, passwordless, provider, configuration } = parts;
  const { jwks } = secrets;
  const oidc = provider.callback();

  return (
    express()
      .disable('x-powered-by')
      .use(refuseForeignHosts)
      .use(protectPages(parts))
      .use('/assets', assetsRouter())
      .get('/', (_req, res) => res.redirect('/inbox'))
      .use(inboxRouter(inbox))
      .use(controlRouter(parts))
      // Before the faults: Auth0, too, has a request whole before it is slow, and carries it out when its caller has gone.
      .use(['/oauth/token', '/passwordless'], readTokenBody)
      .use('/api/v2', readManagementBody)
      .use(meetFaults(parts))
      .use('/passwordless', passwordlessRouter({ passwordless, users, configuration }))
      .use('/api/v2', managementRouter({ users, issuer, jwks, configuration }))
      .post('/oauth/token', (req, res) => oidc(withFormBody(req), res))
      .use(signInRouter({ provider, users, passkeys: parts.passkeys, clock: parts.clock }))
      .use((req, res) => oidc(req, res))
      .use(answerFailure(parts.log))
  );
}

// A page of another site can point its own name at 127.0.0.1 (DNS rebinding) and would then read the inbox. Nobody
// forwards to the tenant, so that the host it was reached by is the one it calls itself.
const refuseForeignHosts: RequestHandler = (req, res, next) => {
  delete req.headers['x-forwarded-host'];
  if (/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(req.headers.host ?? '')) next();
  else res.status(421).type('text').send('This tenant answers to localhost only.\n');
};

/**
 * Browsers apply form-action to the redirects that follow a form too, and a sign-in ends at the application: the
 * addresses it may send people back to are allowed.
 */
function protectPages({ configuration, anyLoopback }: TenantAppParts): RequestHandler {
  const { clients } = configuration.value;
  const origins = () => {
    const told = clients.flatMap((one) => [...one.callbacks, ...one.allowed_logout_urls]);
    const all = [...told.map((uri) => new URL(uri).origin), ...(anyLoopback ? loopbackSources : [])];
    return [...new Set(all)].join(' ');
  };
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ['data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'", origins],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Browsers would remember it for every other program on localhost.
    strictTransportSecurity: false,
  });
}

function answerFailure(log: Log): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) log.error({ err: error }, 'The tenant failed to answer');
    const fault = status === 500 ? 'server_error' : 'invalid_request';
    if (req.accepts(['json', 'html']) === 'json') res.status(status).json({ error: fault });
    else
      res.status(status).send(errorPage(status === 500 ? 'The tenant failed.' : 'This sign-in has expired.'));
  };
}
