import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accessToken, signJwt } from '../fixtures/access-token';
import { testSettings } from '../fixtures/settings';
import { startApi, tokenOf } from './start-api';

const now = Math.floor(Date.now() / 1000);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const forger = { ...testSettings, API_SIGNING_KEY: 'another-key-of-at-least-32-characters-in-all' };
const claims = {
  sub: 'ann',
  aud: testSettings.API_ID,
  iss: `https://${testSettings.AUTH0_DOMAIN}/`,
  iat: now,
  exp: now + 3600,
};

describe('the access token', () => {
  it.each([
    ['another key', accessToken(forger, { sub: 'ann' })],
    ['another audience', tokenOf('ann', { aud: 'https://other.example' })],
    ['another issuer', tokenOf('ann', { iss: 'https://other.example/' })],
    ['a time that is over', tokenOf('ann', { exp: now - 1 })],
    ['no signature', signJwt(claims, '', 'none')],
    ['RS256', signJwt(claims, privateKey, 'RS256')],
    ['HS512', signJwt(claims, testSettings.API_SIGNING_KEY, 'HS512')],
    ['an application as its bearer', tokenOf('m2m@clients', { gty: 'client-credentials' })],
    ['no subject', tokenOf('')],
    ['no sense', 'nonsense'],
  ])('with %s is refused as invalid_token', async (_fault, token) => {
    const { call, codes } = await startApi();
    const headers = { Authorization: `Bearer ${token}` };
    const refused = await call('POST', '/orders', { headers, json: { size: 'large', toppings: [] } });
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid_token']);
    expect(refused.headers.get('WWW-Authenticate')).toMatch(/^Bearer realm="pod", error="invalid_token"/);
    expect(codes.counts('ann').sent).toBe(0);
  });

  it('is asked for by a challenge without an error code when there is none', async () => {
    const { call } = await startApi();
    const refused = await call('GET', '/orders');
    expect([refused.status, refused.json.code]).toEqual([401, 'invalid_token']);
    expect(refused.headers.get('WWW-Authenticate')).toBe('Bearer realm="pod"');
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YW5uOnB3', 'Bearer a b', 'Bearer "', `Token ${tokenOf('ann')}`])(
    'is not found in %o',
    async (Authorization) => {
      const { call } = await startApi();
      expect((await call('GET', '/orders', { headers: { Authorization } })).status).toBe(401);
    },
  );

  it('is not taken from the query, a form or a cookie', async () => {
    const { call } = await startApi();
    const token = tokenOf('ann');
    expect((await call('GET', `/orders?access_token=${token}`)).status).toBe(401);
    const body = new URLSearchParams({ access_token: token });
    expect((await call('POST', '/orders', { body })).status).toBe(401);
    expect((await call('GET', '/orders', { headers: { Cookie: `access_token=${token}` } })).status).toBe(401);
  });

  it('is needed for OPTIONS too', async () => {
    const { call } = await startApi();
    const headers = { 'Access-Control-Request-Headers': 'authorization' };
    expect((await call('OPTIONS', '/orders', { headers })).status).toBe(401);
  });

  it('is not needed to read how the API works', async () => {
    const { call } = await startApi();
    expect((await call('GET', '/openapi.json')).json.openapi).toMatch(/^3\.1\./);
  });
});

describe('somebody else’s order', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/code'],
    ['POST', '/authorize'],
  ])('is not found by %s %s', async (method, suffix) => {
    const { call, order, codes } = await startApi();
    const id = await order('ann');
    const json = suffix === '/authorize' ? { code: codes.newestCode('ann') } : undefined;
    const refused = await call(method, `/orders/${id}${suffix}`, { as: 'bob', json });
    const unknown = await call(method, `/orders/00000000-0000-4000-8000-000000000000${suffix}`, {
      as: 'bob',
      json,
    });
    expect(refused.status).toBe(404);
    expect(refused.text).toBe(unknown.text);
    expect((await call('GET', `/orders/${id}`, { as: 'ann' })).json).toMatchObject({
      status: 'pending',
      attemptsLeft: 3,
    });
    expect(codes.counts('ann').sent).toBe(1);
  });

  it('is in no customer’s list, however it is asked for', async () => {
    const { call, order } = await startApi();
    await order('ann');
    expect((await call('GET', '/orders', { as: 'bob' })).json.orders).toEqual([]);
    const asked = await call('GET', '/orders?customer=ann', { as: 'bob' });
    expect([asked.status, asked.json.code]).toEqual([403, 'forbidden']);
    expect((await call('GET', '/orders?customer=bob', { as: 'bob' })).json.orders).toEqual([]);
    expect((await call('GET', '/orders?customer=ann&customer=bob', { as: 'bob' })).status).toBe(400);
  });

  it('is not reached with the cursor of somebody else’s page', async () => {
    const { call, order } = await startApi();
    await order('ann');
    await order('ann');
    const { next } = (await call('GET', '/orders?limit=1', { as: 'ann' })).json;
    expect((await call('GET', `/orders?after=${next}`, { as: 'bob' })).json.orders).toEqual([]);
  });
});

describe('staff', () => {
  it('see everybody’s orders, or one customer’s', async () => {
    const { call, order } = await startApi();
    const anns = await order('ann');
    await order('bob');
    expect((await call('GET', '/orders', { as: 'staff' })).json.orders).toHaveLength(2);
    const { orders } = (await call('GET', '/orders?customer=ann', { as: 'staff' })).json;
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({ id: anns, customer: 'ann' });
    expect((await call('GET', `/orders/${anns}`, { as: 'staff' })).json).toEqual(orders[0]);
  });

  it('cancel anybody’s pending order, which then says so', async () => {
    const { call, order } = await startApi();
    const id = await order('ann');
    const cancelled = await call('DELETE', `/orders/${id}`, { as: 'staff' });
    expect(cancelled.json).toMatchObject({ status: 'cancelled', cancelReason: 'staff' });
  });

  it('A21: who may only see them can cancel none but their own', async () => {
    const { call, order } = await startApi();
    const anns = await order('ann');
    const refused = await call('DELETE', `/orders/${anns}`, { as: 'looker' });
    expect([refused.status, refused.json.code]).toEqual([403, 'forbidden']);
    expect((await call('GET', `/orders/${anns}`, { as: 'looker' })).json).toMatchObject({
      status: 'pending',
    });
    const own = await order('looker');
    expect((await call('DELETE', `/orders/${own}`, { as: 'looker' })).json.cancelReason).toBe('customer');
  });

  it('A21: the permission to change is nothing without the one to see', async () => {
    const { call, order } = await startApi();
    const id = await order('ann');
    const token = tokenOf('bob', { permissions: ['manage:orders'] });
    const headers = { Authorization: `Bearer ${token}` };
    expect((await call('DELETE', `/orders/${id}`, { headers })).status).toBe(404);
    expect((await call('GET', '/orders', { headers })).json.orders).toEqual([]);
  });

  it('cancel their own order as any customer does', async () => {
    const { call, order } = await startApi();
    const id = await order('staff');
    expect((await call('DELETE', `/orders/${id}`, { as: 'staff' })).json.cancelReason).toBe('customer');
  });

  it.each(['authorize', 'code'])('cannot use %s on a customer’s order', async (step) => {
    const { call, order, codes } = await startApi();
    const id = await order('ann');
    const json = step === 'authorize' ? { code: codes.newestCode('ann') } : undefined;
    expect((await call('POST', `/orders/${id}/${step}`, { as: 'staff', json })).status).toBe(404);
  });

  it('are known by exactly their permission, and by nothing like it', async () => {
    const { call, order } = await startApi();
    const id = await order('ann');
    const almost = { permissions: ['read:all-orders ', 'read:orders'], scope: 'read:all-orders' };
    const headers = { Authorization: `Bearer ${tokenOf('bob', almost)}` };
    expect((await call('GET', `/orders/${id}`, { headers })).status).toBe(404);
  });
});
