import { ManagementError } from 'auth0';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import type { Fault } from '../../../local/tenant/faults';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { authorizeUrl, callback } from './authorize';
import { authClient, managementClient, postJson } from './clients';

const { userId } = seededUsers.customerWithPhone;
let tenant: Tenant;
let management: ReturnType<typeof managementClient>;

beforeAll(async () => {
  tenant = await createTenant({ redirectUris: [callback] });
  management = managementClient(tenant);
  await management.users.get(userId);
  await management.users.create({ connection: 'sms', phone_number: '+12025550101' });
});
afterAll(() => tenant.close());

beforeEach(() => {
  tenant.faults.clear();
  tenant.calls.reset();
});

const sendCode = () => authClient(tenant).passwordless.sendSms({ phoneNumber: '+12025550101' });

function sendCodeWith(signal: AbortSignal) {
  const { APP_CLIENT_ID: client_id, APP_CLIENT_SECRET: client_secret } = tenant.settings;
  const body = { client_id, client_secret, connection: 'sms', phone_number: '+12025550101' };
  return postJson(tenant, '/passwordless/start', body, {}, signal);
}

async function createUserWith(signal: AbortSignal) {
  const { APP_CLIENT_ID: client_id, APP_CLIENT_SECRET: client_secret } = tenant.settings;
  const audience = `${tenant.issuer}api/v2/`;
  const grant = { grant_type: 'client_credentials', client_id, client_secret, audience };
  const { access_token } = (await (await postJson(tenant, '/oauth/token', grant)).json()) as {
    access_token: string;
  };
  const authorization = { authorization: `Bearer ${access_token}` };
  const body = { connection: 'sms', phone_number: '+12025550177' };
  return postJson(tenant, '/api/v2/users', body, authorization, signal);
}

test('calls are counted by name, and anew after a reset', async () => {
  const fresh = managementClient(tenant);
  await fresh.users.get(userId);
  await fresh.users.get(userId);
  await sendCode();
  const code = tenant.inbox.messages()[0]?.code as string;
  await authClient(tenant).getTokenByPasswordlessSms({ phoneNumber: '+12025550101', code, scope: 'openid' });
  await fetch(authorizeUrl(tenant), { redirect: 'manual' });
  await fetch(`${tenant.url}/.well-known/jwks.json`);
  // The SDK remembers the discovery of a tenant, also of one that had this port before.
  const { discovery } = tenant.calls.get();
  await fetch(`${tenant.url}/.well-known/openid-configuration`);
  expect(tenant.calls.get()).toMatchObject({
    'management.token': 1,
    'users.get': 2,
    'users.search': 0,
    'passwordless.start': 1,
    'otp.exchange': 1,
    token: 0,
    authorize: 1,
    discovery: discovery + 1,
    jwks: 1,
  });
  const overHttp = await fetch(`${tenant.url}/calls`);
  expect(await overHttp.json()).toEqual(tenant.calls.get());
  await fetch(`${tenant.url}/calls`, { method: 'DELETE' });
  expect(Object.values(tenant.calls.get()).every((count) => count === 0)).toBe(true);
});

test('a limited Management API says so in its body and its headers, as often as it was told', async () => {
  tenant.faults.add({ call: 'users.get', answer: 429, retryAfterSeconds: 7, times: 1 });
  const before = Math.floor(Date.now() / 1000);
  const error = await management.users.get(userId).then(undefined, (reason) => reason as ManagementError);
  expect(error).toMatchObject({ statusCode: 429, body: { errorCode: 'too_many_requests' } });
  if (!(error instanceof ManagementError)) throw new Error('The call was not refused.');
  expect(error.rawResponse?.headers.get('retry-after')).toBe('7');
  const reset = Number(error.rawResponse?.headers.get('x-ratelimit-reset'));
  expect(reset).toBeGreaterThanOrEqual(before + 7);
  expect(reset).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 7);
  expect((await management.users.get(userId)).user_id).toBe(userId);
});

test.each([429, 500, 503] as const)('a start that fails with %i sends nothing', async (answer) => {
  tenant.faults.add({ call: 'passwordless.start', answer });
  const before = tenant.inbox.messages().length;
  await expect(sendCode()).rejects.toMatchObject({ statusCode: answer });
  expect(tenant.inbox.messages()).toHaveLength(before);
  tenant.faults.clear();
  await sendCode();
  expect(tenant.inbox.messages()).toHaveLength(before + 1);
});

test('a start that was performed and whose answer is lost has sent a code', async () => {
  const answers: Fault['answer'][] = [500, 'drop'];
  for (const answer of answers) {
    const before = tenant.inbox.messages().length;
    tenant.faults.add({ call: 'passwordless.start', answer, performed: true, times: 1 });
    await expect(sendCode()).rejects.toThrow();
    expect(tenant.inbox.messages()).toHaveLength(before + 1);
  }
});

test('an exchange whose answer is lost has spent the code', async () => {
  await sendCode();
  const code = tenant.inbox.messages()[0]?.code as string;
  const exchange = () =>
    authClient(tenant).getTokenByPasswordlessSms({ phoneNumber: '+12025550101', code, scope: 'openid' });
  tenant.faults.add({ call: 'otp.exchange', answer: 503, performed: true, times: 1 });
  await expect(exchange()).rejects.toMatchObject({ statusCode: 503 });
  await expect(exchange()).rejects.toMatchObject({ cause: { error: 'invalid_grant' } });
});

test('a call that hangs stays without an answer until the tenant closes', async () => {
  const hanging = await createTenant();
  hanging.faults.add({ call: 'jwks', answer: 'hang' });
  hanging.faults.add({ call: 'discovery', latencyMs: 3_600_000 });
  const calls = ['jwks.json', 'openid-configuration'].map((path) =>
    fetch(`${hanging.url}/.well-known/${path}`).then(
      () => 'answered',
      () => 'broken',
    ),
  );
  await expect.poll(() => hanging.calls.get()).toMatchObject({ jwks: 1, discovery: 1 });
  await hanging.close();
  expect(await Promise.all(calls)).toEqual(['broken', 'broken']);
});

test.each([
  ['passwordless.start', (signal: AbortSignal) => sendCodeWith(signal)],
  ['users.create', (signal: AbortSignal) => createUserWith(signal)],
] as const)('%s that is late is carried out although the caller has hung up', async (call, act) => {
  const before = tenant.inbox.messages().length + tenant.users.all().length;
  tenant.faults.add({ call, latencyMs: 300, times: 1 });
  const caller = new AbortController();
  const acting = act(caller.signal);
  await expect.poll(() => tenant.calls.get()[call]).toBe(1);
  caller.abort();
  await expect(acting).rejects.toThrow();
  await expect.poll(() => tenant.inbox.messages().length + tenant.users.all().length).toBe(before + 1);
});

test('an exchange that is late spends the code although the caller has hung up', async () => {
  await sendCode();
  const code = tenant.inbox.messages()[0]?.code as string;
  const grant = {
    grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
    client_id: tenant.settings.APP_CLIENT_ID,
    client_secret: tenant.settings.APP_CLIENT_SECRET,
    realm: 'sms',
    username: '+12025550101',
    otp: code,
    scope: 'openid',
  };
  const signIns = () => tenant.users.owner('sms', '+12025550101')?.logins_count ?? 0;
  const before = signIns();
  tenant.faults.add({ call: 'otp.exchange', latencyMs: 300, times: 1 });
  const caller = new AbortController();
  const exchanging = postJson(tenant, '/oauth/token', grant, {}, caller.signal);
  await expect.poll(() => tenant.calls.get()['otp.exchange']).toBe(1);
  caller.abort();
  await expect(exchanging).rejects.toThrow();
  await expect.poll(signIns).toBe(before + 1);
  expect((await postJson(tenant, '/oauth/token', grant)).status).toBe(403);
});

test.each([
  ['passwordless.start', 400, 'sms_provider_error', /\(Code: 21211\)$/],
  ['passwordless.start', 403, 'unauthorized_client', /^Grant type .* not allowed for the client\.$/],
] as const)('%s can refuse with %i, in the words of Auth0', async (call, answer, error, text) => {
  tenant.faults.add({ call, answer });
  const before = tenant.inbox.messages().length;
  await expect(sendCode()).rejects.toMatchObject({
    statusCode: answer,
    cause: { error, error_description: expect.stringMatching(text) },
  });
  expect(tenant.inbox.messages()).toHaveLength(before);
});

test('a scope or a grant of the Management API can be missing', async () => {
  tenant.faults.add({ call: 'users.get', answer: 403 });
  await expect(management.users.get(userId)).rejects.toMatchObject({
    statusCode: 403,
    body: { errorCode: 'insufficient_scope' },
  });
  tenant.faults.add({ call: 'management.token', answer: 403 });
  await expect(managementClient(tenant).users.get(userId)).rejects.toMatchObject({
    statusCode: 403,
    body: { error: 'access_denied' },
  });
});

test('a dropped connection and a late answer reach the client as such', async () => {
  tenant.faults.add({ call: 'jwks', answer: 'drop', times: 1 });
  await expect(fetch(`${tenant.url}/.well-known/jwks.json`)).rejects.toThrow();
  tenant.faults.add({ call: 'jwks', latencyMs: 20, times: 1 });
  expect((await fetch(`${tenant.url}/.well-known/jwks.json`)).status).toBe(200);
  expect(tenant.faults.get()).toEqual([]);
});

test.each(['management.token', 'token', 'authorize'] as const)('%s can fail too', async (call) => {
  tenant.faults.add({ call, answer: 500 });
  const calls = {
    'management.token': () => postJson(tenant, '/oauth/token', { grant_type: 'client_credentials' }),
    token: () => postJson(tenant, '/oauth/token', { grant_type: 'refresh_token' }),
    authorize: () => fetch(authorizeUrl(tenant), { redirect: 'manual' }),
  };
  expect((await calls[call]()).status).toBe(500);
});

test('faults are switched on and off over HTTP, as JSON only', async () => {
  const fault = { call: 'users.get', latencyMs: 5, times: 2 };
  expect((await postJson(tenant, '/faults', fault)).status).toBe(201);
  expect(await (await fetch(`${tenant.url}/faults`)).json()).toEqual([fault]);
  await fetch(`${tenant.url}/faults`, { method: 'DELETE' });

  const malformed = [{}, { call: 'nothing' }, { ...fault, answer: 418 }, { ...fault, times: -1 }];
  const contradictions = [
    { ...fault, performed: true },
    { ...fault, performed: true, answer: 400 },
  ];
  for (const body of [...malformed, ...contradictions, null]) {
    expect((await postJson(tenant, '/faults', body)).status, JSON.stringify(body)).toBe(400);
  }
  const fromAForm = { 'content-type': 'text/plain' };
  expect((await postJson(tenant, '/faults', fault, fromAForm)).status).toBe(400);
  expect(tenant.faults.get()).toEqual([]);
});
