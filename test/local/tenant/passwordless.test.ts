import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import { createLoopbackFetch } from '../../../local/tenant/loopback-fetch';
import { authClient, managementClient, postJson } from './clients';

let now = Date.parse('2030-01-01T12:00:00Z');
let tenant: Tenant;
let auth: ReturnType<typeof authClient>;
let customers = 0;
let customer: { id: string; phoneNumber: string };

beforeAll(async () => {
  tenant = await createTenant({ clock: () => now });
  auth = authClient(tenant);
});
afterAll(() => tenant.close());

beforeEach(async () => {
  customers += 1;
  const phoneNumber = `+1202555${2000 + customers}`;
  const name = `customer${customers}`;
  const { user_id: id } = await tenant.users.add({
    userId: `auth0|${name}`,
    name,
    username: name,
    password: 'x',
  });
  const management = managementClient(tenant);
  const created = await management.users.create({ connection: 'sms', phone_number: phoneNumber });
  await management.users.identities.link(id, { provider: 'sms', user_id: created.identities?.[0]?.user_id });
  customer = { id, phoneNumber };
});

async function send(): Promise<string> {
  await auth.passwordless.sendSms({ phoneNumber: customer.phoneNumber });
  return tenant.inbox.messages(customer.phoneNumber)[0]?.code as string;
}

function exchange(code: string, audience?: string) {
  const { phoneNumber } = customer;
  return auth.getTokenByPasswordlessSms({ phoneNumber, code, scope: 'openid', audience });
}

async function refusal(code: string) {
  try {
    await exchange(code);
  } catch (error) {
    return error as { statusCode: number; cause: { error: string; error_description: string } };
  }
  throw new Error('The code was accepted.');
}

const wrongNumber = { error: 'invalid_grant', error_description: 'Wrong phone number or verification code.' };
const tooMany = {
  error: 'invalid_grant',
  error_description: "You've reached the maximum number of attempts. Please try to login again.",
};
const otherThan = (code: string) => (code === '0000' ? '0001' : '0000');

test('a right code gives an id_token of the primary user, signed with the published key', async () => {
  const code = await send();
  expect(code).toMatch(/^\d{4}$/);
  const { idToken, accessToken, expiresAt } = await exchange(code);
  const keys = createRemoteJWKSet(new URL(`${tenant.issuer}.well-known/jwks.json`), {
    [customFetch]: createLoopbackFetch(tenant.settings.AUTH0_DOMAIN),
  });
  const { payload } = await jwtVerify(idToken as string, keys, {
    algorithms: ['RS256'],
    issuer: tenant.issuer,
    audience: tenant.settings.APP_CLIENT_ID,
  });
  expect(payload.sub).toBe(customer.id);
  expect(accessToken).not.toContain('.');
  expect(expiresAt).toBeGreaterThan(Date.now() / 1000);
});

test('with an audience the access token is the API token of that user', async () => {
  const code = await send();
  await expect(exchange(code, 'https://other.example')).rejects.toMatchObject({ statusCode: 403 });
  const { accessToken } = await exchange(code, tenant.settings.API_ID);
  const claims = jwt.verify(accessToken, tenant.settings.API_SIGNING_KEY, {
    algorithms: ['HS256'],
    issuer: tenant.issuer,
    audience: tenant.settings.API_ID,
  });
  expect(claims).toMatchObject({ sub: customer.id, azp: 'pod-local', permissions: [] });
});

test('a right code proves the number, and is a sign-in', async () => {
  const before = await managementClient(tenant).users.get(customer.id);
  expect(before.last_login).toBeUndefined();
  await exchange(await send());
  const user = await managementClient(tenant).users.get(customer.id);
  expect(user).toMatchObject({ logins_count: 1, last_login: new Date(now).toISOString() });
  expect(user.identities?.[1]?.profileData).toMatchObject({ phone_verified: true });
});

test('a code works once', async () => {
  const code = await send();
  await exchange(code);
  expect(await refusal(code)).toMatchObject({ statusCode: 403, cause: wrongNumber });
});

test('of two exchanges of one code at once, one wins', async () => {
  const code = await send();
  const results = await Promise.allSettled([exchange(code), exchange(code)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('the third wrong try ends the code, even for the right code', async () => {
  const code = await send();
  expect((await refusal(otherThan(code))).cause).toMatchObject(wrongNumber);
  expect((await refusal(otherThan(code))).cause).toMatchObject(wrongNumber);
  expect((await refusal(otherThan(code))).cause).toMatchObject(tooMany);
  expect(await refusal(code)).toMatchObject({ statusCode: 403, cause: tooMany });
  await exchange(await send());
});

test('a new code kills the one before', async () => {
  tenant.forceNextCode('1111');
  tenant.forceNextCode('2222');
  await send();
  await send();
  expect((await refusal('1111')).cause).toMatchObject(wrongNumber);
  await exchange('2222');
});

test('a code with a leading zero is one', async () => {
  tenant.forceNextCode('0123');
  expect(await send()).toBe('0123');
  expect((await refusal('123')).cause).toMatchObject(wrongNumber);
  await exchange('0123');
});

test('a code has six digits where the tenant says so', async () => {
  const six = await createTenant({ codeLength: 6 });
  const { phoneNumber } = customer;
  await managementClient(six).users.create({ connection: 'sms', phone_number: phoneNumber });
  await authClient(six).passwordless.sendSms({ phoneNumber });
  const code = six.inbox.messages(phoneNumber)[0]?.code as string;
  expect(code).toMatch(/^\d{6}$/);
  await authClient(six).getTokenByPasswordlessSms({ phoneNumber, code, scope: 'openid' });
  await six.close();
});

test('a blocked user is sent nothing, and let in by no code', async () => {
  const code = await send();
  await tenant.users.change(customer.id, { blocked: true });
  await send();
  expect(tenant.inbox.messages(customer.phoneNumber)).toHaveLength(1);
  expect(await refusal(code)).toMatchObject({
    statusCode: 401,
    cause: { error: 'unauthorized', error_description: 'user is blocked' },
  });
});

test('a code is valid for 180 seconds', async () => {
  await send();
  const code = await send();
  now += 179_999;
  await exchange(code);
  const late = await send();
  now += 180_000;
  expect(await refusal(late)).toMatchObject({
    statusCode: 403,
    cause: {
      error: 'invalid_grant',
      error_description: 'The verification code has expired. Please try to login again.',
    },
  });
});

test('a code of one customer is nothing for another', async () => {
  const code = await send();
  const other = { phoneNumber: '+12025550199', code, scope: 'openid' };
  await expect(auth.getTokenByPasswordlessSms(other)).rejects.toMatchObject({
    cause: wrongNumber,
  });
  await exchange(code);
});

test('codes by e-mail follow the same rules, in their own words', async () => {
  await managementClient(tenant).users.create({ connection: 'email', email: 'emil@example.com' });
  await auth.passwordless.sendEmail({ email: 'emil@example.com' });
  const [message] = tenant.inbox.messages('emil@example.com');
  expect(message).toMatchObject({ channel: 'email', to: 'emil@example.com' });
  const code = message?.code as string;
  const login = (code: string) =>
    auth.getTokenByPasswordlessEmail({ email: 'emil@example.com', code, scope: 'openid' });
  await expect(login(otherThan(code))).rejects.toMatchObject({
    cause: { error_description: 'Wrong email or verification code.' },
  });
  expect((await login(code)).claims?.sub).toMatch(/^email\|/);
});

test('a start is refused with the error of Auth0, and sends nothing', async () => {
  const right = {
    client_id: tenant.settings.APP_CLIENT_ID,
    client_secret: tenant.settings.APP_CLIENT_SECRET,
    connection: 'sms',
    phone_number: customer.phoneNumber,
    send: 'code',
  };
  const cases: [change: object, status: number, error: string][] = [
    [{ client_id: undefined }, 400, 'bad.client_id'],
    [{ client_id: 'other' }, 401, 'invalid_client'],
    [{ client_secret: undefined }, 401, 'invalid_client'],
    [{ client_secret: `${right.client_secret}x` }, 401, 'invalid_client'],
    [{ client_secret: 'é'.repeat(right.client_secret.length) }, 401, 'invalid_client'],
    [{ connection: undefined }, 400, 'bad.connection'],
    [{ connection: 'facebook' }, 400, 'bad.connection'],
    [{ phone_number: undefined }, 400, 'bad.phone_number'],
    [{ phone_number: '2025550101' }, 400, 'bad.phone_number'],
    [{ phone_number: '+12025550000' }, 400, 'bad.connection'],
    [{ connection: 'email', email: 'nobody@example.com' }, 400, 'bad.connection'],
    [{ connection: 'email', email: 'emil@example.com', send: undefined }, 400, 'bad.request'],
    [{ send: 'link' }, 400, 'bad.request'],
    [{ more: 'x' }, 400, 'bad.request'],
  ];
  const before = tenant.inbox.messages().length;
  for (const [change, status, error] of cases) {
    const response = await postJson(tenant, '/passwordless/start', { ...right, ...change });
    expect([response.status, (await response.json()).error], JSON.stringify(change)).toEqual([status, error]);
  }
  expect(tenant.inbox.messages()).toHaveLength(before);
  expect((await postJson(tenant, '/passwordless/start', right)).status).toBe(200);
});

test('an exchange without the client secret is refused and costs no try', async () => {
  const code = await send();
  const grant = {
    grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
    client_id: tenant.settings.APP_CLIENT_ID,
    realm: 'sms',
    username: customer.phoneNumber,
    otp: otherThan(code),
  };
  for (let tries = 0; tries < 4; tries += 1) {
    const response = await postJson(tenant, '/oauth/token', { ...grant, client_secret: 'wrong' });
    expect(response.status).toBe(401);
  }
  const response = await postJson(tenant, '/oauth/token', {
    ...grant,
    otp: code,
    client_secret: tenant.settings.APP_CLIENT_SECRET,
  });
  expect(response.status).toBe(200);
});
