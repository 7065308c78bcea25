import { timingSafeEqual } from 'node:crypto';
import { type ErrorRequestHandler, Router } from 'express';
import type { Channel } from '../../src/step-up/action';
import { otpGrantType } from './application';
import type { Application, Configuration } from './configuration';
import { connections, isPasswordless } from './connections';
import type { Passwordless } from './passwordless';
import type { Users } from './users';

export interface PasswordlessParts {
  passwordless: Passwordless;
  users: Users;
  configuration: Configuration;
}

class StartError extends Error {
  constructor(
    readonly error: string,
    readonly description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

const properties = [
  'client_id',
  'client_secret',
  'connection',
  'phone_number',
  'email',
  'send',
  'authParams',
];

/**
 * `POST /passwordless/start`, with the checks and error bodies of Auth0
 * (https://auth0.com/docs/api/authentication/passwordless/get-code-or-link). Who may have codes sent, and to
 * whom, is as the tenant is configured. Mount it behind `readTokenBody`.
 */
export function passwordlessRouter({ passwordless, users, configuration }: PasswordlessParts): Router {
  return Router()
    .post('/start', async (req, res) => {
      const body: Record<string, unknown> = req.body ?? {};
      const application = authenticate(body, configuration);
      const { channel, address } = parseStart(body);
      const { options } = connectionFor(channel, application, configuration);
      const known = users.owner(channel, address);
      // Auth0 does not document its answer; POD treats every refusal alike.
      if (!known && options.disable_signup) {
        throw new StartError('bad.connection', 'Public signup is disabled');
      }
      const user = known ?? (await users.createPasswordless(channel, address, {}));
      // Auth0 says nothing of it (best-practices.mdx), and sends nothing.
      if (!user.blocked) await passwordless.send(channel, address);
      res.json({ _id: user.user_id, [connections[channel].attribute]: address });
    })
    .use(answerRefusal);
}

function authenticate(body: Record<string, unknown>, { value, application }: Configuration): Application {
  if (!body.client_id) throw new StartError('bad.client_id', 'Missing required property: client_id');
  const found = application(body.client_id);
  const isOpen =
    body.client_secret === undefined &&
    !value.tenant.flags?.enforce_client_authentication_on_passwordless_start;
  if (!found || !(isOpen || isSame(String(body.client_secret), found.client_secret))) {
    throw new StartError('invalid_client', 'Invalid client credentials', 401);
  }
  // It must be enabled for the start already (relevant-api-endpoints.mdx).
  if (!found.grant_types.includes(otpGrantType)) {
    throw new StartError(
      'unauthorized_client',
      `Grant type '${otpGrantType}' not allowed for the client.`,
      403,
    );
  }
  return found;
}

function connectionFor(channel: Channel, application: Application, configuration: Configuration) {
  const connection = configuration.connection(channel);
  if (!connection) throw new StartError('bad.connection', 'Connection does not exist');
  if (!connection.enabled_clients.includes(application.client_id)) {
    throw new StartError('bad.connection', 'Connection is disabled');
  }
  return connection;
}

function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function parseStart(body: Record<string, unknown>) {
  const unknown = Object.keys(body).filter((name) => !properties.includes(name));
  if (unknown.length > 0) {
    throw new StartError('bad.request', `the following properties are not allowed: ${unknown.join(', ')}`);
  }
  if (!body.connection) throw new StartError('bad.connection', 'Missing required property: connection');
  const { connection: channel } = body;
  if (!isPasswordless(channel)) throw new StartError('bad.connection', 'Connection does not exist');
  // This tenant has no links.
  const { send = connections[channel].sends } = body;
  if (send !== 'code') throw new StartError('bad.request', 'send must be "code"');
  return { channel, address: parseAddress(channel, body) };
}

function parseAddress(channel: Channel, body: Record<string, unknown>): string {
  const { attribute: name, shape } = connections[channel];
  const value = body[name];
  if (typeof value !== 'string' || value === '') {
    throw new StartError(`bad.${name}`, `Missing required property: ${name}`);
  }
  if (!shape.test(value)) {
    throw new StartError(`bad.${name}`, `String does not match pattern: ${shape.source}`);
  }
  return value;
}

const answerRefusal: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof StartError) {
    res.status(error.status).json({ error: error.error, error_description: error.description });
  } else next(error);
};
