import { hkdfSync } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Browser } from '../fixtures/browser';
import { customerOf, endedOrder, storeOrders } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, stella } from './open-app';

const minuteMs = 60_000;
const sessionTokenMs = 45 * minuteMs;

let app: OpenApp;
let staff: Browser;
beforeEach(async () => {
  app = await openApp();
  staff = await app.signedIn(stella);
  await storeOrders(app.store, [
    endedOrder({ customerId: customerOf(phoebe.userId), placedAt: Date.now() - minuteMs }),
  ]);
  app.tenant.calls.reset();
});
afterEach(() => app.close());

const ordersSeen = async () => (await staff.get('orders')).json.orders.length;

describe('a staff member who loses the permission', () => {
  it('sees the orders of others no more after three quarters of an hour', async () => {
    await app.tenant.users.change(stella.userId, { permissions: [] });
    expect(await ordersSeen()).toBe(1);
    app.passTime(sessionTokenMs);
    expect(await ordersSeen()).toBe(0);
    expect((await staff.get('me')).json).toMatchObject({ name: 'Stella', staff: false });
  });

  it('asks the tenant nothing while the token is young', async () => {
    expect(await ordersSeen()).toBe(1);
    expect(app.tenant.calls.get().token).toBe(0);
    app.passTime(sessionTokenMs);
    expect(await ordersSeen()).toBe(1);
    expect(app.tenant.calls.get().token).toBe(1);
  });
});

describe('a session that is to be refreshed', () => {
  it('ends when the tenant refuses', async () => {
    app.passTime(sessionTokenMs);
    await revokeRefreshToken(app, staff);
    const answer = await staff.get('orders');
    expect([answer.status, answer.json.code]).toEqual([401, 'invalid_token']);
    expect(staff.cookies().some(({ name }) => name === 'appSession')).toBe(false);
    expect((await staff.get('me')).json).toBeNull();
  });

  it.each([500, 429, 'drop'] as const)('waits while the tenant is away (%s)', async (answer) => {
    app.passTime(sessionTokenMs);
    app.tenant.faults.add({ call: 'token', answer });
    const refused = await staff.get('orders');
    expect([refused.status, refused.json.code]).toEqual([503, 'upstream_unavailable']);
    app.tenant.faults.clear();
    expect(await ordersSeen()).toBe(1);
  });

  it('never shows more than the token in hand has proved', async () => {
    await app.tenant.users.change(stella.userId, { permissions: [] });
    app.passTime(sessionTokenMs);
    app.tenant.faults.add({ call: 'token', answer: 503 });
    expect((await staff.get('orders')).json.orders).toBeUndefined();
    expect((await staff.get('me')).status).toBe(503);
  });
});

/** What an administrator of the tenant does to end a session (RFC 7009). */
async function revokeRefreshToken({ tenant, services }: OpenApp, visitor: Browser): Promise<void> {
  const { clientId, clientSecret, sessionSecret } = services.config;
  const cookie = visitor.cookies().find(({ name }) => name === 'appSession')?.value ?? '';
  // As express-openid-connect derives it.
  const key = new Uint8Array(hkdfSync('sha256', sessionSecret, '', 'JWE CEK', 32));
  const { plaintext } = await compactDecrypt(cookie, key);
  const { refresh_token: token } = JSON.parse(new TextDecoder().decode(plaintext));
  const response = await fetch(`${tenant.url}/oauth/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret }),
  });
  if (!response.ok) throw new Error(`The token was not revoked: ${response.status}`);
}
