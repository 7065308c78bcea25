import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { loopbackRedirects } from '../../local/loopback-redirects';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { seededUsers } from '../../local/tenant/seeded-users';
import { appRouter } from '../../src/app/router';
import { createAccessTokens } from '../../src/auth0/access-tokens';
import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import { createPusherLive } from '../../src/feed/pusher-live';
import { pizzaOrder } from '../../src/orders/pizza-order';
import type { FeedEvent, Step } from '../../src/step-up/outside';
import { createSqliteStore } from '../../src/stores/sqlite';
import { createBrowser } from '../fixtures/browser';
import { testPage } from '../fixtures/page';
import { openTenant } from '../fixtures/tenant';

export const { customerWithPhone: phoebe, secondCustomerWithPhone: quentin, staff: stella } = seededUsers;

/** The real door, below a prefix, on a real tenant and store; only the clock can be moved. */
export async function openApp(settings: Record<string, string> = {}, assets = testPage) {
  const tenant = await openTenant();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const pageUrl = `${origin}/pod/app/`;
  for (const base of new Set([pageUrl, `${settings.PUBLIC_ORIGIN ?? origin}/pod/app/`])) {
    tenant.allowRedirects({ redirectUris: [`${base}oidc/callback`], postLogoutRedirectUris: [base] });
  }

  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const logged: object[] = [];
  const write = (fields: object, message: string) => void logged.push({ ...fields, message });
  const log = { info: write, warn: write, error: write };
  const config = parseConfig({ ...settings, ...tenant.settings });
  const auth0Fetch = createLoopbackFetch(config.auth0Domain);
  const store = createSqliteStore(':memory:', pizzaOrder);
  const events: FeedEvent[] = [];
  const steps: Step[] = [];
  const services = {
    config,
    kind: pizzaOrder,
    limits: { ordersPerHour: 20, codesPerHour: 5, codesPerHourTotal: 1_000 },
    codeLength: config.codeLength,
    clock,
    store,
    passwordless: createPasswordless({ config, clock, log, fetch: auth0Fetch }),
    accessTokens: createAccessTokens(config, clock),
    feed: { publish: async (event: FeedEvent) => void events.push(event) },
    live: config.pusher && createPusherLive(config.pusher),
    assets,
    log,
    recordStep: (step: Step) => void steps.push(step),
    auth0Fetch,
  };
  const app = express()
    .enable('case sensitive routing')
    .use(loopbackRedirects(config.auth0Domain))
    .use('/pod/app', appRouter(services));
  server.on('request', app);

  return {
    tenant,
    store,
    events,
    steps,
    services,
    logged,
    origin,
    pageUrl,
    visitor: () => createBrowser(pageUrl),
    async signedIn(user: { email: string; password: string }) {
      const visitor = createBrowser(pageUrl);
      await visitor.signIn(user);
      return visitor;
    },
    passTime(ms: number) {
      aheadMs += ms;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await tenant.close();
      await store.close();
    },
  };
}

export type OpenApp = Awaited<ReturnType<typeof openApp>>;
