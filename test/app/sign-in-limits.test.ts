import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../fixtures/browser';
import { type OpenApp, openApp, phoebe } from './open-app';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app.close());
beforeEach(() => app.tenant.calls.reset());

describe('A19: the tenant is not asked because of', () => {
  it('other spellings of the address, which are not found', async () => {
    const spellings = [
      '/POD/aPp/oidc/start',
      '/pod/APP/oidc/start',
      '/pod/app/OIDC/start',
      '/pod/app/oidc/start/',
    ];
    for (const path of spellings) {
      expect([path, (await fetch(`${app.origin}${path}`, { redirect: 'manual' })).status]).toEqual([
        path,
        404,
      ]);
    }
    expect(app.tenant.calls.get().discovery).toBe(0);
  });

  it('ever other ports that a request says it was meant for', async () => {
    const other = await openApp();
    const { port } = new URL(other.origin);
    for (let n = 0; n < 20; n += 1) {
      const answered = await new Promise((resolve) => {
        const headers = { host: `localhost:${2000 + n}` };
        request({ port, path: '/pod/app/oidc/start', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
      expect(answered).toBe(302);
    }
    expect(other.tenant.calls.get().discovery).toBe(1);
    await other.close();
  });

  it('a hundred forged answers to one sign-in, after the first', async () => {
    const visitor = app.visitor();
    const { headers } = await visitor.get('oidc/start');
    const state = new URL(headers.get('location') ?? '').searchParams.get('state');
    const cookies = visitor.cookies();
    const { issuer } = app.tenant;
    for (let n = 0; n < 100; n += 1) {
      const copy = createBrowser(app.pageUrl);
      copy.setCookies(cookies);
      const answer = await copy.get(`oidc/callback?code=forged-${n}&state=${state}&iss=${issuer}`);
      expect(answer.headers.get('location')).toMatch(/#\/sign-in-failed\?reason=refused$/);
    }
    expect(app.tenant.calls.get().token).toBe(1);
  });

  it('answers with another state, or with one that is too long', async () => {
    const visitor = app.visitor();
    await visitor.get('oidc/start');
    const cookies = visitor.cookies();
    for (const state of ['other', 'x'.repeat(600), '']) {
      visitor.setCookies(cookies);
      await visitor.get(`oidc/callback?code=forged&state=${state}`);
    }
    expect(app.tenant.calls.get().token).toBe(0);
  });
});

it('leads somebody who goes back to an answered sign-in to the page', async () => {
  const visitor = app.visitor();
  const { headers } = await visitor.get('oidc/start');
  const start = new URL(headers.get('location') ?? '');
  const end = await visitor.logIn(await visitor.open(start), phoebe);
  expect(end.url.hash).toBe('#/orders');
  const state = start.searchParams.get('state');
  const back = await visitor.get(`oidc/callback?code=used&state=${state}`);
  expect([back.status, back.headers.get('location')]).toEqual([302, app.pageUrl]);
});

it('keeps its cookies from plain http where the page is on https', async () => {
  const secure = await openApp({ PUBLIC_ORIGIN: 'https://pod.example' });
  // TLS ends before POD: what the browser would send to https://pod.example arrives here.
  const visitor = createBrowser(secure.pageUrl, { stays: true });
  const { headers } = await visitor.get('oidc/start');
  const attributes = 'Path=/pod/app; HttpOnly; Secure; SameSite=Lax';
  expect(headers.getSetCookie()).toEqual([
    expect.stringMatching(new RegExp(`^__Secure-auth_verification=[^;]+; ${attributes}$`)),
  ]);

  const atTenant = createBrowser(secure.tenant.url, { stays: true });
  const end = await atTenant.signIn(phoebe, headers.get('location') ?? '');
  expect(end.url.origin).toBe('https://pod.example');
  await visitor.get(`oidc/callback${end.url.search}`);
  expect(visitor.cookies().map(({ name }) => name)).toEqual(['__Secure-appSession']);
  expect((await visitor.get('me')).json).toMatchObject({ name: 'Phoebe' });

  const copy = createBrowser(secure.pageUrl);
  copy.setCookies(visitor.cookies());
  await visitor.post('oidc/logout');
  expect(visitor.cookies().some(({ name }) => name.includes('appSession'))).toBe(false);
  expect((await copy.get('orders')).status).toBe(401);
  await secure.close();
});
