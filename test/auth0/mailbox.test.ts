import { expect, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const { customerWithPhone, customerWithEmail, customerWithNeither } = seededUsers;
const phoebe = customerOf(customerWithPhone.userId);

test('mail goes to the e-mail address of the profile, whichever way codes go', async () => {
  const { passwordless, takeCalls } = await startPasswordless();
  expect(await passwordless.mailboxOf(phoebe, patient)).toBe(customerWithPhone.email);
  expect(takeCalls()).toEqual(['users.get']);
});

test('what was read for the code is not read again for the mail', async () => {
  const { passwordless, takeCalls } = await startPasswordless();
  await passwordless.sendCode(phoebe, patient);
  takeCalls();
  await passwordless.mailboxOf(phoebe, patient);
  expect(takeCalls()).toEqual([]);
});

test.each([false, undefined])(
  'an address that nobody has proved gets none: email_verified %s',
  async (proved) => {
    const { passwordless, tenant } = await startPasswordless();
    Object.assign(tenant.users.find(phoebe) ?? {}, { email_verified: proved });
    expect(await passwordless.mailboxOf(phoebe, patient)).toBeUndefined();
  },
);

test('an address that the customer’s own code has proved gets it, at once', async () => {
  const { passwordless, tenant, newestCode } = await startPasswordless();
  const quentin = customerOf(customerWithEmail.userId);
  Object.assign(tenant.users.find(quentin) ?? {}, { email_verified: false });
  await passwordless.sendCode(quentin, patient);
  expect(await passwordless.mailboxOf(quentin, patient)).toBeUndefined();
  expect(await passwordless.checkCode(quentin, newestCode(customerWithEmail.email), patient)).toBe('right');
  expect(await passwordless.mailboxOf(quentin, patient)).toBe(customerWithEmail.email);
});

test('who has no address gets none, nor does an account that is blocked or gone', async () => {
  const { passwordless, tenant } = await startPasswordless();
  expect(await passwordless.mailboxOf(customerOf(customerWithNeither.userId), patient)).toBeUndefined();
  await tenant.users.change(phoebe, { blocked: true });
  expect(await passwordless.mailboxOf(phoebe, patient)).toBeUndefined();
  expect(await passwordless.mailboxOf(customerOf('auth0|gone'), patient)).toBeUndefined();
});

test('an Auth0 that is away is no missing mailbox', async () => {
  const { passwordless, tamperWith } = await startPasswordless();
  tamperWith(async () => {
    throw new TypeError('fetch failed');
  });
  await expect(passwordless.mailboxOf(phoebe, patient)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  });
});
