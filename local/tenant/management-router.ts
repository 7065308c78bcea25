import express, { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import type { User } from './account';
import type { Configuration } from './configuration';
import { configurationRouter } from './configuration-router';
import { connections, isPasswordless } from './connections';
import { ManagementError } from './management-error';
import { type ManagementTokens, requireScope } from './require-scope';
import { parseUserQuery } from './user-query';
import type { Users } from './users';

export interface ManagementParts extends ManagementTokens {
  users: Users;
  configuration: Configuration;
}

/**
 * The calls of the Management API v2 that POD makes, and those that configure a tenant, with the scopes, statuses and bodies of Auth0's reference
 * (https://auth0.com/docs/api/management/v2). Mount it behind `readManagementBody`.
 */
export function managementRouter({ users, configuration, ...tokens }: ManagementParts): Router {
  const requires = requireScope(tokens);
  const need = (userId: string): User => {
    const user = users.find(userId);
    if (!user) throw new ManagementError(404, 'inexistent_user', 'The user does not exist.');
    return user;
  };

  return Router()
    .use(showRateLimit)
    .get('/users/:id', requires('read:users'), (req, res) => {
      res.json(selectFields(need(String(req.params.id)), req.query));
    })
    .get('/users', requires('read:users'), (req, res) => {
      res.json(searchUsers(users.all(), req.query));
    })
    .post('/users', requires('create:users'), async (req, res) => {
      const { connection, address, ...rest } = parseNewUser(req);
      if (!configuration.connection(connection)) throw noConnection();
      if (users.owner(connection, address)) {
        throw new ManagementError(409, 'auth0_idp_error', 'The user already exists.');
      }
      res.status(201).json(await users.createPasswordless(connection, address, rest));
    })
    .patch('/users/:id', requires('update:users'), async (req, res) => {
      const changes = parseMetadata(req);
      res.json(await users.updateMetadata(need(String(req.params.id)), changes));
    })
    .post('/users/:id/identities', requires('update:users'), async (req, res) => {
      const primary = need(String(req.params.id));
      const { provider, user_id } = req.body ?? {};
      if (typeof provider !== 'string' || typeof user_id !== 'string')
        throw invalidBody('provider or user_id');
      const secondary = need(`${provider}|${user_id}`);
      if (secondary === primary) {
        throw new ManagementError(400, 'invalid_body', 'Main account and link account are the same.');
      }
      res.status(201).json(await users.link(primary, secondary));
    })
    .use(configurationRouter({ configuration, ...tokens }))
    .use(() => {
      throw new ManagementError(404, 'not_found', 'This tenant has no such Management API call.');
    })
    .use(answerRefusal);
}

// The limit of a free tenant. It is shown, for clients that read it, and never reached.
const showRateLimit: RequestHandler = (_req, res, next) => {
  const reset = Math.ceil(Date.now() / 1000) + 1;
  res.set({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': String(reset) });
  next();
};

function parseNewUser(req: Request) {
  const body = req.body ?? {};
  const { connection, phone_verified, email_verified, user_metadata = {}, app_metadata = {} } = body;
  if (!isPasswordless(connection)) {
    throw noConnection();
  }
  const { attribute, shape } = connections[connection];
  const address = body[attribute];
  if (typeof address !== 'string' || !shape.test(address)) throw invalidBody(attribute);
  if (!isObject(user_metadata) || !isObject(app_metadata)) throw invalidBody('user_metadata or app_metadata');
  return { connection, address, phone_verified, email_verified, user_metadata, app_metadata };
}

function noConnection(): ManagementError {
  return new ManagementError(400, 'inexistent_connection', 'The connection does not exist.');
}

/** Of all that Auth0 lets one change, POD changes its own mark and the customer's address. */
function parseMetadata(req: Request): Partial<Pick<User, 'user_metadata' | 'app_metadata'>> {
  const { user_metadata, app_metadata, ...others } = req.body ?? {};
  const given = [user_metadata, app_metadata].filter((metadata) => metadata !== undefined);
  if (given.length === 0 || !given.every(isObject) || Object.keys(others).length > 0) {
    throw invalidBody('user_metadata or app_metadata');
  }
  return { user_metadata, app_metadata };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalidBody(names: string): ManagementError {
  return new ManagementError(
    400,
    'invalid_body',
    `Payload validation error: ${names} is missing or malformed.`,
  );
}

function searchUsers(all: User[], query: Request['query']) {
  const perPage = Math.min(Number(query.per_page ?? 50), 100);
  const start = Number(query.page ?? 0) * perPage;
  const found = all.filter(parseUserQuery(String(query.q ?? '')));
  const users = found.slice(start, start + perPage).map((user) => selectFields(user, query));
  if (query.include_totals !== 'true') return users;
  return { start, limit: perPage, length: users.length, total: found.length, users };
}

// https://auth0.com/docs/api/management/v2/users/get-users-by-id: `fields` names what to give, or what to leave out.
function selectFields(user: User, { fields, include_fields }: Request['query']) {
  if (!fields) return user;
  const named = new Set(String(fields).split(','));
  const include = include_fields !== 'false';
  return Object.fromEntries(Object.entries(user).filter(([name]) => named.has(name) === include));
}

const answerUnreadable: ErrorRequestHandler = (error, _req, res, next) => {
  if (error.status === 400) res.status(400).json(new ManagementError(400, 'invalid_body', 'Invalid JSON.'));
  else next(error);
};

/** Reads the body of a Management API request. */
export const readManagementBody = [express.json(), answerUnreadable];

const answerRefusal: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof ManagementError) res.status(error.statusCode).json(error);
  else next(error);
};
