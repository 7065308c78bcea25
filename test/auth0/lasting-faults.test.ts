import { describe, expect, test } from 'vitest';
import type { CallName } from '../../local/tenant/calls';
import { expectRecovery, phoebe, startBefore } from './auth0-steps';
import { patient, startPasswordless } from './start-passwordless';

type Act = 'sendCode' | 'checkCode';

/** Auth0 answers this, once, where it is asked. */
async function answerWith(act: Act, call: CallName, status: number, body: object) {
  const world = await startBefore(act);
  world.tamperWith((now, pass) => (now === call ? Promise.resolve(Response.json(body, { status })) : pass()));
  const refusal = await world.perform().catch((error) => error);
  world.letThrough();
  return { ...world, refusal };
}

const sms = (text: string) => ({ error: 'sms_provider_error', error_description: text });

describe('A8: what waiting does not mend, the customer’s', () => {
  test.each([
    "The 'To' number +12025550101 is not a valid phone number. (Code: 21211)",
    'To number: +12025550101, is not a mobile number (Code: 21614)',
    'Attempt to send to unsubscribed recipient (Code: 21610)',
    'Some other provider does not like it',
  ])('a number that cannot receive codes: %s', async (text) => {
    const { refusal, logged, ...world } = await answerWith('sendCode', 'passwordless.start', 400, sms(text));
    expect(refusal).toMatchObject({
      code: 'contact_unreachable',
      message: 'This number cannot receive codes. Correct it in your account.',
    });
    expect(logged).toMatchObject([{ level: 'warn', fields: { reason: '400 sms_provider_error' } }]);
    // Corrected, it works at once.
    await expectRecovery({ ...world, logged });
  });

  test('the tenant’s fault says the same', async () => {
    const world = await startBefore('sendCode');
    world.tenant.faults.add({ call: 'passwordless.start', answer: 400 });
    await expect(world.perform()).rejects.toMatchObject({ code: 'contact_unreachable' });
  });

  test.each([
    [401, { error: 'unauthorized', error_description: 'user is blocked' }],
    [403, { error: 'access_denied', error_description: 'The user is blocked.' }],
  ])('a blocked user at the exchange: %i', async (status, body) => {
    const { refusal, logged } = await answerWith('checkCode', 'otp.exchange', status, body);
    expect(refusal).toMatchObject({ code: 'account_blocked' });
    expect(logged).toMatchObject([{ level: 'warn' }]);
  });
});

const noGrant = (grant: string) => ({
  error: 'unauthorized_client',
  error_description: `Grant type '${grant}' not allowed for the client.`,
});
const management = (statusCode: number, errorCode: string, message: string) => ({
  statusCode,
  error: 'Forbidden',
  message,
  errorCode,
});

test.each<[missing: string, act: Act, call: CallName, status: number, body: object]>([
  ['grant', 'sendCode', 'passwordless.start', 403, noGrant('passwordless/otp')],
  ['grant', 'checkCode', 'otp.exchange', 403, noGrant('passwordless/otp')],
  [
    'grant',
    'sendCode',
    'management.token',
    403,
    { error: 'access_denied', error_description: 'Client is not authorized to access "https://x/api/v2/"' },
  ],
  [
    'credentials',
    'sendCode',
    'management.token',
    401,
    { error: 'access_denied', error_description: 'Unauthorized' },
  ],
  ['credentials', 'sendCode', 'passwordless.start', 401, { error: 'invalid_client' }],
  ['credentials', 'checkCode', 'otp.exchange', 401, { error: 'invalid_client' }],
  [
    'scope',
    'sendCode',
    'users.get',
    403,
    management(403, 'insufficient_scope', 'Insufficient scope, expected any of: read:users'),
  ],
  ['scope', 'sendCode', 'users.create', 403, management(403, 'insufficient_scope', 'Insufficient scope')],
  [
    'connection',
    'sendCode',
    'passwordless.start',
    400,
    { error: 'bad.connection', error_description: 'Connection is disabled' },
  ],
  [
    'connection',
    'sendCode',
    'users.create',
    400,
    management(400, 'inexistent_connection', 'The connection does not exist.'),
  ],
  ['provider', 'sendCode', 'passwordless.start', 400, sms('Authenticate (Code: 20003)')],
  ['mfa exemption', 'checkCode', 'otp.exchange', 403, { error: 'mfa_required', mfa_token: 'x' }],
])('A8: the operator’s is an error that names it: %s, at %s %s', async (missing, act, call, status, body) => {
  const { refusal, logged, ...world } = await answerWith(act, call, status, body);
  expect(refusal).toMatchObject({ code: 'upstream_misconfigured' });
  expect(logged).toMatchObject([{ level: 'error', fields: { missing } }]);
  await expectRecovery({ ...world, logged });
});

test.each([
  ['the gateway of the operator is away', sms('Unexpected response while calling the SMS gateway: 502')],
  [
    'somebody took the identity away',
    { error: 'bad.connection', error_description: 'Public signup is disabled' },
  ],
])('what may pass is not called lasting: %s', async (_name, body) => {
  const { refusal } = await answerWith('sendCode', 'passwordless.start', 400, body);
  expect(refusal).toMatchObject({ code: 'upstream_unavailable' });
});

test('B13: a token that lacks a scope is fetched anew, and at most once a minute', async () => {
  const world = await startPasswordless();
  const tokens = () => world.takeAllCalls().filter((call) => call === 'management.token').length;
  world.tenant.faults.add({ call: 'users.get', answer: 403 });
  const order = () => world.passwordless.sendCode(phoebe, patient);
  for (const fetched of [1, 1, 0, 0]) {
    await expect(order()).rejects.toMatchObject({ code: 'upstream_misconfigured' });
    expect(tokens()).toBe(fetched);
  }
  world.wait(60_000);
  for (const fetched of [0, 1, 0]) {
    await expect(order()).rejects.toMatchObject({ code: 'upstream_misconfigured' });
    expect(tokens()).toBe(fetched);
  }
  world.tenant.faults.clear();
  await order();
});
