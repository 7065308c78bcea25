import { ManagementError } from 'auth0';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { signJwt } from '../../fixtures/access-token';
import { tokenRequest } from './authorize';
import { managementClient } from './clients';

let tenant: Tenant;
let management: ReturnType<typeof managementClient>;

beforeAll(async () => {
  tenant = await createTenant();
  management = managementClient(tenant);
});
afterAll(() => tenant.close());

async function refusal(call: PromiseLike<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof ManagementError) return error;
    throw error;
  }
  throw new Error('The call was not refused.');
}

test('a user is shown with metadata and identities, and with the rate limit', async () => {
  const { userId, phoneNumber } = seededUsers.customerWithPhone;
  const { data, rawResponse } = await management.users.get(userId).withRawResponse();
  expect(data).toMatchObject({
    user_id: userId,
    email: 'phoebe@example.com',
    email_verified: true,
    user_metadata: { phone_number: phoneNumber },
    app_metadata: {},
    identities: [{ provider: 'auth0', connection: 'Username-Password-Authentication', isSocial: false }],
  });
  expect(rawResponse.headers.get('x-ratelimit-limit')).toBe('2');
  expect(Number(rawResponse.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
});

test('fields name what is shown, or what is left out', async () => {
  const { userId } = seededUsers.customerWithEmail;
  const some = await management.users.get(userId, { fields: 'email,user_id', include_fields: true });
  expect(some).toEqual({ email: 'emil@example.com', user_id: userId });
  const others = await management.users.get(userId, { fields: 'email', include_fields: false });
  expect(others.email).toBeUndefined();
  expect(others.user_id).toBe(userId);
});

test('an unknown user is 404 with the body of Auth0', async () => {
  const { statusCode, body } = await refusal(management.users.get('auth0|nobody'));
  expect(statusCode).toBe(404);
  expect(body).toEqual({
    statusCode: 404,
    error: 'Not Found',
    message: 'The user does not exist.',
    errorCode: 'inexistent_user',
  });
});

test('a number that is an identity already cannot be created again, linked or not', async () => {
  const owner = await tenant.users.add({
    userId: 'auth0|olga',
    name: 'Olga',
    username: 'olga',
    password: 'x',
  });
  const created = await management.users.create({ connection: 'sms', phone_number: '+12025550111' });
  expect(created).toMatchObject({ phone_number: '+12025550111', phone_verified: false });
  const again = () => management.users.create({ connection: 'sms', phone_number: '+12025550111' });
  expect(await refusal(again())).toMatchObject({ statusCode: 409, body: { errorCode: 'auth0_idp_error' } });

  const user_id = created.identities?.[0]?.user_id;
  await management.users.identities.link(owner.user_id, { provider: 'sms', user_id });
  expect((await refusal(again())).statusCode).toBe(409);
});

test('an e-mail identity may have the address of a database user, and only one of them', async () => {
  const create = () =>
    management.users.create({ connection: 'email', email: 'emil@example.com', email_verified: false });
  expect((await create()).user_id).toMatch(/^email\|/);
  expect((await refusal(create())).statusCode).toBe(409);
  const upperCase = management.users.create({ connection: 'email', email: 'EMIL@example.com' });
  expect((await refusal(upperCase)).statusCode).toBe(409);
});

test('a linked user becomes an identity and disappears, with its metadata', async () => {
  const { user_id: primary } = await tenant.users.add({
    userId: 'auth0|lena',
    name: 'Lena',
    username: 'lena',
    password: 'x',
  });
  const secondary = await management.users.create({
    connection: 'sms',
    phone_number: '+12025550112',
    app_metadata: { for: primary },
  });
  expect(secondary.app_metadata).toEqual({ for: primary });
  const user_id = secondary.identities?.[0]?.user_id as string;
  expect(secondary.user_id).toBe(`sms|${user_id}`);

  const identities = await management.users.identities.link(primary, { provider: 'sms', user_id });
  expect(identities).toHaveLength(2);
  const { app_metadata, identities: now } = await management.users.get(primary);
  expect(app_metadata).toEqual({});
  expect(now?.[1]).toMatchObject({
    provider: 'sms',
    connection: 'sms',
    user_id,
    profileData: { phone_number: '+12025550112', phone_verified: false },
  });
  expect((await refusal(management.users.get(`sms|${user_id}`))).statusCode).toBe(404);
  const relinked = management.users.identities.link(primary, { provider: 'sms', user_id });
  expect((await refusal(relinked)).statusCode).toBe(404);
});

test('a half-made identity is found by its number and connection', async () => {
  await management.users.create({
    connection: 'sms',
    phone_number: '+12025550113',
    app_metadata: { for: 'auth0|emil' },
  });
  const found = await management.users.list({
    q: 'phone_number:"+12025550113" AND identities.connection:"sms"',
    search_engine: 'v3',
  });
  expect(found.data).toMatchObject([{ phone_number: '+12025550113', app_metadata: { for: 'auth0|emil' } }]);
  expect(found.response).toMatchObject({ total: 1, start: 0 });

  const byEmail = await management.users.list({ q: 'email:"stella@example.com"', include_totals: false });
  expect(byEmail.response).toMatchObject([{ user_id: 'auth0|stella' }]);
  const none = await management.users.list({
    q: 'email:"stella@example.com" AND identities.connection:"email"',
  });
  expect(none.data).toEqual([]);
});

test('a contact is found as an own identity and as a linked one, by a choice in brackets', async () => {
  const { user_id: primary } = await tenant.users.add({
    userId: 'auth0|odo',
    name: 'Odo',
    username: 'odo',
    password: 'x',
  });
  const q =
    'identities.connection:"sms" AND (phone_number:"+12025550114" OR identities.profileData.phone_number:"+12025550114")';
  const find = async () => (await management.users.list({ q })).data.map(({ user_id }) => user_id);
  const created = await management.users.create({ connection: 'sms', phone_number: '+12025550114' });
  expect(await find()).toEqual([created.user_id]);
  const user_id = created.identities?.[0]?.user_id as string;
  await management.users.identities.link(primary, { provider: 'sms', user_id });
  expect(await find()).toEqual([primary]);
});

test.each(['app_metadata', 'user_metadata'] as const)('%s is merged at its first level', async (name) => {
  const { userId } = seededUsers.staff;
  const change = async (members: Record<string, unknown>) => {
    const changed = await management.users.update(userId, { [name]: members });
    expect(changed).toEqual(await management.users.get(userId));
    return changed[name];
  };
  const kept = { list: [1], deep: { one: 1, two: 2 } };
  expect(await change({ ...kept, home: 'here' })).toEqual({ ...kept, home: 'here' });
  expect(await change({ deep: { one: 3 } })).toEqual({ list: [1], deep: { one: 3 }, home: 'here' });
  expect(await change({ deep: null, home: null, never: null })).toEqual({ list: [1] });
  expect(await change({})).toEqual({});
});

test('both metadata can be changed at once, and nothing else', async () => {
  const { userId, phoneNumber } = seededUsers.secondCustomerWithPhone;
  const both = { user_metadata: { home: 'here' }, app_metadata: { for: 'auth0|emil' } };
  expect(await management.users.update(userId, both)).toMatchObject({
    user_metadata: { home: 'here', phone_number: phoneNumber },
    app_metadata: { for: 'auth0|emil' },
  });
  for (const other of [{ blocked: true }, { ...both, blocked: true }, {}, { user_metadata: null }]) {
    expect((await refusal(management.users.update(userId, other as object))).statusCode).toBe(400);
  }
  expect((await management.users.get(userId)).blocked).toBeUndefined();
  const unknown = management.users.update('sms|nobody', { user_metadata: {} });
  expect(await refusal(unknown)).toMatchObject({ statusCode: 404, body: { errorCode: 'inexistent_user' } });
});

test('a query that could not be answered exactly is refused', async () => {
  for (const q of ['phone_number:+1202*', 'email:a OR email:b', '__proto__:"x"', 'nickname:"x"', '"']) {
    const { statusCode, body } = await refusal(management.users.list({ q }));
    expect(statusCode, q).toBe(400);
    expect(body).toMatchObject({ errorCode: 'invalid_query_string' });
  }
});

test('a malformed number, malformed metadata, another connection and unreadable JSON are 400', async () => {
  const malformed = management.users.create({ connection: 'sms', phone_number: '555 0101' });
  expect(await refusal(malformed)).toMatchObject({ statusCode: 400, body: { errorCode: 'invalid_body' } });
  const elsewhere = management.users.create({ connection: 'facebook' });
  expect(await refusal(elsewhere)).toMatchObject({ body: { errorCode: 'inexistent_connection' } });

  const { access_token } = await managementToken('create:users');
  for (const body of ['{"connection":"sms","phone_number":"+12025550119","app_metadata":"x"}', '{', 'null']) {
    const response = await call('/users', access_token, { method: 'POST', body });
    expect([response.status, (await response.json()).statusCode], body).toEqual([400, 400]);
  }
  expect(tenant.users.owner('sms', '+12025550119')).toBeUndefined();
});

async function managementToken(scope: string) {
  const audience = `${tenant.issuer}api/v2/`;
  const { body } = await tokenRequest(tenant, { grant_type: 'client_credentials', audience, scope });
  return body as { access_token: string; scope: string };
}

function call(path: string, token: string | undefined, init: RequestInit = {}) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return fetch(`${tenant.url}/api/v2${path}`, { ...init, headers });
}

test('each call needs its own scope, and a scope can be left out', async () => {
  const { access_token, scope } = await managementToken('read:users delete:users');
  expect(scope).toBe('read:users');
  expect((await call('/users/auth0%7Cemil', access_token)).status).toBe(200);
  const forbidden: [path: string, body: object, method?: string][] = [
    ['/users/auth0%7Cemil', { app_metadata: {} }, 'PATCH'],
    ['/users', { connection: 'sms', phone_number: '+12025550118' }],
    ['/users/auth0%7Cemil/identities', { provider: 'auth0', user_id: 'stella' }],
  ];
  for (const [path, body, method = 'POST'] of forbidden) {
    const response = await call(path, access_token, { method, body: JSON.stringify(body) });
    expect(await response.json()).toMatchObject({ statusCode: 403, errorCode: 'insufficient_scope' });
  }
  expect(
    (await call('/users/auth0%7Cemil', (await managementToken('create:users')).access_token)).status,
  ).toBe(403);
});

test('no token, a forged one, and one of the API are not let in', async () => {
  const { access_token } = await managementToken('read:users');
  const [header, payload] = access_token.split('.');
  const claims = { scope: 'read:users', sub: 'x', iss: tenant.issuer, aud: `${tenant.issuer}api/v2/` };
  const hs256 = signJwt(claims, tenant.settings.API_SIGNING_KEY);
  const unsigned = signJwt(claims, '', 'none');
  for (const token of [undefined, 'x', `${header}.${payload}.AAAA`, hs256, unsigned]) {
    const response = await call('/users/auth0%7Cemil', token);
    expect(await response.json(), token).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
  }
});
