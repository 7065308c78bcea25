import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from '../fixtures/browser';
import { customerOf, endedOrder, storeOrders } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe } from './open-app';

let app: OpenApp;
let customer: Browser;
beforeAll(async () => {
  app = await openApp();
  customer = await app.signedIn(phoebe);
});
afterAll(() => app.close());

it('answers a refusal as the API does, without the order: the page has it already', async () => {
  const order = endedOrder({ customerId: customerOf(phoebe.userId) });
  await storeOrders(app.store, [order]);
  const answer = await customer.post(`orders/${order.id}/cancel`);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json).toEqual({
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    detail: 'This order is already confirmed.',
    code: 'order_already_confirmed',
  });
});

it.each([
  ['orders', 'Bearer realm="pod"'],
  ['orders?limit=0', 'Bearer realm="pod"'],
])('challenges somebody who is signed out at %s', async (path, challenge) => {
  const answer = await app.visitor().get(path);
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge]);
});

it('asks for a fresh sign-in as RFC 9470 says', async () => {
  const answer = await customer.post('unlock');
  expect([answer.status, answer.json.title]).toEqual([401, 'Unauthorized']);
  expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_user_authentication"');
});

it('refuses a form where JSON is meant, and hides nothing', async () => {
  const body = new URLSearchParams({ customer: phoebe.userId });
  const headers = { 'sec-fetch-site': 'same-origin' };
  const answer = await customer.send(`orders/${randomUUID()}/hide`, { method: 'POST', headers, body });
  expect([answer.status, answer.json.code]).toEqual([415, 'invalid_request']);
  expect(app.steps.filter(({ step }) => step === 'hide')).toEqual([]);
});

it('tells the log all of a bug of our own, and the page nothing', async () => {
  const other = await openApp();
  const visitor = await other.signedIn(phoebe);
  other.store.list = async () => {
    throw new TypeError('secret table is gone');
  };
  const answer = await visitor.get('orders');
  expect([answer.status, answer.json.code]).toEqual([500, 'internal_error']);
  expect(answer.text).not.toMatch(/secret|TypeError|\.ts/);
  expect(other.logged).toContainEqual(
    expect.objectContaining({ err: expect.objectContaining({ message: 'secret table is gone' }) }),
  );
  await other.close();
});
