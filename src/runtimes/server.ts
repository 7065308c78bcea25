import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import express, { type Express } from 'express';
import type { CertificateSource } from '../alexa/certificate-cache';
import { downloadCertificateChain } from '../alexa/certificate-download';
import type { Assets } from '../app/assets';
import type { Config } from '../config';
import { createApp } from '../create-app';
import { noticeWords } from '../orders/notice-words';
import { type OrderTerms, pizzaOrder } from '../orders/pizza-order';
import type { ActionStore } from '../step-up/ledger';
import type { Log, Step } from '../step-up/outside';
import { createPostgresStore } from '../stores/postgres';
import { createSqliteStore } from '../stores/sqlite';
import { watchStore } from '../stores/watch-store';
import { createServices } from './create-services';
import { createLife } from './life';
import { listen } from './listen';
import { createMetrics, type Metrics } from './metrics';

export interface ServerOptions {
  config: Config;
  assets: Assets;
  log: Log;
  /** Whose requests are Amazon's; the certificates that Node trusts if absent. */
  alexaCertificates?: CertificateSource;
}

export type RunningServer = Awaited<ReturnType<typeof startServer>>;

/** How long a request may take to arrive. No genuine one is slow, and each holds a connection. */
const patience = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/** A balancer keeps connections, many for 60 s, and loses a request if the server is the first to close. */
const keepAlive = { keepAliveTimeout: 75_000 };

/** A turn takes less than 7 s; whoever stops the process should not wait for ever. */
const patienceMs = 10_000;
const amazons: CertificateSource = { roots: rootCertificates, download: downloadCertificateChain };

/**
 * Starts the production server: as many of it as are wanted, in front of one PostgreSQL. Nothing in it may matter, so that
 * any of them can stop at any time. It starts without its database too, and is ready when that answers.
 * @throws the server's error when a port is taken (`code` EADDRINUSE, `port`)
 */
export async function startServer(options: ServerOptions) {
  const { config, log } = options;
  if (!config.alexaSkillId) {
    log.warn({}, 'ALEXA_SKILL_ID is not set: POD answers every skill that is pointed at it');
  }
  const metrics = createMetrics();
  const store = watchStore(openStore(config, log), { log, clock: Date.now, record: metrics.recordStoreCall });
  const life = createLife({ store, log, ...metrics });

  const app = express().disable('x-powered-by');
  // Nothing here believes X-Forwarded-*: the public origin is a setting, and no limit goes by address.
  app.set('trust proxy', false);
  app.get('/healthz', (_req, res) => void res.type('text').send('alive\n'));
  app.get('/readyz', async (_req, res) => {
    const readiness = await life.readiness();
    res
      .status(readiness === 'ready' ? 200 : 503)
      .type('text')
      .send(`${readiness}\n`);
  });
  const services = countedServices(options, store, metrics);
  app.use(createApp(services));

  const server = createServer({ ...patience, ...keepAlive }, app);
  const metricsServer = createServer(metricsApp(metrics));
  try {
    const pod = await listen(server, config.port);
    const prometheus = await listen(metricsServer, config.metricsPort, config.metricsHost);
    services.courier?.start();
    const url = `http://localhost:${pod.port}`;
    const metricsUrl = `http://${hostInUrl(config.metricsHost)}:${prometheus.port}/metrics`;
    log.info({ url, metrics: metricsUrl }, `POD listens, and waits for ${storeOf(config)}`);
    void life.look();
    // A balancer's kept connection would else hold the server for seconds.
    const drain = () => {
      life.drain(config.shutdownSeconds);
      pod.drain();
    };
    return {
      url,
      metricsUrl,
      /** Says at `/readyz` that it stops, and ends each kept connection with its next answer; serves on until it is closed. */
      drain,
      /** Takes no more requests, answers those under way, sends the mails on their way, and closes the store. */
      async close(): Promise<void> {
        drain();
        await pod.finish();
        await services.courier?.close();
        await store.close();
        life.stop();
        await prometheus.finish();
      },
    };
  } catch (error) {
    server.close();
    await store.close();
    life.stop();
    throw error;
  }
}

/**
 * Ends the process in order at SIGTERM or SIGINT. A request that reaches a listener just as it closes is reset, so the
 * server first drains for `shutdownSeconds`, in which balancers turn away from it.
 */
export function stopOnSignal(server: RunningServer, { shutdownSeconds }: Config): void {
  const stop = async () => {
    server.drain();
    setTimeout(() => process.exit(1), shutdownSeconds * 1000 + patienceMs).unref();
    await pause(shutdownSeconds * 1000);
    await server.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function countedServices(
  { config, assets, log, alexaCertificates = amazons }: ServerOptions,
  store: ActionStore<OrderTerms>,
  metrics: Metrics,
) {
  const fetch = metrics.timeAuth0(globalThis.fetch);
  const kind = pizzaOrder;
  const page = config.publicOrigin && `${config.publicOrigin}/app/`;
  const mail = { words: noticeWords, page, count: metrics.countMail };
  const parts = { config, kind, clock: Date.now, store, alexaCertificates, assets, log, fetch, mail };
  const services = createServices(parts);
  return {
    ...services,
    auth0Fetch: fetch,
    counts: metrics.counts,
    feed: metrics.countOrders(services.feed),
    recordStep(step: Step) {
      metrics.recordStep(step);
      services.recordStep(step);
    },
  };
}

/** The store that the settings name. */
export function openStore({ databaseUrl, databasePool }: Config, log: Log): ActionStore<OrderTerms> {
  if (isPostgres(databaseUrl)) return createPostgresStore(databaseUrl, pizzaOrder, log, databasePool);
  return createSqliteStore(databaseUrl?.replace(/^file:(\/\/)?/, '') ?? 'data/orders.db', pizzaOrder);
}

function storeOf({ databaseUrl }: Config): string {
  return isPostgres(databaseUrl) ? 'PostgreSQL' : 'its SQLite file';
}

function isPostgres(databaseUrl: string | undefined): databaseUrl is `postgres${string}` {
  return databaseUrl?.startsWith('postgres') ?? false;
}

/** An IPv6 address is written in brackets (RFC 3986 §3.2.2). */
function hostInUrl(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function metricsApp(metrics: Metrics): Express {
  const app = express().disable('x-powered-by');
  app.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.text());
  });
  return app;
}
