import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config';
import { startServer } from '../../src/runtimes/server';
import { accessToken } from '../fixtures/access-token';
import { testSettings } from '../fixtures/settings';

const root = resolve(__dirname, '../..');
const settings = { ...testSettings, AUTH0_DOMAIN: 'localhost:9' };

type Changed = Partial<Record<keyof typeof settings | 'DATABASE_URL', string>>;

async function start(changed: Changed = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'pod-server-'));
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const given = {
    ...settings,
    DATABASE_URL: `file:${join(directory, 'orders.db')}`,
    ...changed,
  };
  const config = { ...parseConfig(given), port: 0, metricsPort: 0 };
  const token = accessToken(given, { sub: 'auth0|a' });
  const server = await startServer({ config, assets: new Map(), log });
  onTestFinished(async () => {
    await server.close().catch(() => {});
    await rm(directory, { recursive: true });
  });
  const order = () =>
    fetch(`${server.url}/api/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'k1',
      },
      body: JSON.stringify({ size: 'large', toppings: [] }),
    });
  return { server, lines, token, order };
}

it('starts while the database is away: alive, not ready, and with a clear problem for who orders', async () => {
  const { server, order } = await start({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/nowhere' });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  const response = await order();
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'store_unavailable' });
});

it('answers what is under way before it stops, and takes nothing new', async () => {
  const auth0 = createTcpServer().listen(0);
  await once(auth0, 'listening');
  onTestFinished(() => void auth0.close());
  const { server, order } = await start({
    AUTH0_DOMAIN: `localhost:${(auth0.address() as AddressInfo).port}`,
  });

  const ordering = order();
  // The order is under way once it has called Auth0, which holds it until the server is closing.
  const [connection] = (await once(auth0, 'connection')) as [Socket];
  const closing = server.close();
  connection.destroy();
  const answer = await ordering;
  expect(answer.status).toBe(503);
  expect(answer.headers.get('connection')).toBe('close');
  await closing;
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

it('B9: says that it stops, and serves on until the balancer has turned away', async () => {
  const { server } = await start();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  expect(await ask(`${server.url}/readyz`, agent)).toMatchObject({ status: 200, connection: 'keep-alive' });

  server.drain();
  const ready = await ask(`${server.url}/readyz`, agent);
  expect(ready).toMatchObject({ status: 503, connection: 'close' });
  expect(await ask(`${server.url}/healthz`, agent)).toMatchObject({ status: 200, connection: 'close' });
});

it('logs each step with its request, outcome and duration, and no token', async () => {
  const { lines, token, order } = await start();
  await order();
  const steps = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'order step');
  expect(steps).toMatchObject([
    { step: 'place', outcome: 'upstream_unavailable', requestId: 'api:k1', durationMs: expect.any(Number) },
  ]);
  expect(lines.join()).not.toContain(token);
  expect(lines.join()).not.toContain(settings.APP_CLIENT_SECRET);
});

it('names in package.json the file that the build writes', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(scripts.serve).toContain('build/server/server-start.js');
});

/** By a connection that the client would keep. */
async function ask(url: string, agent: Agent) {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  answer.resume();
  return { status: answer.statusCode, connection: answer.headers.connection };
}
