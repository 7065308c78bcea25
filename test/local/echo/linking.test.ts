import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { createAccessTokens } from '../../../src/auth0/access-tokens';
import { parseConfig } from '../../../src/config';
import { startEcho } from './start-echo';

const { customerWithPhone: phoebe, customerWithEmail: emil } = seededUsers;
const noel = { ...seededUsers.customerWithNeither, email: seededUsers.customerWithNeither.username };
const afterAnHour = 3_600_001;

it('links a customer by the login page, for tokens that POD’s API takes', async () => {
  const { link, token, say, tenant } = await startEcho();
  expect(await token()).toBeUndefined();
  const unlinked = await say('open pizza on demand');
  expect(unlinked.request.session.user).not.toHaveProperty('accessToken');
  expect(unlinked.request.context.System.user).not.toHaveProperty('accessToken');

  expect((await link(phoebe)).status).toBe(200);
  const accessToken = await token();
  const { verify } = createAccessTokens(parseConfig(tenant.settings), Date.now);
  expect(verify(accessToken).customerId).toBe(phoebe.userId);
  const { request } = await say('open pizza on demand');
  expect(request.session.user.accessToken).toBe(accessToken);
  expect(request.context.System.user.accessToken).toBe(accessToken);
});

it('says no to a wrong password, and keeps the account that was linked before', async () => {
  const { link, token } = await startEcho();
  await link(phoebe);
  const before = await token();
  const refused = await link({ ...emil, password: 'wrong' });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toEqual({ error: expect.stringContaining('password') });
  expect(await token()).toBe(before);
});

it('changes to another customer, as a new Alexa user in a new session', async () => {
  const { link, token, say } = await startEcho();
  await link(phoebe);
  const first = await say('open pizza on demand');
  for (const user of [emil, noel]) {
    await link(user);
    expect(decodeJwt((await token()) ?? '').sub).toBe(user.userId);
    const { session } = (await say('help')).request;
    expect(session.new).toBe(true);
    expect(session.user.userId).not.toBe(first.request.session.user.userId);
  }
});

it('forgets the customer when it is unlinked, for good', async () => {
  const { link, postJson, token, restart, say } = await startEcho();
  await link(phoebe);
  await postJson('/unlink', {});
  expect(await token()).toBeUndefined();
  await restart();
  expect(await token()).toBeUndefined();
  expect((await say('help')).request.session.user).not.toHaveProperty('accessToken');
});

it('remembers the customer over a restart, in a file that only its owner can read', async () => {
  const { link, token, restart, dataDir, say } = await startEcho();
  await link(phoebe);
  const [before, { request }] = [await token(), await say('help')];
  const file = join(dataDir, 'echo.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain(phoebe.password);
  await restart();
  expect(await token()).toBe(before);
  expect((await say('help')).request.session.user).toEqual(request.session.user);
});

it('refreshes an expired token once, for all requests that wait for it', async () => {
  const { link, token, say, passTime, tenant } = await startEcho();
  await link(phoebe);
  await token();
  expect(tenant.calls.get().token).toBe(1);
  passTime(afterAnHour);
  const [first, { request }] = await Promise.all([token(), say('help')]);
  expect(tenant.calls.get().token).toBe(2);
  expect(decodeJwt(first ?? '').sub).toBe(phoebe.userId);
  expect(request.session.user.accessToken).toBe(first);
});

it('keeps the link and the expired token while the tenant is in trouble', async () => {
  const { link, token, passTime, tenant } = await startEcho();
  await link(phoebe);
  const expired = await token();
  passTime(afterAnHour);
  for (const answer of [500, 429, 'drop'] as const) {
    tenant.faults.add({ call: 'token', answer, times: 1 });
    expect(await token()).toBe(expired);
  }
  await token();
  expect(tenant.calls.get().token).toBe(5);
});

it('ends the link when the refresh is refused', async () => {
  const { link, token, passTime, restart, dataDir } = await startEcho();
  await link(phoebe);
  const file = join(dataDir, 'echo.json');
  const state = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...state, link: { ...state.link, refreshToken: 'revoked' } }));
  await restart();
  expect(await token()).toBeDefined();
  passTime(afterAnHour);
  expect(await token()).toBeUndefined();
});

it('says that the tenant is away', async () => {
  const { link, tenant } = await startEcho();
  await tenant.close();
  const failed = await link(phoebe);
  expect(failed.status).toBe(502);
  expect(await failed.json()).toEqual({ error: expect.stringContaining('tenant') });
});
