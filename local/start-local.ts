import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { createTokenVerifier } from '../src/auth0/access-tokens';
import { createPasswordless } from '../src/auth0/passwordless';
import { parseConfig } from '../src/config';
import { createApp } from '../src/create-app';
import { noFeed } from '../src/feed/no-feed';
import { createPusherFeed } from '../src/feed/pusher';
import type { Assets, Clock, Log, OrderStore, Services } from '../src/services';
import { createSqliteStore } from '../src/stores/sqlite';
import { linkRedirectUri } from './echo/alexa-account';
import { createEcho } from './echo/create-echo';
import { openSigningChain } from './echo/signing-chain';
import { loopbackRedirects } from './loopback-redirects';
import { createTenant, type Tenant } from './tenant/create-tenant';
import { createLoopbackFetch } from './tenant/loopback-fetch';

/** Where POD is mounted, as it would be on a Webtask named `pod`. */
const mountPath = '/pod';
const skillId = 'amzn1.ask.skill.local-echo';

export interface LocalOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  ports: { pod: number; tenant: number; echo: number };
  /** Where orders, users, sign-ins and keys survive a restart. */
  dataDirectory: string;
  assets: Assets;
  log: Log;
  /** Further settings by name, `PUSHER_KEY` for example. Those of the stand-ins cannot be overridden. */
  settings?: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
}

/** POD with stand-ins for Auth0 and the Echo, all on loopback. */
export interface Local {
  podUrl: string;
  echoUrl: string;
  tenant: Tenant;
  store: OrderStore;
  /** Answers what is under way, then stops all three. */
  close(): Promise<void>;
}

/**
 * Starts POD, the tenant and the Echo, which needs no account anywhere.
 * @throws ConfigError for faulty settings, the server's error when a port is taken (`code` EADDRINUSE, `port`)
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { ports, dataDirectory, log, clock = Date.now } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const part of closing.splice(0).reverse()) await part();
  };
  try {
    const tenant = await createTenant({
      port: ports.tenant,
      dataDirectory: join(dataDirectory, 'tenant'),
      clock,
      log,
    });
    closing.push(tenant.close);

    const server = createServer();
    const podUrl = `${await listen(server, ports.pod)}${mountPath}`;
    let store: OrderStore | undefined;
    closing.push(async () => {
      await finishRequests(server);
      await store?.close();
    });
    tenant.allowRedirects({
      redirectUris: [`${podUrl}/app/oidc/callback`, linkRedirectUri],
      postLogoutRedirectUris: [`${podUrl}/app/`],
    });

    const signingChain = await openSigningChain({ directory: join(dataDirectory, 'echo'), clock });
    const services = createServices(options, tenant, new URL(podUrl).origin, signingChain.certificates);
    store = services.store;
    const outer = express().disable('x-powered-by').use(loopbackRedirects(services.config.auth0Domain));
    server.on('request', outer.use(mountPath, createApp(services)));

    const echo = await createEcho({
      port: ports.echo,
      appUrl: `${podUrl}/alexa`,
      skillId,
      linking: linkingTo(tenant),
      signingChain,
      dataDir: join(dataDirectory, 'echo'),
      clock,
      log,
    });
    closing.push(echo.close);
    return { podUrl, echoUrl: echo.url, tenant, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createServices(
  { settings, dataDirectory, assets, log, clock = Date.now }: LocalOptions,
  tenant: Tenant,
  publicOrigin: string,
  alexaCertificates: Services['alexaCertificates'],
): Services {
  const config = parseConfig({
    ...settings,
    ...tenant.settings,
    ALEXA_SKILL_ID: skillId,
    PUBLIC_ORIGIN: publicOrigin,
  });
  const auth0Fetch = createLoopbackFetch(config.auth0Domain);
  return {
    config,
    clock,
    store: createSqliteStore(join(dataDirectory, 'orders.db')),
    passwordless: createPasswordless({ config, clock, log, fetch: auth0Fetch }),
    accessTokens: createTokenVerifier(config, clock),
    alexaCertificates,
    feed: config.pusher ? createPusherFeed({ config: config.pusher, clock, log }) : noFeed,
    assets,
    log,
    recordStep: (step) => log.info(step, 'order step'),
    auth0Fetch,
  };
}

function linkingTo({ url: tenantUrl, settings }: Tenant) {
  return {
    tenantUrl,
    apiId: settings.API_ID,
    clientId: settings.APP_CLIENT_ID,
    clientSecret: settings.APP_CLIENT_SECRET,
  };
}

async function finishRequests(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await closed;
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}
