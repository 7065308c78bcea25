import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'libsql';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { notVerifiedReasons } from '../../src/alexa/verify-error';
import { parseConfig } from '../../src/config';
import { startServer } from '../../src/runtimes/server';
import { accessToken } from '../fixtures/access-token';
import { holdTime } from '../fixtures/held-time';
import { testSettings } from '../fixtures/settings';

const root = resolve(__dirname, '../..');
const settings = { ...testSettings, AUTH0_DOMAIN: 'localhost:9' };

type Changed = Partial<
  Record<keyof typeof settings | 'DATABASE_URL' | 'ALEXA_SKILL_ID' | 'METRICS_HOST', string>
>;

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
  return { server, lines, token, order, path: join(directory, 'orders.db') };
}

it('starts while the database is away: alive, not ready, and with a clear problem for who orders', async () => {
  const { server, order } = await start({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/nowhere' });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const readyz = await fetch(`${server.url}/readyz`);
  expect([readyz.status, await readyz.text()]).toEqual([503, 'starting\n']);
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
  const { server, lines } = await start();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  expect(await ask(`${server.url}/readyz`, agent)).toMatchObject({ status: 200, connection: 'keep-alive' });
  const states = () => lines.map((line) => JSON.parse(line).state).filter(Boolean);
  expect(states()).toEqual(['starting', 'ready']);

  server.drain();
  const ready = await ask(`${server.url}/readyz`, agent);
  expect(ready).toMatchObject({ status: 503, connection: 'close' });
  expect(await ask(`${server.url}/healthz`, agent)).toMatchObject({ status: 200, connection: 'close' });
  expect(await (await fetch(server.metricsUrl)).text()).toContain('pod_state{state="draining"} 1');
  await server.close();
  expect(states()).toEqual(['starting', 'ready', 'draining', 'stopped']);
});

it('B8: keeps connections for longer than a balancer does, so that it is never the first to close', async () => {
  const { server } = await start();
  const { headers } = await fetch(`${server.url}/healthz`);
  const [, seconds] = headers.get('keep-alive')?.match(/timeout=(\d+)/) ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
});

it('B7: answers in time, and is alive, while another process holds the SQLite file', async () => {
  const { server, order, path } = await start();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  onTestFinished(() => void other.close());
  const time = holdTime();
  const ordering = order();
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(await time.passUntilEnded(ordering)).toBeLessThan(7_000);
  expect(await (await ordering).json()).toMatchObject({ code: 'store_unavailable' });
});

it('B7: answers in time when that begins while Auth0 lets POD wait', async () => {
  const auth0 = createTcpServer().listen(0);
  await once(auth0, 'listening');
  onTestFinished(() => void auth0.close());
  const { order, path } = await start({ AUTH0_DOMAIN: `localhost:${(auth0.address() as AddressInfo).port}` });
  const other = new Database(path);
  onTestFinished(() => void other.close());
  const time = holdTime();
  const ordering = order();
  await once(auth0, 'connection');
  other.exec('BEGIN IMMEDIATE');
  expect(await time.passUntilEnded(ordering)).toBeLessThan(7_000);
  expect(await (await ordering).json()).toMatchObject({ code: 'store_unavailable' });
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

it('A17: says of each step who took it, by which door and as what', async () => {
  const { lines, order } = await start();
  await order();
  const step = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'order step');
  expect(step).toMatchObject({ customerId: 'auth0|a', door: 'api', by: 'customer' });
});

it('A17: writes one line for each refused request, who, where, as what and why, and counts it', async () => {
  const { server, lines, token } = await start();
  const authorization = `Bearer ${token}`;
  const unknown = '00000000-0000-4000-8000-000000000000';
  await fetch(`${server.url}/api/orders`, { headers: { authorization: 'Bearer forged.to.ken' } });
  await fetch(`${server.url}/api/orders/${unknown}`, { headers: { authorization } });
  await fetch(`${server.url}/api/orders?customer=auth0|b`, { headers: { authorization } });
  await fetch(`${server.url}/alexa`, { method: 'POST', body: '{}' });
  await fetch(`${server.url}/app/orders`, { headers: { host: 'localhost' } });
  await fetch(`${server.url}/app/unlock`, { method: 'POST' });

  const refused = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /refused/.test(msg));
  const known = { customerId: 'auth0|a', as: 'customer' };
  expect(refused).toMatchObject([
    { door: 'api', as: 'nobody', outcome: 'invalid_token' },
    { door: 'api', ...known, outcome: 'not_found' },
    { door: 'api', ...known, outcome: 'forbidden' },
    { door: 'alexa', as: 'nobody', outcome: 'header_missing' },
    { door: 'app', as: 'nobody', outcome: 'invalid_token' },
    { door: 'app', as: 'nobody', outcome: 'forbidden' },
  ]);
  expect(lines.join()).not.toMatch(/forged|eyJ/);

  const metrics = await (await fetch(server.metricsUrl)).text();
  expect(metrics).toContain('pod_refusals_total{door="api",reason="not_found"} 1');
  expect(metrics).toContain('pod_refusals_total{door="alexa",reason="header_missing"} 1');
});

it.each([
  ['', '127.0.0.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['::1', '[::1]'],
])('B12: tells Prometheus what it counts at METRICS_HOST %j', async (given, host) => {
  const { server } = await start({ METRICS_HOST: given });
  expect(new URL(server.metricsUrl).hostname).toBe(host);
  expect((await fetch(server.metricsUrl)).status).toBe(200);
});

it('B23: leads from its root to the page', async () => {
  const { server } = await start();
  const answer = await fetch(`${server.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/app/']);
});

it('counts from nought, so that the first event has a rate', async () => {
  const { server } = await start();
  const metrics = await (await fetch(server.metricsUrl)).text();
  for (const line of [
    'pod_orders_total{status="confirmed"} 0',
    'pod_code_sends_total{outcome="done"} 0',
    'pod_attempts_total{outcome="wrong_code"} 0',
    'pod_refusals_total{door="app",reason="forbidden"} 0',
    'pod_sign_ins_total{outcome="refused"} 0',
    'pod_mails_total{outcome="sent"} 0',
    'pod_turn_seconds_count{step="place"} 0',
    'pod_state{state="stopped"} 0',
    'pod_store_seconds_count{call="transact"} 0',
    'pod_store_faults_total{reason="store_full"} 0',
    'process_start_time_seconds ',
    'nodejs_eventloop_lag_seconds ',
    ...notVerifiedReasons.map((reason) => `pod_refusals_total{door="alexa",reason="${reason}"} 0`),
  ]) {
    expect(metrics).toContain(line);
  }
});

it('counts sign-ins, and times what they ask of Auth0', async () => {
  const { server } = await start();
  await fetch(`${server.url}/app/oidc/start`, { redirect: 'manual' });
  const metrics = await (await fetch(server.metricsUrl)).text();
  expect(metrics).toContain('pod_sign_ins_total{outcome="unavailable"} 1');
  expect(metrics).toMatch(
    /pod_auth0_request_seconds_count\{path="\/.well-known\/openid-configuration",status="0"\} 1/,
  );
});

it.each(['/alexa', '/api/openapi.json', '/api/orders', '/app/', '/nowhere'])(
  'has browsers neither sniff, frame nor, after TLS, ask without it at %s',
  async (path) => {
    const { server } = await start();
    const { headers } = await fetch(`${server.url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  },
);

it.each(['/API/orders', '/ALEXA', '/App/', '/api/orders/', '/api/Orders'])(
  'A19: does not find another spelling, %s',
  async (path) => {
    const { server, token } = await start();
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${server.url}${path}`, { headers })).status).toBe(404);
  },
);

it('warns of a skill that is not named', async () => {
  const unnamed = await start();
  expect(unnamed.lines.join()).toContain('ALEXA_SKILL_ID is not set');
  const named = await start({ ALEXA_SKILL_ID: 'amzn1.ask.skill.x' });
  expect(named.lines.join()).not.toContain('ALEXA_SKILL_ID');
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
