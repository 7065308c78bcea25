import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { createWebtask } from '../../src/runtimes/webtask';
import { noticeOf } from '../../src/step-up/notice';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';
import { accessToken } from '../fixtures/access-token';
import { endedOrder } from '../fixtures/orders';

const runtimeStorage: { create(): WebtaskStorage } = createRequire(__filename)('webtask-runtime/lib/storage');

const secrets = {
  AUTH0_DOMAIN: 'localhost:9',
  API_ID: 'https://pod.localtest.me',
  API_SIGNING_KEY: 'a signing key that is long enough for HS256',
  APP_CLIENT_ID: 'client',
  APP_CLIENT_SECRET: 'a-client-secret-to-look-for-in-the-log',
  PUBLIC_ORIGIN: 'https://pod.example',
};

/** The webtask as the service's proxy would call it: `x_wt` says what stands in front of its own path. */
async function start(
  x_wt: { container: string; jtn?: string; url_format: 1 | 2 | 3 },
  given: object = secrets,
  storage = runtimeStorage.create(),
) {
  const page = { body: '<title>POD</title>', contentType: 'text/html', immutable: false };
  const webtask = createWebtask({
    assets: new Map([['index.html', page]]),
    alexaCertificates: {
      roots: [],
      download: () => Promise.reject(new Error('No request of these tests is signed.')),
    },
  });
  const server = createServer((req: IncomingMessage & { x_wt?: object }, res) => {
    req.x_wt = x_wt;
    req.headers['x-wt-params'] = Buffer.from(JSON.stringify({ ectx: given })).toString('base64');
    webtask({ secrets: { ...given }, data: {}, storage } as never, req, res);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
}

it.each([
  ['below its name', { container: 'wt-00000', jtn: 'pod', url_format: 3 }, '/pod'],
  ['on a custom domain', { container: 'wt-00000', jtn: 'pod', url_format: 2 }, '/wt-00000/pod'],
  ['on a shared domain', { container: 'wt-00000', jtn: 'pod', url_format: 1 }, '/api/run/wt-00000/pod'],
  ['at the root', { container: 'wt-00000', url_format: 3 }, ''],
] as const)('keeps redirects, links and doors right %s', async (_where, x_wt, mount) => {
  const call = await start(x_wt);
  expect((await call(`${mount}/app`)).headers.get('location')).toBe(`${mount}/app/`);
  expect((await call(`${mount}/app/`)).status).toBe(200);
  expect((await call(`${mount}/api/orders`)).status).toBe(401);
  expect((await call(`${mount}/alexa`, { method: 'POST', body: '{}' })).status).toBe(400);
  expect((await call(`${mount}/alexa/`, { method: 'POST', body: '{}' })).status).toBe(400);
});

it('logs no secret and no header', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  const call = await start({ container: 'wt-00000', jtn: 'pod', url_format: 3 });
  await call('/pod/alexa', { method: 'POST', body: '{}', headers: { 'x-note': 'a-header-to-look-for' } });
  await call('/pod/app/oidc/start');
  vi.restoreAllMocks();
  const log = written.join('');
  expect(log).toContain('refused a request to /alexa');
  const params = Buffer.from(JSON.stringify({ ectx: secrets }))
    .toString('base64')
    .slice(0, 40);
  for (const secret of [secrets.APP_CLIENT_SECRET, secrets.API_SIGNING_KEY, 'a-header-to-look-for', params]) {
    expect(log).not.toContain(secret);
  }
});

it('B1: says in the log why its storage is away', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  onTestFinished(() => void vi.restoreAllMocks());
  const whole = runtimeStorage.create();
  const fault = Object.assign(new Error('getaddrinfo ENOTFOUND storage.example'), { code: 'ENOTFOUND' });
  const away = Object.assign(Object.create(whole), { get: (done: (error: Error) => void) => done(fault) });
  const call = await start({ container: 'wt-00000', jtn: 'pod', url_format: 3 }, secrets, away);
  const authorization = `Bearer ${accessToken(secrets, { sub: 'auth0|a' })}`;
  for (let times = 0; times < 3; times += 1) {
    expect((await call('/pod/api/orders', { headers: { authorization } })).status).toBe(503);
  }
  vi.restoreAllMocks();
  const lines = written.map((line) => JSON.parse(line));
  expect(lines.filter(({ message }) => message === 'the store is away')).toMatchObject([
    { level: 'error', code: 'ENOTFOUND', reason: 'getaddrinfo ENOTFOUND storage.example' },
  ]);
});

it('looks at a request for what waits to be mailed, and puts off what cannot be', async () => {
  const storage = runtimeStorage.create();
  const store = createWebtaskStore(storage, pizzaOrder, Date.now);
  const order = endedOrder();
  const notice = noticeOf('receipt', order, Date.now());
  await store.transact(order.customerId, () => ({ actions: [order], notices: [notice], result: undefined }));
  const call = await start(
    { container: 'wt-00000', jtn: 'pod', url_format: 3 },
    { ...secrets, MAIL_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'orders@pod.example' },
    storage,
  );
  // A look that leaves it as it is.
  const isDue = async () => (await store.claimNotices(notice.at, notice.at, 1)).length > 0;
  expect(await isDue()).toBe(true);
  await call('/pod/app/');
  await expect.poll(isDue).toBe(false);
});

it('takes its settings from the secrets alone, whatever the query says', async () => {
  const { APP_CLIENT_ID: _left, ...some } = secrets;
  const call = await start({ container: 'wt-00000', jtn: 'pod', url_format: 3 }, some);
  const response = await call('/pod/app/?APP_CLIENT_ID=from-the-query');
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).toContain('APP_CLIENT_ID is missing');
  expect(text).not.toContain(secrets.APP_CLIENT_SECRET);
});
