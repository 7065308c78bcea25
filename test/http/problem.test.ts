import { Router } from 'express';
import { expect, it } from 'vitest';
import { HttpFault } from '../../src/http/http-fault';
import { answerProblem } from '../../src/http/problem';
import { NotOnMenu } from '../../src/orders/menu';
import type { Log } from '../../src/step-up/outside';
import { Refusal } from '../../src/step-up/refusal';
import { pendingOrder } from '../fixtures/orders';
import { serve } from '../fixtures/serve';

const order = pendingOrder();

/** Answers a request with what the error becomes at a door. */
async function answerTo(error: unknown, { shows = false, headers = {} } = {}) {
  const logged: object[] = [];
  const write = (fields: object) => void logged.push(fields);
  const log: Log = { info: write, warn: write, error: write };
  const router = Router();
  router.post('/', () => {
    throw error;
  });
  router.use(answerProblem({ log }, 'api', shows ? ({ id }) => ({ id }) : undefined));
  const answer = await fetch(await serve('/door', router), { method: 'POST', headers });
  return { status: answer.status, headers: answer.headers, json: await answer.json(), logged };
}

it('answers a refusal with its status, its code and its words, and lets nobody keep them', async () => {
  const { status, headers, json, logged } = await answerTo(new Refusal('forbidden', 'Only staff may.'));
  expect([status, headers.get('Content-Type')]).toEqual([403, 'application/problem+json; charset=utf-8']);
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(json).toEqual({
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    detail: 'Only staff may.',
    code: 'forbidden',
  });
  expect(logged).toEqual([{ door: 'api', as: 'nobody', outcome: 'forbidden' }]);
});

it('shows how many codes may still be tried, and the order only at a door that shows it', async () => {
  const refusal = new Refusal('wrong_code', 'The code is wrong.', {
    action: order,
    attemptsLeft: 2,
    lastOne: 'locks',
  });
  expect((await answerTo(refusal)).json).not.toHaveProperty('order');
  expect((await answerTo(refusal, { shows: true })).json).toMatchObject({
    attemptsLeft: 2,
    lastOne: 'locks',
    order: { id: order.id },
  });
});

it('says when to come again', async () => {
  const busy = new Refusal('request_in_progress', 'Still at it.', { retryAfterSeconds: 2 });
  const { status, headers } = await answerTo(busy);
  expect([status, headers.get('Retry-After')]).toEqual([409, '2']);
});

it('challenges a request without credentials, and says when credentials were refused', async () => {
  const unknown = new Refusal('invalid_token', 'There is no token.');
  expect((await answerTo(unknown)).headers.get('WWW-Authenticate')).toBe('Bearer realm="pod"');
  const refused = await answerTo(unknown, { headers: { Authorization: 'Bearer x' } });
  expect(refused.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
});

it('asks for a fresh sign-in as RFC 9470 says', async () => {
  const fault = new Refusal('insufficient_user_authentication', 'Sign in again.');
  const { status, headers, json } = await answerTo(fault);
  expect([status, json.code]).toEqual([401, 'insufficient_user_authentication']);
  expect(headers.get('WWW-Authenticate')).toContain('error="insufficient_user_authentication"');
});

it('answers what is not on the menu with 422', async () => {
  const { status, json } = await answerTo(new NotOnMenu('unknown_size', 'There is no such size.'));
  expect([status, json.code]).toEqual([422, 'unknown_size']);
});

it('answers a fault of HTTP with its own headers', async () => {
  const fault = new HttpFault(405, 'invalid_request', 'Only GET.', { Allow: 'GET' });
  const { status, headers, json } = await answerTo(fault);
  expect([status, headers.get('Allow'), json.code]).toEqual([405, 'GET', 'invalid_request']);
});

it('tells the log all of a bug, and the client nothing', async () => {
  const bug = new TypeError('secret table is gone');
  const { status, json, logged } = await answerTo(bug);
  expect([status, json.code]).toEqual([500, 'internal_error']);
  expect(JSON.stringify(json)).not.toContain('secret');
  expect(logged).toEqual([{ err: bug, method: 'POST', door: 'api' }]);
});
