import { describe, expect, test } from 'vitest';
import { codeLifetimeMs } from '../../local/tenant/passwordless';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const emil = customerOf(seededUsers.customerWithEmail.userId);
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);

/** A customer who has been sent `code`. */
async function startWithCode(customerId = phoebe, code = '4711') {
  const world = await startPasswordless();
  const send = async (next: string) => {
    world.tenant.forceNextCode(next);
    await world.passwordless.sendCode(customerId, patient);
  };
  await send(code);
  const check = (tried: string) => world.passwordless.checkCode(customerId, codeOf(tried), patient);
  return { ...world, send, check };
}

test.each([
  ['by text message', phoebe],
  ['by mail', emil],
])('the code that came %s is right', async (_channel, customerId) => {
  const { check } = await startWithCode(customerId);
  expect(await check('4711')).toBe('right');
});

test('a code may begin with a zero', async () => {
  const { check } = await startWithCode(phoebe, '0123');
  expect(await check('0123')).toBe('right');
});

test('a code is right once', async () => {
  const { check } = await startWithCode();
  expect(await check('4711')).toBe('right');
  expect(await check('4711')).toBe('wrong');
});

test('two wrong codes are wrong, and the next one may be right', async () => {
  const { check } = await startWithCode();
  expect([await check('0000'), await check('1111'), await check('4711')]).toEqual([
    'wrong',
    'wrong',
    'right',
  ]);
});

test('after three wrong codes even the right one is refused, until a new one is sent', async () => {
  const { check, send } = await startWithCode();
  const verdicts = [await check('0000'), await check('1111'), await check('2222'), await check('4711')];
  expect(verdicts).toEqual(['wrong', 'wrong', 'exhausted', 'exhausted']);
  await send('4712');
  expect(await check('4712')).toBe('right');
});

test.each([
  ['by text message', phoebe],
  ['by mail', emil],
])('a code that came %s expires', async (_channel, customerId) => {
  const { check, wait } = await startWithCode(customerId);
  wait(codeLifetimeMs);
  expect(await check('4711')).toBe('expired');
});

test('only the newest code counts', async () => {
  const { check, send } = await startWithCode();
  await send('4712');
  expect(await check('4711')).toBe('wrong');
  expect(await check('4712')).toBe('right');
});

test("one customer's code is not another's", async () => {
  const { check, passwordless, tenant } = await startWithCode();
  tenant.forceNextCode('4712');
  await passwordless.sendCode(quentin, patient);
  expect(await passwordless.checkCode(quentin, codeOf('4711'), patient)).toBe('wrong');
  expect(await check('4712')).toBe('wrong');
  expect(await check('4711')).toBe('right');
});

test('a process that did not send the code can check it, too', async () => {
  const { newInstance, takeCalls, check, send } = await startWithCode();
  await check('4711');
  await send('4712');
  takeCalls();
  expect(await newInstance().checkCode(phoebe, codeOf('4712'), patient)).toBe('right');
  expect(takeCalls()).toEqual(['users.get', 'otp.exchange']);
});

test('a customer whose contact is gone has no code to check', async () => {
  const { check, wait, tenant } = await startWithCode();
  await tenant.users.change(phoebe, { phoneNumber: null, email: null });
  wait(60_000);
  await expect(check('4711')).rejects.toMatchObject({ code: 'no_contact' });
});

describe("Auth0's refusals", () => {
  const invalidGrant = (error_description: string) =>
    Response.json({ error: 'invalid_grant', error_description }, { status: 403 });

  test.each([
    ['Wrong phone number or verification code.', 'wrong'],
    ['Wrong email or verification code.', 'wrong'],
    ["You've reached the maximum number of attempts. Please try to login again.", 'exhausted'],
    ['The verification code has expired. Please try to login again.', 'expired'],
    ['Something that Auth0 has never said before.', 'wrong'],
    ['', 'wrong'],
  ])('%j means %s', async (text, verdict) => {
    const { check, tamperWith } = await startWithCode();
    tamperWith((call, pass) => (call === 'otp.exchange' ? Promise.resolve(invalidGrant(text)) : pass()));
    expect(await check('4711')).toBe(verdict);
  });

  test.each([
    ['access_denied', 403, 'upstream_unavailable'],
    ['invalid_request', 400, 'upstream_unavailable'],
    ['too_many_attempts', 429, 'upstream_unavailable'],
    ['mfa_required', 403, 'upstream_misconfigured'],
    ['unauthorized_client', 403, 'upstream_misconfigured'],
    ['invalid_client', 401, 'upstream_misconfigured'],
  ])('%s says nothing of the code', async (error, status, code) => {
    const { check, tamperWith } = await startWithCode();
    const refusal = { error, error_description: 'The code has expired', mfa_token: 'eyJ' };
    tamperWith((call, pass) =>
      call === 'otp.exchange' ? Promise.resolve(Response.json(refusal, { status })) : pass(),
    );
    await expect(check('4711')).rejects.toMatchObject({ code });
  });

  test('A8: a user who was blocked meanwhile is told so', async () => {
    const { check, tenant } = await startWithCode();
    for (const user of tenant.users.all()) await tenant.users.change(user.user_id, { blocked: true });
    await expect(check('4711')).rejects.toMatchObject({ code: 'account_blocked' });
  });
});
