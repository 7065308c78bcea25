import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleWebtask } from '../../build/bundle-webtask';
import { phoebe, quentin } from '../fixtures/local';
import { openWebtaskWorld, root, type WebtaskWorld } from '../fixtures/webtask-world';
import { openBrowser, openPage, signIn } from './browser';

describe('the bundle, deployed with wt create', () => {
  let at: WebtaskWorld;
  let bundle: string;
  beforeAll(async () => {
    at = await openWebtaskWorld();
    bundle = join(at.directory, 'bundle.js');
    await bundleWebtask({ entry: await at.writeTestEntry(), outfile: bundle });
    await at.wt('init', '--url', at.origin, '--container', 'wt-00000', '--token', at.clusterToken);
    const { stdout } = await at.wt('create', '-n', 'pod', '--secrets-file', at.secretsFile, bundle);
    expect(stdout).toContain(`${at.origin}/pod`);
  });
  afterAll(() => at?.close());

  const get = (path: string, headers = {}) => fetch(`${at.origin}${path}`, { headers, redirect: 'manual' });

  it('serves the page and its files below its name', async () => {
    expect((await get('/pod/app')).headers.get('location')).toBe('/pod/app/');
    const page = await (await get('/pod/app/')).text();
    const files = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const response = await get(`/pod/app/${file}`);
      expect([response.status, response.headers.get('cache-control')]).toEqual([
        200,
        expect.stringContaining('immutable'),
      ]);
    }
  });

  it('brings a person who signs in back to the board', async () => {
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    // The browser does not know the authority of the tenant's certificate; everything else here does.
    const { page } = await openPage(browser, { ignoreHTTPSErrors: true });
    await page.goto(`${at.origin}/pod/app/`);
    const calledBack = page.waitForRequest(/\/pod\/app\/oidc\/callback\?/);
    await signIn(page, phoebe);
    await calledBack;
    await page.getByRole('heading', { name: 'Your orders' }).waitFor();
    expect(page.url()).toMatch(new RegExp(`^${at.origin}/pod/app/`));
  });

  it('refuses what is not Alexa’s, whatever the query says', async () => {
    for (const query of ['', '?webtask_pb=1', '?webtask_mb=1', '?webtask_pb=2&x=1']) {
      const unsigned = await fetch(`${at.origin}/pod/alexa${query}`, { method: 'POST', body: '{}' });
      expect(unsigned.status).toBe(400);
    }
    for (const query of ['?webtask_pb=1', '?webtask_mb=1']) {
      expect((await at.turn('auth0|phoebe', 'GetMeSomePizzaIntent', {}, query)).status).toBe(400);
      expect(
        (await get(`/pod/api/orders${query}`, { authorization: `Bearer ${at.tokenOf('auth0|a')}` })).status,
      ).toBe(400);
    }
    const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } };
    await fetch(`${at.origin}/pod/alexa`, preflight);
    expect((await get('/pod/app/')).status).toBe(200);
  });

  it('answers the API with a token and not without', async () => {
    expect((await get('/pod/api/orders')).status).toBe(401);
    const authorization = `Bearer ${at.tokenOf('auth0|nobody')}`;
    expect(await (await get('/pod/api/orders', { authorization })).json()).toMatchObject({ orders: [] });
  });

  it('takes an order and its authorization by voice, and keeps it', async () => {
    const placed = await (await at.turn(phoebe.userId, 'GetMeSomePizzaIntent', { Size: 'large' })).text();
    expect(placed).toContain('is holding');
    const code = at.tenant.inbox.messages(phoebe.phoneNumber)[0]?.code ?? '';
    expect(
      await (await at.turn(phoebe.userId, 'AuthorizePizzaOrderIntent', { Code: code })).text(),
    ).toContain('is confirmed');
    const { orders } = await (
      await get('/pod/api/orders', { authorization: `Bearer ${at.tokenOf(phoebe.userId)}` })
    ).json();
    expect(orders).toMatchObject([{ status: 'confirmed', size: 'large' }]);
    await expect.poll(() => at.mailServer.taken.map(({ to }) => to)).toEqual([[phoebe.email]]);
  });

  it('lets a customer approve an order on the page', async () => {
    const { userId, phoneNumber } = quentin;
    await at.turn(userId, 'GetMeSomePizzaIntent', { Size: 'large' });
    const sentAt = Date.parse(at.tenant.inbox.messages(phoneNumber)[0]?.at ?? '');
    // `auth_time` has whole seconds.
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(sentAt / 1000 + 1);
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const { page } = await openPage(browser, { ignoreHTTPSErrors: true });
    await page.goto(`${at.origin}/pod/app/#/approve`);
    await signIn(page, quentin);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('is confirmed: approved here').waitFor();
    const authorization = `Bearer ${at.tokenOf(userId)}`;
    const { orders } = await (await get('/pod/api/orders', { authorization })).json();
    expect(orders).toMatchObject([{ status: 'confirmed', evidence: { method: 'approval', door: 'page' } }]);
  });

  it('confirms all of forty customers who come at once, none twice, five times in a row', async () => {
    for (let round = 0; round < 5; round += 1) {
      const users = await at.tenant.users.addCustomers(40);
      const visit = async ({ user_id, user_metadata }: (typeof users)[number]) => {
        const say = async (name: string, slots: Record<string, string>, expected: string) => {
          const answer = async () => (await at.turn(user_id, name, slots)).text();
          await expect.poll(answer).toContain(expected);
        };
        await say('GetMeSomePizzaIntent', { Size: 'small' }, 'is holding');
        const [message] = at.tenant.inbox.messages(String(user_metadata?.phone_number));
        await say('AuthorizePizzaOrderIntent', { Code: message?.code ?? '' }, 'confirmed');
      };
      await Promise.all(users.map(visit));
      for (const { user_id } of users) {
        const authorization = `Bearer ${at.tokenOf(user_id)}`;
        const { orders } = await (await get('/pod/api/orders', { authorization })).json();
        const lasting = orders.filter(({ status }: { status: string }) => status !== 'cancelled');
        expect(lasting).toMatchObject([{ status: 'confirmed', size: 'small' }]);
      }
    }
  });

  it('says which settings are missing, and no value, when it is deployed without; B19: and is removed again', async () => {
    await at.wt('create', '-n', 'bare', bundle);
    const response = await get('/bare/app/');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('AUTH0_DOMAIN is missing');
    expect((await at.wt('rm', 'bare')).stdout).toContain('Removed');
    const { stdout } = await at.wt('ls', '--output', 'json');
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(['pod']);
    await expect(at.wt('inspect', 'pod')).rejects.toThrow('This rehearsal does not do that.');
  });

  it('runs at the root under wt serve', async () => {
    const server = spawn(
      join(root, 'node_modules/.bin/wt'),
      ['serve', '--port', '0', '--secrets-file', at.secretsFile, bundle],
      {
        cwd: at.directory,
        env: at.env,
      },
    );
    onTestFinished(() => void server.kill());
    let output = '';
    for await (const chunk of server.stdout) {
      output += chunk;
      if (/:\d+/.test(output)) break;
    }
    const [, port] = /:(\d+)/.exec(output) ?? [];
    const page = await fetch(`http://127.0.0.1:${port}/app/`);
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('<title>Pizza on Demand'),
    ]);
    expect((await fetch(`http://127.0.0.1:${port}/alexa`, { method: 'POST', body: '{}' })).status).toBe(400);
  });
});

it('is built by npm run build, small, the same twice, and without what must not be in it', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: root });
  const outfile = join(root, 'build/bundle.js');
  const first = await readFile(outfile);
  const { metafile } = await bundleWebtask({ entry: 'src/runtimes/webtask-entry.ts', outfile });
  const second = await readFile(outfile);
  // Where they part, if they do: a difference of megabytes says nothing.
  const at = first.findIndex((byte, index) => byte !== second[index]);
  expect(at < 0 ? '' : `${second.subarray(at - 100, at + 100)}`).toBe('');
  expect(second.length).toBe(first.length);
  expect(stdout).toMatch(/build\/bundle\.js: 1\.\d+ MB/);
  expect(first.length).toBeLessThan(2_000_000);
  const text = first.toString();
  expect(text).toContain('is missing');
  for (const absent of [
    'development-signing-chain',
    'CREATE UNIQUE INDEX',
    'pg_advisory',
    'prom-client',
    'phoebe@',
  ]) {
    expect(text.includes(absent), absent).toBe(false);
  }
  const inputs = Object.keys(metafile.inputs);
  const unwanted =
    /^src\/local\/|node_modules\/(libsql|@libsql|pg|oidc-provider|pino|prom-client|aws-sdk|webtask-runtime)\//;
  expect(inputs.filter((path) => unwanted.test(path))).toEqual([]);
});
