import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import express, { type Express, type Response } from 'express';
import { downloadCertificateChain } from '../alexa/certificate-download';
import { createTokenVerifier } from '../auth0/access-tokens';
import { createPasswordless } from '../auth0/passwordless';
import type { Config } from '../config';
import { createApp } from '../create-app';
import { noFeed } from '../feed/no-feed';
import { createPusherFeed } from '../feed/pusher';
import type { Assets, CertificateSource, Log, OrderStore, Services } from '../services';
import { createPostgresStore } from '../stores/postgres';
import { createSqliteStore } from '../stores/sqlite';
import { createMetrics, type Metrics } from './metrics';

export interface ServerOptions {
  config: Config;
  assets: Assets;
  log: Log;
  /** Whose requests are Amazon's; the certificates that Node trusts if absent. */
  alexaCertificates?: CertificateSource;
}

export interface RunningServer {
  url: string;
  metricsUrl: string;
  /** Says at `/readyz` that it stops, and ends each kept connection with its next answer; serves on until it is closed. */
  drain(): void;
  /** Takes no more requests, answers those under way, and closes the store. */
  close(): Promise<void>;
}

const readyWithinMs = 2_000;

/** A turn takes less than 7 s; whoever stops the process should not wait for ever. */
const patienceMs = 10_000;
const amazons: CertificateSource = { roots: rootCertificates, download: downloadCertificateChain };

/**
 * Starts the production server: as many of it as are wanted, in front of one PostgreSQL. Nothing in it may matter, so that
 * any of them can stop at any time. It starts without its database too, and is ready when that answers.
 * @throws the server's error when a port is taken (`code` EADDRINUSE, `port`)
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options;
  const metrics = createMetrics();
  const store = openStore(config, log);
  const underWay = new Set<Response>();
  let draining = false;
  const drain = () => {
    draining = true;
    underWay.forEach(endConnection);
  };

  const app = express().disable('x-powered-by');
  // Nothing here believes X-Forwarded-*: the public origin is a setting, and no limit goes by address.
  app.set('trust proxy', false);
  app.use((_req, res, next) => {
    if (draining) endConnection(res);
    underWay.add(res);
    res.on('close', () => underWay.delete(res));
    next();
  });
  app.get('/healthz', (_req, res) => void res.type('text').send('alive\n'));
  app.get('/readyz', async (_req, res) => {
    const ready = !draining && (await answersInTime(store));
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'not ready\n');
  });
  app.use(createApp(createServices(options, store, metrics)));

  const server = createServer(app);
  const metricsServer = createServer(metricsApp(metrics));
  try {
    const port = await listen(server, config.port);
    const metricsPort = await listen(metricsServer, config.metricsPort, '127.0.0.1');
    return {
      url: `http://localhost:${port}`,
      metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
      drain,
      async close() {
        drain();
        await Promise.all([stop(server), stop(metricsServer)]);
        await store.close();
      },
    };
  } catch (error) {
    server.close();
    await store.close();
    throw error;
  }
}

/**
 * Ends the process in order at SIGTERM or SIGINT. A request that reaches a listener just as it closes is reset, so the
 * server first drains for `shutdownSeconds`, in which balancers turn away from it.
 */
export function stopOnSignal(server: RunningServer, { shutdownSeconds }: Config, log: Log): void {
  const stop = async () => {
    log.info({ shutdownSeconds }, 'POD is stopping');
    server.drain();
    setTimeout(() => process.exit(1), shutdownSeconds * 1000 + patienceMs).unref();
    await pause(shutdownSeconds * 1000);
    await server.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function createServices(
  { config, assets, log, alexaCertificates = amazons }: ServerOptions,
  store: OrderStore,
  metrics: Metrics,
): Services {
  const clock = Date.now;
  const feed = config.pusher ? createPusherFeed({ config: config.pusher, clock, log }) : noFeed;
  return {
    config,
    clock,
    store,
    passwordless: createPasswordless({ config, clock, log, fetch: metrics.timeAuth0(fetch) }),
    accessTokens: createTokenVerifier(config, clock),
    alexaCertificates,
    feed: metrics.countOrders(feed),
    assets,
    log,
    recordStep(step) {
      metrics.recordStep(step);
      log.info(step, 'order step');
    },
  };
}

function openStore({ databaseUrl }: Config, log: Log): OrderStore {
  if (databaseUrl?.startsWith('postgres')) return createPostgresStore(databaseUrl, log);
  return createSqliteStore(databaseUrl?.replace(/^file:(\/\/)?/, '') ?? 'data/orders.db');
}

async function answersInTime(store: OrderStore): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, readyWithinMs, false).unref());
  const answer = store.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]);
}

function metricsApp(metrics: Metrics): Express {
  const app = express().disable('x-powered-by');
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.text());
  });
  return app;
}

async function listen(server: Server, port: number, host?: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Lets a balancer's kept connection end with the answer that is under way, which would else hold the server for seconds. */
function endConnection(res: Response): void {
  if (!res.headersSent) res.set('Connection', 'close');
}

async function stop(server: Server): Promise<void> {
  const stopped = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  await stopped;
}
