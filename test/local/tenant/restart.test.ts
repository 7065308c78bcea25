import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTenant } from '../../../local/tenant/create-tenant';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { authorizeUrl, callback, openBrowser, signInFor, tokenRequest } from './authorize';
import { authClient, managementClient } from './clients';

let dataDirectory: string;

beforeEach(async () => {
  dataDirectory = path.join(await mkdtemp(path.join(tmpdir(), 'pod-tenant-')), 'tenant');
});
afterEach(() => rm(path.dirname(dataDirectory), { recursive: true }));

test('a restart changes nothing: keys, secrets, users, sign-ins, messages and codes are there', async () => {
  const before = await createTenant({ dataDirectory, redirectUris: [callback] });
  const { APP_CLIENT_SECRET, API_SIGNING_KEY } = before.settings;
  const { browser, body } = await signInFor(before, seededUsers.customerWithPhone);
  const jwks = await (await fetch(`${before.url}/.well-known/jwks.json`)).json();
  const management = managementClient(before);
  const { identities } = await management.users.create({ connection: 'sms', phone_number: '+12025550101' });
  const user_id = identities?.[0]?.user_id;
  await management.users.identities.link('auth0|phoebe', { provider: 'sms', user_id });
  await before.users.change('auth0|emil', { phoneNumber: '+12025550103' });
  await authClient(before).passwordless.sendSms({ phoneNumber: '+12025550101' });
  const port = Number(new URL(before.url).port);
  await before.close();

  const after = await createTenant({ dataDirectory, redirectUris: [callback], port });
  expect(after.settings).toMatchObject({ APP_CLIENT_SECRET, API_SIGNING_KEY });
  expect(await (await fetch(`${after.url}/.well-known/jwks.json`)).json()).toEqual(jwks);
  expect(after.users.find('auth0|emil')?.user_metadata).toEqual({ phone_number: '+12025550103' });
  const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  expect((await tokenRequest(after, form)).status).toBe(200);
  const again = openBrowser(after);
  again.setCookies(browser.cookies());
  expect((await again.open(authorizeUrl(after, { prompt: 'none' }))).url.searchParams.has('code')).toBe(true);
  const [message] = after.inbox.messages('+12025550101');
  const code = message?.code as string;
  const { claims } = await authClient(after).getTokenByPasswordlessSms({
    phoneNumber: '+12025550101',
    code,
    scope: 'openid',
  });
  expect(claims?.sub).toBe('auth0|phoebe');
  await after.close();
});

test('the files are for their owner alone', async () => {
  const tenant = await createTenant({ dataDirectory });
  await tenant.users.addCustomers(3);
  await tenant.close();
  expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
  const files = await readdir(dataDirectory);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect((await stat(path.join(dataDirectory, file))).mode & 0o777, file).toBe(0o600);
  }
});

test('what was answered is on disk: a tenant that never closes loses nothing', async () => {
  const killed = await createTenant({ dataDirectory });
  const numbers = Array.from({ length: 20 }, (_, index) => `+120255503${String(index).padStart(2, '0')}`);
  const management = managementClient(killed);
  await Promise.all(
    numbers.map((phone_number) => management.users.create({ connection: 'sms', phone_number })),
  );

  const next = await createTenant({ dataDirectory });
  for (const number of numbers) expect(next.users.owner('sms', number), number).toBeDefined();
  await Promise.all([killed.close(), next.close()]);
});

test('a damaged file stops the start, and is left as it is', async () => {
  await (await createTenant({ dataDirectory })).close();
  const file = path.join(dataDirectory, 'users.json');
  await writeFile(file, '{"accounts":[');
  await expect(createTenant({ dataDirectory })).rejects.toThrow(/users\.json is damaged/);
  expect((await stat(file)).size).toBe(13);
});
