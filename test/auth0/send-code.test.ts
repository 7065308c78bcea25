import { describe, expect, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const phoebesPhone = seededUsers.customerWithPhone.phoneNumber;
const emil = customerOf(seededUsers.customerWithEmail.userId);
const emilsMailbox = seededUsers.customerWithEmail.email;
const noel = customerOf(seededUsers.customerWithNeither.userId);
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);

const firstOrder = ['users.get', 'users.create', 'users.link', 'passwordless.start'];

describe('where the code goes', () => {
  test('a customer with a phone gets it by text message', async () => {
    const { passwordless, tenant } = await startPasswordless();
    const delivery = await passwordless.sendCode(phoebe, patient);
    expect(delivery).toEqual({ channel: 'sms', maskedContact: '•••• 0101' });
    expect(tenant.inbox.messages(phoebesPhone)).toHaveLength(1);
  });

  test('a customer without one gets it by mail', async () => {
    const { passwordless, tenant } = await startPasswordless();
    const delivery = await passwordless.sendCode(emil, patient);
    expect(delivery).toEqual({ channel: 'email', maskedContact: 'e•••@example.com' });
    expect(tenant.inbox.messages(emilsMailbox)).toHaveLength(1);
  });

  test('a number as people write it is understood', async () => {
    const { passwordless, tenant } = await startPasswordless();
    await tenant.users.change(phoebe, { phoneNumber: '+1 (202) 555-0103' });
    await passwordless.sendCode(phoebe, patient);
    expect(tenant.inbox.messages('+12025550103')).toHaveLength(1);
  });

  test('a malformed number is not used: the code goes to the mailbox', async () => {
    const { passwordless, tenant } = await startPasswordless();
    await tenant.users.change(phoebe, { phoneNumber: '555-0101' });
    const { channel } = await passwordless.sendCode(phoebe, patient);
    expect(channel).toBe('email');
  });

  test.each([
    { phone_verified: true, to: '+12025550104' },
    { phone_verified: false, to: phoebesPhone },
  ])('the number of the profile comes first only if it is verified: $phone_verified', async (profile) => {
    const { passwordless, tenant, tamperWith } = await startPasswordless();
    tamperWith(async (call, pass) => {
      const answer = await pass();
      if (call !== 'users.get') return answer;
      const user = (await answer.json()) as object;
      const { phone_verified } = profile;
      return Response.json({ ...user, phone_number: '+12025550104', phone_verified });
    });
    await passwordless.sendCode(phoebe, patient);
    expect(tenant.inbox.messages().map(({ to }) => to)).toEqual([profile.to]);
  });

  test('a customer with neither is told so, and nothing is made or sent', async () => {
    const { passwordless, tenant, takeCalls } = await startPasswordless();
    await expect(passwordless.sendCode(noel, patient)).rejects.toMatchObject({ code: 'no_contact' });
    expect(takeCalls()).toEqual(['users.get']);
    expect(tenant.inbox.messages()).toEqual([]);
  });

  test('a customer who adds a number to nothing can order as soon as the profile is looked up again', async () => {
    const { passwordless, tenant, wait } = await startPasswordless();
    await passwordless.sendCode(noel, patient).catch(() => undefined);
    await tenant.users.change(noel, { phoneNumber: '+12025550105' });
    wait(60_000);
    await expect(passwordless.sendCode(noel, patient)).resolves.toMatchObject({ channel: 'sms' });
  });
});

describe('what it costs', () => {
  test('the first order of a customer takes four calls, and the exchange', async () => {
    const { passwordless, takeCalls, newestCode } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    expect(takeCalls()).toEqual([...firstOrder, 'otp.exchange']);
  });

  test('an order within a minute takes one, and the exchange', async () => {
    const { passwordless, takeCalls, newestCode, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    takeCalls();
    wait(59_000);
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    expect(takeCalls()).toEqual(['passwordless.start', 'otp.exchange']);
  });

  test('a later order takes a look-up more', async () => {
    const { passwordless, takeCalls, newestCode, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    takeCalls();
    wait(60_000);
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    expect(takeCalls()).toEqual(['users.get', 'passwordless.start', 'otp.exchange']);
  });

  test('token, metadata and keys are fetched once a process', async () => {
    const { passwordless, takeAllCalls, newestCode } = await startPasswordless();
    await Promise.all([passwordless.sendCode(phoebe, patient), passwordless.sendCode(quentin, patient)]);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    await passwordless.checkCode(quentin, codeOf('0000'), patient);
    const once = takeAllCalls().filter((call) => ['management.token', 'discovery', 'jwks'].includes(call));
    expect(once.sort()).toEqual(['discovery', 'jwks', 'management.token']);
  });
});

describe('an account that is no more', () => {
  test('is told to sign in again', async () => {
    const { passwordless, takeCalls } = await startPasswordless();
    const refusal = { code: 'invalid_token' };
    await expect(passwordless.sendCode(customerOf('auth0|gone'), patient)).rejects.toMatchObject(refusal);
    expect(takeCalls()).toEqual(['users.get']);
  });

  test('or blocked gets no code, and none is checked, within a minute of the blocking', async () => {
    const { passwordless, tamperWith, takeCalls, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    takeCalls();
    wait(60_000);
    tamperWith(async (_call, pass) => {
      const user = (await (await pass()).json()) as object;
      return Response.json({ ...user, blocked: true });
    });
    const refusal = { code: 'invalid_token' };
    await expect(passwordless.checkCode(phoebe, codeOf('1234'), patient)).rejects.toMatchObject(refusal);
    await expect(passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(refusal);
    await expect(passwordless.contacts(phoebe, patient)).rejects.toMatchObject(refusal);
    expect(takeCalls().filter((call) => !['users.get', 'jwks'].includes(call))).toEqual([]);
  });
});

test('contacts are shown masked, with where codes go', async () => {
  const { passwordless } = await startPasswordless();
  expect(await passwordless.contacts(phoebe, patient)).toEqual({
    phone: '•••• 0101',
    email: 'p•••@example.com',
    codesGoTo: 'sms',
  });
  expect(await passwordless.contacts(emil, patient)).toEqual({
    email: 'e•••@example.com',
    codesGoTo: 'email',
  });
  expect(await passwordless.contacts(noel, patient)).toEqual({});
});
