import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SigningChain } from '../local/echo/signing-chain';
import { startPostgres } from '../test/fixtures/postgres';
import { issueTlsCertificate } from '../test/fixtures/tls-certificate';
import { createAuth0Stub, serveOverTls } from './auth0-stub';
import {
  type AppProcess,
  type Bench,
  benchConfig,
  customerIds,
  percentile,
  rate,
  type SignedTurn,
  send,
  signTurn,
  startApp,
} from './turns';

interface Visit {
  order: SignedTurn;
  authorize: SignedTurn;
}

function signVisits(chain: SigningChain, customers: readonly string[]): Visit[] {
  return customers.map((id) => ({
    order: signTurn(chain, id, 'order'),
    authorize: signTurn(chain, id, 'authorize'),
  }));
}

async function visit(url: string, { order, authorize }: Visit): Promise<void> {
  await send(`${url}/alexa`, order, /is holding/);
  await send(`${url}/alexa`, authorize, /is confirmed/);
}

/** Orders and authorizations of many customers at once, against a bare Express route that answers the same JSON. */
export async function throughput(bench: Bench) {
  const { chain, scale } = bench;
  const customers = customerIds(Math.round(2_000 * scale));
  const app = await startApp(bench, customers.length);
  const visits = signVisits(chain, customers);
  await rate(signVisits(chain, customers.slice(0, 200)), 32, (one) => visit(app.url, one));
  const pod = 2 * (await rate(visits, 32, (one) => visit(app.url, one)));
  const turns = visits.flatMap(({ order, authorize }) => [order, authorize]);
  const bare = await rate(turns, 32, (turn) => send(`${app.url}/bare`, turn, /is holding/));
  app.stop();
  return { 'turns/s': pod, 'bare route/s': bare, ratio: pod / bare };
}

const warmUps = 500;

/**
 * One turn after the other: what a turn takes, which calls to Auth0 it waits for, and what it takes without that wait,
 * beside the bare route with the same bytes.
 */
export async function overhead(bench: Bench) {
  const { chain, scale } = bench;
  const count = Math.round(400 * scale);
  const rows: Record<string, string | number>[] = [];
  for (const latencyMs of [0, 50]) {
    let bareP50 = Number.NaN;
    const customers = customerIds(latencyMs === 0 ? count : Math.max(20, Math.round(count / 4)));
    const app = await startApp(bench, customers.length + warmUps, { latencyMs });
    // A process that has just started fetches the token and the keys, and its code is not compiled yet.
    const warmUp = signVisits(chain, customerIds(customers.length + warmUps).slice(-warmUps));
    await rate(warmUp, 32, (one) => visit(app.url, one));
    await takeCalls(app);
    const order = (id: string) => signTurn(chain, id, 'order');
    const authorize = (id: string) => signTurn(chain, id, 'authorize');

    for (const [turn, path, sign, expected] of [
      ['bare route', '/bare', order, /is holding/],
      ['order, contact unknown', '/alexa', order, /is holding/],
      ['authorize', '/alexa', authorize, /is confirmed/],
      ['order, contact known', '/alexa', order, /is holding/],
    ] as const) {
      const { calls, p50, p95, p99 } = await timeEach(app, path, customers.map(sign), expected);
      const own = p50 - calls * latencyMs;
      if (path === '/bare') bareP50 = own;
      rows.push({ turn, 'auth0 ms': latencyMs, calls, p50, p95, p99, 'own p50': own, ratio: own / bareP50 });
    }
    app.stop();
  }
  return rows;
}

async function timeEach(app: AppProcess, path: string, turns: readonly SignedTurn[], expected: RegExp) {
  const times: number[] = [];
  let calls = 0;
  for (const turn of turns) {
    const startedAt = performance.now();
    await send(app.url + path, turn, expected);
    times.push(performance.now() - startedAt);
    calls = (await takeCalls(app)).length;
  }
  return { calls, p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) };
}

async function takeCalls(app: AppProcess): Promise<string[]> {
  return (await fetch(`${app.url}/calls`)).json() as Promise<string[]>;
}

/**
 * What a turn costs the process, and which part of it: CPU time of orders and authorizations in turn, 32 at once, beside the
 * bare route, with parts taken out one at a time. CPU time, because a clock also measures what else the machine does.
 */
export async function cost(bench: Bench) {
  const { chain, scale } = bench;
  const customers = customerIds(Math.round(2_000 * scale));
  const visits = signVisits(chain, customers);
  const warmUp = signVisits(chain, customers.slice(0, warmUps));
  const inMemory = { store: ':memory:' };
  const withoutSdks = { withoutSdks: true };
  const rows: Record<string, string | number>[] = [];
  for (const [what, parts] of [
    ['whole turn', {}],
    ['without the Auth0 SDKs', withoutSdks],
    ['with a store in memory', inMemory],
    ['without both', { ...inMemory, ...withoutSdks }],
  ] as const) {
    const app = await startApp(bench, customers.length, parts);
    await rate(warmUp, 32, (one) => visit(app.url, one));
    if (rows.length === 0) {
      const bare = visits.map(({ order }) => order);
      await rate(bare.slice(0, warmUps), 32, (turn) => send(`${app.url}/bare`, turn, /is holding/));
      const micros = await cpuOf(app, () =>
        rate(bare, 32, (turn) => send(`${app.url}/bare`, turn, /is holding/)),
      );
      rows.push({ what: 'bare route', 'CPU µs a turn': micros / bare.length });
    }
    const micros = await cpuOf(app, () => rate(visits, 32, (one) => visit(app.url, one)));
    rows.push({ what, 'CPU µs a turn': micros / visits.length / 2 });
    app.stop();
  }
  return rows;
}

/** What the network to Auth0 costs: CPU time of a turn and what one turn takes, with Auth0 in the process and behind TLS. */
export async function tls(bench: Bench) {
  const { chain, directory, scale } = bench;
  const customers = customerIds(Math.round(1_000 * scale));
  const { authority, tls: certificate } = await issueTlsCertificate();
  const authorityFile = join(directory, 'authority.pem');
  await writeFile(authorityFile, authority);
  const stub = createAuth0Stub(benchConfig, 0, customers);
  const served = await serveOverTls(stub.fetch, certificate);
  const overTls = { AUTH0: served.origin, NODE_EXTRA_CA_CERTS: authorityFile };
  const rows: Record<string, string | number>[] = [];
  for (const [auth0, parts] of [
    ['in the process', {}],
    ['behind TLS', { auth0: overTls }],
  ] as const) {
    const app = await startApp(bench, customers.length, parts);
    await rate(signVisits(chain, customers.slice(0, warmUps)), 32, (one) => visit(app.url, one));
    const visits = signVisits(chain, customers);
    const micros = await cpuOf(app, () => rate(visits, 32, (one) => visit(app.url, one)));
    const order = await timeEach(
      app,
      '/alexa',
      customers.map((id) => signTurn(chain, id, 'order')),
      /is holding/,
    );
    const authorize = await timeEach(
      app,
      '/alexa',
      customers.map((id) => signTurn(chain, id, 'authorize')),
      /is confirmed/,
    );
    app.stop();
    rows.push({
      auth0,
      'CPU µs a turn': micros / visits.length / 2,
      'order p50': order.p50,
      'authorize p50': authorize.p50,
    });
  }
  served.stop();
  return rows;
}

/** Microseconds of CPU, on all threads of the process, that the work has cost. */
async function cpuOf(app: AppProcess, work: () => Promise<unknown>): Promise<number> {
  const total = async () => {
    const { user, system } = (await (await fetch(`${app.url}/cpu`)).json()) as NodeJS.CpuUsage;
    return user + system;
  };
  const before = await total();
  await work();
  return (await total()) - before;
}

/** One and two processes on one PostgreSQL. */
export async function scaling(bench: Bench) {
  const { chain, scale } = bench;
  const postgres = await startPostgres();
  try {
    const measure = async (processes: number) => {
      const customers = customerIds(Math.round(1_000 * scale));
      const store = await postgres.createDatabase();
      const apps = await Promise.all(
        Array.from({ length: processes }, () => startApp(bench, customers.length, { store })),
      );
      let next = 0;
      const anyApp = () => apps[next++ % apps.length]?.url ?? '';
      await rate(signVisits(chain, customers.slice(0, 100)), 32, (one) => visit(anyApp(), one));
      const visits = signVisits(chain, customers);
      const turnsPerSecond = 2 * (await rate(visits, 32, (one) => visit(anyApp(), one)));
      for (const app of apps) app.stop();
      return turnsPerSecond;
    };
    const one = await measure(1);
    const two = await measure(2);
    return { 'turns/s with 1': one, 'turns/s with 2': two, ratio: two / one };
  } finally {
    await postgres.stop();
  }
}

/** The heap after garbage collection, after a tenth of the turns and after all of them. */
export async function memory(bench: Bench) {
  const { chain, scale } = bench;
  const customers = customerIds(1_000);
  const app = await startApp(bench, customers.length);
  const heap = async () => {
    const used = (await (await fetch(`${app.url}/memory`)).json()) as NodeJS.MemoryUsage;
    return used.heapUsed / 2 ** 20;
  };
  const rounds = Math.max(2, Math.round(50 * scale));
  let early = 0;
  for (let round = 1; round <= rounds; round += 1) {
    await rate(signVisits(chain, customers), 32, (one) => visit(app.url, one));
    // The stub's own notes are not POD's memory.
    await takeCalls(app);
    if (round === Math.ceil(rounds / 5)) early = await heap();
  }
  const late = await heap();
  app.stop();
  return { turns: rounds * 2_000, 'MB after a fifth': early, 'MB at the end': late, ratio: late / early };
}
