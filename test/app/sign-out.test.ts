import { hkdfSync } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appRouter } from '../../src/app/router';
import { Refusal } from '../../src/step-up/refusal';
import { type Browser, createBrowser, fromThePage } from '../fixtures/browser';
import { serve } from '../fixtures/serve';
import { type OpenApp, openApp, phoebe, quentin } from './open-app';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app.close());
beforeEach(() => {
  app.tenant.faults.clear();
  app.tenant.calls.reset();
});

/** A browser with the cookies of another one, as they are now. */
function copyOf(visitor: Browser, home = app.pageUrl): Browser {
  const copy = createBrowser(home);
  copy.setCookies(visitor.cookies().map((cookie) => ({ ...cookie, host: new URL(home).host })));
  return copy;
}

async function refreshTokenOf(visitor: Browser): Promise<string> {
  const cookie = visitor.cookies().find(({ name }) => name === 'appSession')?.value ?? '';
  // As express-openid-connect derives it.
  const key = new Uint8Array(hkdfSync('sha256', app.services.config.sessionSecret, '', 'JWE CEK', 32));
  const { plaintext } = await compactDecrypt(cookie, key);
  return JSON.parse(new TextDecoder().decode(plaintext)).refresh_token;
}

async function refreshAtTheTenant(refreshToken: string): Promise<number> {
  const { clientId, clientSecret } = app.services.config;
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: clientSecret,
  });
  return (await fetch(`${app.tenant.url}/oauth/token`, { method: 'POST', body })).status;
}

describe('A16: signing out', () => {
  it('ends a copy of the session at once, without asking the tenant about it', async () => {
    const visitor = await app.signedIn(phoebe);
    const copy = copyOf(visitor);
    expect((await copy.get('orders')).status).toBe(200);
    await visitor.post('oidc/logout');
    app.tenant.calls.reset();
    app.passTime(50 * 60_000);
    const refused = await copy.get('orders');
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid_token']);
    expect((await copyOf(copy).get('me')).json).toBeNull();
    expect(copy.cookies().some(({ name }) => name === 'appSession')).toBe(false);
    expect(Object.values(app.tenant.calls.get()).every((count) => count === 0)).toBe(true);
    expect(app.logged).toContainEqual(
      expect.objectContaining({
        door: 'app',
        as: 'nobody',
        customerId: phoebe.userId,
        outcome: 'invalid_token',
      }),
    );
  });

  it('ends the sessions of other browsers of this customer, on every instance, and nobody else’s', async () => {
    const [visitor, other, foreign] = [
      await app.signedIn(phoebe),
      await app.signedIn(phoebe),
      await app.signedIn(quentin),
    ];
    const another = await serve('/pod/app', appRouter(app.services));
    const there = copyOf(other, `${another}/`);
    expect((await there.get('orders')).status).toBe(200);
    await visitor.post('oidc/logout');
    expect((await other.get('orders')).status).toBe(401);
    expect((await there.get('orders')).status).toBe(401);
    expect((await foreign.get('orders')).status).toBe(200);
  });

  it('has the tenant revoke the refresh token', async () => {
    const visitor = await app.signedIn(phoebe);
    const refreshToken = await refreshTokenOf(visitor);
    expect(await refreshAtTheTenant(refreshToken)).toBe(200);
    await visitor.post('oidc/logout');
    expect(app.tenant.calls.get().revoke).toBe(1);
    expect(await refreshAtTheTenant(refreshToken)).toBe(400);
  });

  it('lets the customer sign in again, also where a clock is behind', async () => {
    const visitor = await app.signedIn(phoebe);
    await visitor.post('oidc/logout');
    app.passTime(-60_000);
    const again = await app.signedIn(phoebe);
    expect((await again.get('orders')).status).toBe(200);
    await again.post('oidc/logout');
    expect((await copyOf(again).get('orders')).status).toBe(401);
    app.passTime(60_000);
  });

  it.each([503, 'drop'] as const)('ends the session here while the tenant is away (%s)', async (answer) => {
    const visitor = await app.signedIn(phoebe);
    const copy = copyOf(visitor);
    app.tenant.faults.add({ call: 'revoke', answer });
    await visitor.post('oidc/logout');
    expect((await visitor.get('orders')).status).toBe(401);
    expect((await copy.get('orders')).status).toBe(401);
    expect(app.logged).toContainEqual(
      expect.objectContaining({ message: 'a refresh token was not revoked' }),
    );
  });

  it('says so when only this browser could be signed out, because the store is away', async () => {
    const visitor = await app.signedIn(phoebe);
    const { transact } = app.store;
    app.store.transact = async () => {
      throw new Refusal('store_unavailable', 'The store does not answer.');
    };
    const answer = await visitor.send('oidc/logout', { method: 'POST', headers: fromThePage });
    app.store.transact = transact;
    expect(answer.headers.get('location')).toMatch(/#\/sign-in-failed\?reason=signed-out-here$/);
    expect(visitor.cookies().some(({ name }) => name === 'appSession')).toBe(false);
  });
});
