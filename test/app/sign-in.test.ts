import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromThePage } from '../fixtures/browser';
import { type OpenApp, openApp, phoebe } from './open-app';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app.close());
beforeEach(() => app.tenant.faults.clear());

const start = async (query = '') => {
  const { headers } = await app.visitor().get(`oidc/start${query}`);
  return new URL(headers.get('location') ?? '');
};

describe('signing in', () => {
  it('asks the tenant for a code with PKCE, for the API, and for a refresh token', async () => {
    const { origin, pathname, searchParams } = await start();
    expect(origin + pathname).toBe(`${app.tenant.url}/authorize`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      audience: app.services.config.apiId,
      scope: 'openid profile email offline_access',
      redirect_uri: `${app.pageUrl}oidc/callback`,
    });
    expect(searchParams.get('state')).toMatch(/^.{20,}$/);
    expect(searchParams.has('max_age')).toBe(false);
  });

  it('asks for the password again when a fresh sign-in is wanted', async () => {
    const { searchParams } = await start('?fresh=true&return=profile');
    expect(searchParams.get('max_age')).toBe('0');
    expect(searchParams.get('prompt')).toBe('login');
  });

  it('passes none of its own other parameters on', async () => {
    const { searchParams } = await start(
      '?scope=admin&audience=x&redirect_uri=https://evil.example&prompt=none',
    );
    expect(searchParams.get('scope')).toBe('openid profile email offline_access');
    expect(searchParams.get('audience')).toBe(app.services.config.apiId);
    expect(searchParams.get('redirect_uri')).toBe(`${app.pageUrl}oidc/callback`);
    expect(searchParams.has('prompt')).toBe(false);
  });

  it.each([
    ['', '#/orders'],
    ['?return=profile', '#/profile'],
    ['?return=approve', '#/approve'],
    ['?return=https://evil.example/', '#/orders'],
    ['?return=//evil.example', '#/orders'],
  ])('comes back to the page: oidc/start%s leads to %s', async (query, hash) => {
    const end = await app.visitor().signIn(phoebe, `oidc/start${query}`);
    expect(end.status).toBe(200);
    expect(end.url.href).toBe(app.pageUrl + hash);
  });

  it('keeps the session in one encrypted cookie for the page alone', async () => {
    const visitor = await app.signedIn(phoebe);
    const answer = await visitor.get('me');
    const [cookie = '', ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^appSession=[^;]+; Path=\/pod\/app; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(cookie.length).toBeLessThan(4096);
    const [header, key] = cookie.slice('appSession='.length).split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toMatchObject({ enc: 'A256GCM' });
    expect(key).toBe('');
    expect(Buffer.from(cookie, 'base64').toString('latin1')).not.toContain('phoebe');
  });

  it('does not accept an answer to a sign-in that this browser did not start', async () => {
    const victim = app.visitor();
    const stranger = app.visitor();
    await victim.get('oidc/start');
    const { headers } = await stranger.get('oidc/start');
    const state = new URL(headers.get('location') ?? '').searchParams.get('state');
    app.tenant.calls.reset();
    const end = await victim.open(`oidc/callback?code=stolen&state=${state}`);
    expect(end.text).toContain('type="password"');
    expect(app.tenant.calls.get().token).toBe(0);
    expect((await victim.get('me')).json).toBeNull();
  });

  it.each(['', '?return=approve', '?return=profile&fresh=true'])(
    'B16: two tabs start to sign in (%s); whichever is finished first, both arrive',
    async (query) => {
      for (const [first, second] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const visitor = app.visitor();
        const tabs = [
          await visitor.open(`oidc/start${query}`),
          await visitor.open(`oidc/start${query}`),
        ] as const;
        const hash = `#/${new URLSearchParams(query).get('return') ?? 'orders'}`;
        const end = await visitor.logIn(tabs[first], phoebe);
        expect([end.status, end.url.href]).toEqual([200, `${app.pageUrl}${hash}`]);
        expect((await visitor.get('me')).json).toMatchObject({ name: 'Phoebe' });
        const other = await visitor.logIn(tabs[second], phoebe);
        expect([other.status, other.url.origin + other.url.pathname]).toEqual([200, app.pageUrl]);
        expect(other.url.hash).not.toContain('failed');
        expect((await visitor.get('me')).json).toMatchObject({ name: 'Phoebe' });
      }
    },
  );

  it('B16: starts again once, and not without end', async () => {
    const visitor = app.visitor();
    const stateOf = (location: string | null) => new URL(location ?? '').searchParams.get('state');
    const first = stateOf((await visitor.get('oidc/start')).headers.get('location'));
    await visitor.get('oidc/start');
    const again = await visitor.get(`oidc/callback?code=lost&state=${first}`);
    expect(again.headers.get('location')).toMatch(/\/authorize\?/);
    const second = stateOf(again.headers.get('location'));
    await visitor.get('oidc/start');
    const end = await visitor.get(`oidc/callback?code=lost&state=${second}`);
    expect(end.headers.get('location')).toMatch(/#\/sign-in-failed\?reason=refused$/);
  });

  it.each(['oidc/callback', 'oidc/callback?error=access_denied', 'oidc/callback?code=1&state=2'])(
    'shows the page, signed out, after a failed sign-in (%s)',
    async (address) => {
      const visitor = app.visitor();
      const end = await visitor.open(address);
      expect(end.url.hash).toMatch(/^#\/sign-in-failed/);
      expect(end.status).toBe(200);
      expect((await visitor.get('me')).json).toBeNull();
    },
  );

  it('says so when the tenant does not answer', async () => {
    const other = await openApp();
    other.tenant.faults.add({ call: 'discovery', answer: 503 });
    const end = await other.visitor().open('oidc/start');
    expect(end.url.href).toBe(`${other.pageUrl}#/sign-in-failed?reason=unavailable`);
    other.tenant.faults.clear();
    expect((await other.visitor().get('oidc/start')).headers.get('location')).toContain('/authorize');
    await other.close();
  });
});

describe('signing out', () => {
  it('ends the session here and at the tenant', async () => {
    const visitor = await app.signedIn(phoebe);
    const left = await visitor.post('oidc/logout');
    const location = new URL(left.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(`${app.tenant.url}/oidc/logout`);
    expect(location.searchParams.get('post_logout_redirect_uri')).toBe(app.pageUrl);
    expect((await visitor.get('me')).json).toBeNull();

    expect((await visitor.open(location)).url.href).toBe(app.pageUrl);
    const again = await visitor.open('oidc/start');
    expect(again.text).toContain('type="password"');
  });

  it('leads back to the page for somebody who is signed out already', async () => {
    const answer = await app.visitor().post('oidc/logout');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(app.pageUrl);
  });

  it('cannot be done by a link or an image of another site', async () => {
    const visitor = await app.signedIn(phoebe);
    await visitor.get('oidc/logout');
    await visitor.post('oidc/logout', {}, { 'sec-fetch-site': 'cross-site' });
    expect((await visitor.get('me')).json).toMatchObject({ name: 'Phoebe' });
  });

  it('works here even when the tenant is away', async () => {
    const other = await openApp();
    const visitor = await other.signedIn(phoebe);
    const cookies = visitor.cookies();
    await other.close();

    const restarted = await openApp({ SESSION_SECRET: other.services.config.sessionSecret });
    restarted.tenant.faults.add({ call: 'discovery', answer: 503 });
    const same = restarted.visitor();
    const { host } = new URL(restarted.pageUrl);
    same.setCookies(cookies.map((cookie) => ({ ...cookie, host })));
    const answer = await same.send('oidc/logout', { method: 'POST', headers: fromThePage });
    expect(answer.headers.get('location')).toMatch(/#\/sign-in-failed\?reason=signed-out-here$/);
    expect(same.cookies().some(({ name }) => name === 'appSession')).toBe(false);
    await restarted.close();
  });
});
