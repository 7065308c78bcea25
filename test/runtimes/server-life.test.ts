import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { holdTime } from '../fixtures/held-time';

import { start } from './start-test-server';

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

/** By a connection that the client would keep. */
async function ask(url: string, agent: Agent) {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  answer.resume();
  return { status: answer.statusCode, connection: answer.headers.connection };
}
