import { decodeJwt, decodeProtectedHeader } from 'jose';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { authorizeUrl, callback, openBrowser, signInFor, tokenRequest } from './authorize';
import { authClient } from './clients';

const { customerWithPhone, customerWithEmail, customerWithNeither, staff } = seededUsers;
const loggedOut = 'http://localhost:9999/';
let tenant: Tenant;
let audience: string;

beforeAll(async () => {
  tenant = await createTenant({ redirectUris: [callback], postLogoutRedirectUris: [loggedOut] });
  audience = tenant.settings.API_ID;
});
afterAll(() => tenant.close());

function verify(accessToken: string) {
  return jwt.verify(accessToken, tenant.settings.API_SIGNING_KEY, {
    algorithms: ['HS256'],
    issuer: tenant.issuer,
    audience,
    complete: true,
  });
}

test('Alexa links an account: code and refresh by HTTP Basic, both with a lifetime, the refresh token stays', async () => {
  const { status, body } = await signInFor(tenant, customerWithPhone, { audience });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  const { header, payload } = verify(body.access_token);
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(payload).toMatchObject({
    sub: customerWithPhone.userId,
    aud: audience,
    azp: 'pod-local',
    scope: 'openid offline_access',
    permissions: [],
  });
  expect(payload).not.toHaveProperty('jti');

  for (let times = 0; times < 2; times += 1) {
    const refreshed = await tokenRequest(tenant, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
    });
    expect(refreshed).toMatchObject({ status: 200, body: { expires_in: 3600 } });
    expect(refreshed.body.refresh_token ?? body.refresh_token).toBe(body.refresh_token);
    expect(verify(refreshed.body.access_token).payload).toMatchObject({ sub: customerWithPhone.userId });
  }
});

test('without offline_access there is no refresh token, without an audience no API token', async () => {
  const { body } = await signInFor(tenant, customerWithEmail, { scope: 'openid profile email' });
  expect(body).not.toHaveProperty('refresh_token');
  expect(body.access_token).not.toContain('.');
  expect(body.expires_in).toBe(86_400);
  expect(decodeJwt(body.id_token)).toMatchObject({
    iss: tenant.issuer,
    sub: customerWithEmail.userId,
    aud: 'pod-local',
    name: 'Emil',
    email: 'emil@example.com',
    email_verified: true,
  });
  expect(decodeProtectedHeader(body.id_token)).toMatchObject({ alg: 'RS256' });
  const headers = { authorization: `Bearer ${body.access_token}` };
  const userinfo = await fetch(`${tenant.url}/userinfo`, { headers });
  expect(await userinfo.json()).toMatchObject({ sub: customerWithEmail.userId, email: 'emil@example.com' });
});

test('the permissions in a token are those of the moment it is made', async () => {
  const { body } = await signInFor(tenant, staff, { audience });
  const permissionsNow = async () => {
    const { body: refreshed } = await tokenRequest(tenant, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
    });
    return (verify(refreshed.access_token).payload as { permissions: string[] }).permissions;
  };
  expect(verify(body.access_token).payload).toMatchObject({
    permissions: ['read:all-orders', 'manage:orders'],
  });
  await tenant.users.change(staff.userId, { permissions: [] });
  expect(await permissionsNow()).toEqual([]);
  await tenant.users.change(staff.userId, { permissions: ['read:all-orders'] });
  expect(await permissionsNow()).toEqual(['read:all-orders']);
});

test('a user without an e-mail address signs in by user name', async () => {
  const { body } = await signInFor(tenant, customerWithNeither, { audience, scope: 'openid email' });
  expect(decodeJwt(body.id_token)).not.toHaveProperty('email');
  expect(verify(body.access_token).payload).toMatchObject({ sub: customerWithNeither.userId });
});

test('the Auth0 SDK signs in with PKCE', async () => {
  const auth = authClient(tenant);
  const authorizationParams = { redirect_uri: callback, audience, scope: 'openid' };
  const { authorizationUrl, codeVerifier } = await auth.buildAuthorizationUrl({ authorizationParams });
  const browser = openBrowser(tenant);
  const { url } = await browser.logIn(await browser.open(authorizationUrl), customerWithPhone);
  const { claims } = await auth.getTokenByCode(url, { codeVerifier });
  expect(claims?.sub).toBe(customerWithPhone.userId);
  await expect(auth.getTokenByCode(url, { codeVerifier })).rejects.toThrow();
});

test('who is signed in already is not asked again, unless the application wants it', async () => {
  const { browser } = await signInFor(tenant, customerWithPhone);
  expect((await browser.open(authorizeUrl(tenant))).url.href).toContain(`${callback}?code=`);
  expect((await browser.open(authorizeUrl(tenant, { prompt: 'none' }))).url.searchParams.has('code')).toBe(
    true,
  );
  for (const parameters of [{ prompt: 'login' }, { max_age: '0' }]) {
    const page = await browser.open(authorizeUrl(tenant, parameters));
    expect(page.text).toContain('Sign in to Pizza on Demand');
    const { url } = await browser.logIn(page, customerWithPhone);
    const form = {
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: callback,
    };
    const { body } = await tokenRequest(tenant, form);
    expect(decodeJwt(body.id_token).auth_time).toBeTypeOf('number');
  }
});

test('nobody signed in and no question allowed: login_required', async () => {
  const { url } = await openBrowser(tenant).open(authorizeUrl(tenant, { prompt: 'none' }));
  expect(url.searchParams.get('error')).toBe('login_required');
  expect(url.searchParams.get('state')).toBe('xyz');
});

test('a callback that is not registered gets neither a login page nor a redirect', async () => {
  for (const redirect_uri of [`${callback}/x`, `${callback}?x`, 'https://evil.example/', undefined]) {
    const { status, url, text } = await openBrowser(tenant).open(authorizeUrl(tenant, { redirect_uri }));
    expect([status, url.pathname]).toEqual([400, '/authorize']);
    expect(text).not.toContain('Sign in to');
  }
  tenant.allowRedirects({ redirectUris: ['http://localhost:9998/late'] });
  const { text } = await openBrowser(tenant).open(
    authorizeUrl(tenant, { redirect_uri: 'http://localhost:9998/late' }),
  );
  expect(text).toContain('Sign in to Pizza on Demand');
});

test('an audience that is no API of this tenant is refused', async () => {
  const { url } = await openBrowser(tenant).open(authorizeUrl(tenant, { audience: 'https://other.example' }));
  expect(url.searchParams.get('error')).toBe('access_denied');
  expect(url.searchParams.get('error_description')).toContain('Service not found');
});

test('people cannot have Management API tokens, and the application none of the API', async () => {
  const management = `${tenant.issuer}api/v2/`;
  const { url } = await openBrowser(tenant).open(authorizeUrl(tenant, { audience: management }));
  expect(url.searchParams.get('error')).toBe('access_denied');
  const grant = { grant_type: 'client_credentials' };
  for (const form of [{ ...grant, audience }, grant]) {
    const { status, body } = await tokenRequest(tenant, form);
    expect([status, body.error]).toEqual([403, 'access_denied']);
  }
});

test('a code needs the secret, the same callback, and works once', async () => {
  const browser = openBrowser(tenant);
  const { url } = await browser.logIn(await browser.open(authorizeUrl(tenant)), customerWithPhone);
  const code = url.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
  const wrongSecret = { ...tenant, settings: { ...tenant.settings, APP_CLIENT_SECRET: 'wrong' } };
  expect((await tokenRequest(wrongSecret, form)).status).toBe(401);
  expect((await tokenRequest(tenant, { ...form, redirect_uri: `${callback}/x` })).status).toBe(400);
  expect((await tokenRequest(tenant, form)).status).toBe(200);
  expect((await tokenRequest(tenant, form)).status).toBe(400);
});

test('the secret may be in the body as well, as a form or as JSON', async () => {
  const audience = `${tenant.issuer}api/v2/`;
  const { APP_CLIENT_ID: client_id, APP_CLIENT_SECRET: client_secret } = tenant.settings;
  const body = { grant_type: 'client_credentials', client_id, client_secret, audience };
  const asForm = await fetch(`${tenant.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
  });
  const asJson = await fetch(`${tenant.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  for (const response of [asForm, asJson]) {
    expect(response.status).toBe(200);
    const { access_token, scope, expires_in } = await response.json();
    expect({ scope, expires_in }).toEqual({
      scope: 'read:users create:users update:users',
      expires_in: 86_400,
    });
    expect(decodeJwt(access_token)).toMatchObject({
      sub: 'pod-local@clients',
      aud: audience,
      iss: tenant.issuer,
    });
  }
});

test('logging out ends the session and goes back to a registered address only', async () => {
  const { browser, body } = await signInFor(tenant, customerWithPhone);
  const foreign = await browser.open(`/v2/logout?client_id=pod-local&returnTo=https://evil.example/`);
  expect([foreign.status, foreign.url.pathname]).toEqual([400, '/oidc/logout']);

  const returnTo = encodeURIComponent(loggedOut);
  expect((await browser.open(`/v2/logout?client_id=pod-local&returnTo=${returnTo}`)).url.href).toBe(
    loggedOut,
  );
  expect((await browser.open(authorizeUrl(tenant))).text).toContain('Sign in to Pizza on Demand');

  const again = await signInFor(tenant, customerWithPhone);
  const query = `id_token_hint=${again.body.id_token}&post_logout_redirect_uri=${returnTo}&state=s1`;
  expect((await again.browser.open(`/oidc/logout?${query}`)).url.href).toBe(`${loggedOut}?state=s1`);
  expect((await again.browser.open(authorizeUrl(tenant))).text).toContain('Sign in to Pizza on Demand');

  const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  expect((await tokenRequest(tenant, form)).status, 'Alexa stays linked').toBe(200);
});

test('somebody else can sign in after a question to sign in again', async () => {
  const { browser } = await signInFor(tenant, customerWithPhone);
  const page = await browser.open(authorizeUrl(tenant, { prompt: 'login' }));
  const switching = await browser.logIn(page, staff);
  // The provider ends the first session by a form that sends itself.
  expect(switching.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-/);
  const [, action = ''] = /action="([^"]+)"/.exec(switching.text) ?? [];
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(switching.text) ?? [];
  const { url } = await browser.open(action, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  const form = {
    grant_type: 'authorization_code',
    code: url.searchParams.get('code') ?? '',
    redirect_uri: callback,
  };
  const { body } = await tokenRequest(tenant, form);
  expect(decodeJwt(body.id_token).sub).toBe(staff.userId);
});
