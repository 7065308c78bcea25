import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import jwt from 'jsonwebtoken';
import { onTestFinished } from 'vitest';
import { apiRouter } from '../../src/api/router';
import { createTokenVerifier } from '../../src/auth0/access-tokens';
import { parseConfig } from '../../src/config';
import type { CustomerId } from '../../src/orders/order';
import type { OrderEvent, OrderStore } from '../../src/services';
import { createSqliteStore } from '../../src/stores/sqlite';
import { type Answer, assertDocumented } from './documented';
import { createScriptedPasswordless, type ScriptedPasswordless } from './scripted-passwordless';

export const settings = {
  AUTH0_DOMAIN: 'tenant.example',
  API_ID: 'https://pod.example',
  API_SIGNING_KEY: 'a-signing-key-for-tests-of-32-characters-or-more',
  APP_CLIENT_ID: 'client',
  APP_CLIENT_SECRET: 'secret',
};

export interface Call {
  /** The customer whose token is sent; nobody's if absent. */
  as?: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, in place of `json`. */
  body?: BodyInit;
  headers?: Record<string, string>;
}

export interface ApiAnswer extends Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the OpenAPI document says what it is, and is held against it
  json: any;
}

export interface Api {
  url: string;
  store: OrderStore;
  passwordless: ScriptedPasswordless;
  events: OrderEvent[];
  logged: unknown[];
  passTime(milliseconds: number): void;
  /** Calls the API, and fails unless the answer is one that the OpenAPI document has. */
  call(method: string, path: string, call?: Call): Promise<ApiAnswer>;
  /** Places an order and gives its id. */
  order(as: string, key?: string): Promise<string>;
}

/** The real door, use cases and store, by HTTP on a port of its own; only Auth0 and the clock are stand-ins. */
export async function startApi(options: { codesPerHour?: number; store?: OrderStore } = {}): Promise<Api> {
  const store = options.store ?? createSqliteStore(':memory:');
  const passwordless = createScriptedPasswordless();
  const events: OrderEvent[] = [];
  const logged: unknown[] = [];
  const log = (fields: object) => void logged.push(fields);
  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const config = { ...parseConfig(settings), codesPerHour: options.codesPerHour ?? 5 };
  const app = express();
  app.use(
    '/api',
    apiRouter({
      config,
      clock,
      store,
      passwordless,
      accessTokens: createTokenVerifier(config, clock),
      feed: { publish: async (event) => void events.push(event) },
      log: { info: log, warn: log, error: log },
      recordStep: () => {},
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await store.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;

  const call: Api['call'] = async (method, path, { as, json, body, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method,
      body: body ?? (json === undefined ? undefined : JSON.stringify(json)),
      headers: {
        ...(as && { Authorization: `Bearer ${tokenOf(as)}` }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
    });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    assertDocumented(method, path, answer);
    return { ...answer, json: JSON.parse(answer.text) };
  };

  return {
    url,
    store,
    passwordless,
    events,
    logged,
    call,
    passTime: (milliseconds) => {
      aheadMs += milliseconds;
    },
    order: async (as, key = randomUUID()) => {
      const headers = { 'Idempotency-Key': key };
      const { json } = await call('POST', '/orders', { as, headers, json: pizza });
      return json.id;
    },
  };
}

export const pizza = { size: 'large', toppings: ['pepperoni', 'mushrooms'] };

/** A customer's access token as the tenant signs it; `staff…` has the staff's permission. */
export function tokenOf(customer: string, claims: object = {}, key = settings.API_SIGNING_KEY): string {
  const permissions = customer.startsWith('staff') ? ['read:all-orders'] : [];
  const payload = { sub: customer, azp: settings.APP_CLIENT_ID, scope: 'openid', permissions, ...claims };
  const audience = 'aud' in claims ? {} : { audience: settings.API_ID };
  const issuer = 'iss' in claims ? {} : { issuer: `https://${settings.AUTH0_DOMAIN}/` };
  const lifetime = 'exp' in claims ? {} : { expiresIn: 3600 };
  return jwt.sign(payload, key, { algorithm: 'HS256', ...audience, ...issuer, ...lifetime });
}

/** What the store holds of a customer. */
export async function ordersOf(store: OrderStore, customer: string) {
  return (await store.list({ customerId: customer as CustomerId, limit: 200 })).orders;
}
