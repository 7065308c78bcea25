import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTenant } from '../../local/tenant/create-tenant';
import { accessToken } from '../fixtures/access-token';

const root = resolve(__dirname, '../..');

let dataDirectory: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'pod-kill-'));
});
afterEach(async () => {
  await kill();
  await rm(dataDirectory, { recursive: true });
});

it('has every acknowledged order, as it was acknowledged, after kill -9 amid 200 orders at once', async () => {
  const { customers, tokenOf } = await addCustomers(200);
  let urls = await start();
  const acknowledged = new Map<string, { customerId: string; status: string; expiresAt?: string }>();
  let killing: Promise<void> | undefined;

  const countConfirmed = () =>
    [...acknowledged.values()].filter(({ status }) => status === 'confirmed').length;

  const orderAndAuthorize = async ({ customerId, phoneNumber }: Customer) => {
    const token = tokenOf(customerId, urls.tenant);
    const order = await call('POST', `${urls.pod}/api/orders`, token, { size: 'large', toppings: ['bacon'] });
    acknowledged.set(order.id, { customerId, status: order.status, expiresAt: order.expiresAt });
    const code = await codeFor(urls.tenant, phoneNumber);
    const confirmed = await call('POST', `${urls.pod}/api/orders/${order.id}/authorize`, token, { code });
    acknowledged.set(order.id, { customerId, status: confirmed.status });
    if (countConfirmed() >= 20) killing ??= kill();
  };
  const outcomes = await Promise.allSettled(customers.map(orderAndAuthorize));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const unkilled = `It never came to the kill: ${countConfirmed()} orders were confirmed. ${failures[0]}`;
  expect(killing, unkilled).toBeDefined();
  await killing;
  expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);

  urls = await start();
  for (const [id, { customerId, status, expiresAt = '' }] of acknowledged) {
    const order = await call('GET', `${urls.pod}/api/orders/${id}`, tokenOf(customerId, urls.tenant));
    // An authorization that was under way may have been written although nobody was told, and time goes on.
    const pending = Date.now() < Date.parse(expiresAt) ? 'pending' : 'expired';
    expect(status === 'pending' ? ['pending', pending, 'confirmed'] : ['confirmed']).toContain(order.status);
  }
  expect(countConfirmed()).toBeGreaterThanOrEqual(20);
});

interface Customer {
  customerId: string;
  phoneNumber: string;
}

/** Customers of the tenant that the process under test will open. */
async function addCustomers(count: number) {
  const tenant = await createTenant({ dataDirectory: join(dataDirectory, 'tenant') });
  const users = await tenant.users.addCustomers(count);
  await tenant.close();
  const customers = users.map(({ user_id, user_metadata }) => ({
    customerId: user_id,
    phoneNumber: String(user_metadata?.phone_number),
  }));
  const tokenOf = (sub: string, tenantUrl: string) =>
    accessToken({ ...tenant.settings, AUTH0_DOMAIN: new URL(tenantUrl).host }, { sub });
  return { customers, tokenOf };
}

/** Starts what `npm start` starts, in a process of its own. */
async function start(): Promise<{ pod: string; tenant: string }> {
  const env = {
    ...process.env,
    POD_PORT: '0',
    TENANT_PORT: '0',
    ECHO_PORT: '0',
    POD_DATA_DIR: dataDirectory,
  };
  const started = spawn(process.execPath, ['--import', 'tsx', 'local/start.ts'], {
    cwd: root,
    env,
  });
  running = started;
  let output = '';
  started.stderr.on('data', (chunk) => {
    output += chunk;
  });
  for await (const chunk of started.stdout) {
    output += chunk;
    if (output.includes('POD is ready')) break;
  }
  const url = (pattern: RegExp) => pattern.exec(output)?.[1] ?? expect.unreachable(output);
  return { pod: url(/(http:\S+\/pod)\/app/), tenant: url(/Tenant +(\S+)/) };
}

async function kill(): Promise<void> {
  const killed = running;
  running = undefined;
  if (killed?.kill('SIGKILL')) await once(killed, 'exit');
}

/** Asks again, when it is told to, where POD or the tenant had too much to do: 200 customers at once are many for a busy machine. */
// biome-ignore lint/suspicious/noExplicitAny: an order as the API's own tests describe it
async function call(method: string, url: string, token: string, body?: object): Promise<any> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (response.status === 503) {
    await pause((Number(response.headers.get('retry-after')) || 1) * 1_000);
    return call(method, url, token, body);
  }
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`);
  return response.json();
}

async function codeFor(tenantUrl: string, phoneNumber: string): Promise<string> {
  const response = await fetch(`${tenantUrl}/inbox.json?to=${encodeURIComponent(phoneNumber)}`);
  const [newest] = (await response.json()) as { code: string }[];
  return newest?.code ?? 'none';
}
