import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { apiRouter } from '../../src/api/router';
import { createAccessTokens } from '../../src/auth0/access-tokens';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { Status } from '../../src/step-up/action';
import type { ActionStore } from '../../src/step-up/ledger';
import type { FeedEvent } from '../../src/step-up/outside';
import { createSqliteStore } from '../../src/stores/sqlite';
import { accessToken } from '../fixtures/access-token';
import { createCodeBook } from '../fixtures/code-book';
import { pizza } from '../fixtures/orders';
import { serve } from '../fixtures/serve';
import { testConfig, testSettings } from '../fixtures/settings';
import { type Answer, assertDocumented } from './documented';

interface Call {
  /** The customer whose token is sent; nobody's if absent. */
  as?: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, in place of `json`. */
  body?: BodyInit;
  headers?: Record<string, string>;
}

interface ApiAnswer extends Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the OpenAPI document says what it is, and is held against it
  json: any;
}

export interface Api {
  url: string;
  store: ActionStore<OrderTerms>;
  codes: ReturnType<typeof createCodeBook>;
  /** What open pages were told of orders that came into this state. */
  told(status: Status): FeedEvent[];
  logged: unknown[];
  passTime(milliseconds: number): void;
  /** Calls the API, and fails unless the answer is one that the OpenAPI document has. */
  call(method: string, path: string, call?: Call): Promise<ApiAnswer>;
  /** Places an order and gives its id. */
  order(as: string, key?: string): Promise<string>;
}

/** The real door, use cases and store, by HTTP on a port of its own; only Auth0 and the clock are stand-ins. */
export async function startApi(
  options: {
    ordersPerHour?: number;
    codesPerHour?: number;
    codesPerHourTotal?: number;
    store?: ActionStore<OrderTerms>;
    publicOrigin?: string;
  } = {},
): Promise<Api> {
  const store = options.store ?? createSqliteStore(':memory:', pizzaOrder);
  const codes = createCodeBook();
  const events: FeedEvent[] = [];
  const logged: unknown[] = [];
  const log = (fields: object) => void logged.push(fields);
  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  onTestFinished(() => store.close());
  const url = await serve(
    '/api',
    apiRouter({
      kind: pizzaOrder,
      config: { publicOrigin: options.publicOrigin },
      limits: {
        ordersPerHour: options.ordersPerHour ?? Math.max(20, options.codesPerHour ?? 0),
        codesPerHour: options.codesPerHour ?? 5,
        codesPerHourTotal: options.codesPerHourTotal ?? 1_000_000,
      },
      codeLength: 4,
      clock,
      store,
      passwordless: codes.passwordless,
      accessTokens: createAccessTokens(testConfig, clock),
      feed: { publish: async (event) => void events.push(event) },
      log: { info: log, warn: log, error: log },
      recordStep: () => {},
    }),
  );

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
    codes,
    told: (status) => events.filter((event) => 'status' in event && event.status === status),
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

/** A customer's access token as the tenant signs it; `staff…` has the staff's permissions, `looker…` the one to see. */
export function tokenOf(customer: string, claims: object = {}): string {
  const [who = ''] = /^(staff|looker)/.exec(customer) ?? [];
  const permissions = permissionsOf[who] ?? [];
  return accessToken(testSettings, { sub: customer, permissions, ...claims });
}

const permissionsOf: Record<string, string[]> = {
  staff: ['read:all-orders', 'manage:orders'],
  looker: ['read:all-orders'],
};
