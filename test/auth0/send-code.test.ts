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

const firstOrder = ['users.get', 'users.create', 'passwordless.start'];
const firstAuthorization = ['otp.exchange', 'users.link'];

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

  test.each([
    '\u202a+1 202\u2011555\u20110103\u202c',
    '＋１（２０２）５５５－０１０３',
    '\u200b+1.202.555.0103\ufeff',
  ])('A9: a number with what nobody sees, and in other forms of digits, too: %j', async (written) => {
    const { passwordless, tenant } = await startPasswordless();
    await tenant.users.change(phoebe, { phoneNumber: written });
    await passwordless.sendCode(phoebe, patient);
    expect(tenant.inbox.messages('+12025550103')).toHaveLength(1);
  });

  test('A9: a number that cannot be used is told, shown and logged, and nothing goes to the mailbox instead', async () => {
    const { passwordless, tenant, takeCalls, logged } = await startPasswordless();
    await tenant.users.change(phoebe, { phoneNumber: '555-0101' });
    const refusal = { code: 'contact_unusable' };
    await expect(passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(refusal);
    await expect(passwordless.checkCode(phoebe, codeOf('0000'), patient)).rejects.toMatchObject(refusal);
    expect(await passwordless.contacts(phoebe, patient)).toEqual({
      email: 'p•••@example.com',
      phoneUnusable: true,
    });
    expect(takeCalls()).toEqual(['users.get']);
    expect(tenant.inbox.messages()).toEqual([]);
    expect(logged).toMatchObject([
      { level: 'warn', fields: { customerId: phoebe, reason: 'contact_unusable' } },
    ]);
  });

  test.each(['', '\u2003', '\u200b'])(
    'A9: a number of which nothing can be seen is none: %j',
    async (written) => {
      const { passwordless, tenant } = await startPasswordless();
      await tenant.users.change(phoebe, { phoneNumber: written });
      expect(await passwordless.sendCode(phoebe, patient)).toMatchObject({ channel: 'email' });
    },
  );

  test('a number of a country that no codes go to is told so, and nothing goes to the mailbox instead', async () => {
    const { newInstance, tenant, logged, takeCalls } = await startPasswordless();
    const passwordless = newInstance({ phoneCountries: ['+44', '+1202'] });
    await expect(passwordless.sendCode(phoebe, patient)).resolves.toMatchObject({ channel: 'sms' });
    await tenant.users.change(quentin, { phoneNumber: '+13025550102' });
    takeCalls();
    await expect(passwordless.sendCode(quentin, patient)).rejects.toMatchObject({
      code: 'contact_unreachable',
    });
    expect(takeCalls()).toEqual(['users.get']);
    expect(tenant.inbox.messages()).toHaveLength(1);
    expect(await passwordless.contacts(quentin, patient)).toEqual({
      email: 'q•••@example.com',
      phone: '•••• 0102',
    });
    expect(logged).toMatchObject([{ level: 'warn', fields: { customerId: quentin } }]);
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
  test('the first order of a customer takes three calls, and its authorization two', async () => {
    const { passwordless, takeCalls, newestCode } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    expect(takeCalls()).toEqual(firstOrder);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    expect(takeCalls()).toEqual(firstAuthorization);
  });

  test('an order within a minute takes one, and the exchange', async () => {
    const { passwordless, takeCalls, newestCode, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    takeCalls();
    wait(59_000);
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
    expect(takeCalls()).toEqual(['passwordless.start', 'otp.exchange']);
  });

  test('a later order takes a look-up more', async () => {
    const { passwordless, takeCalls, newestCode, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    await passwordless.checkCode(phoebe, newestCode(phoebesPhone), patient);
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
    const { passwordless, tenant, takeCalls, wait } = await startPasswordless();
    await passwordless.sendCode(phoebe, patient);
    takeCalls();
    wait(60_000);
    await tenant.users.change(phoebe, { blocked: true });
    const refusal = { code: 'account_blocked' };
    await expect(passwordless.checkCode(phoebe, codeOf('1234'), patient)).rejects.toMatchObject(refusal);
    await expect(passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(refusal);
    await expect(passwordless.contacts(phoebe, patient)).rejects.toMatchObject(refusal);
    expect(takeCalls()).toEqual(['users.get']);
  });
});

test('A2: what is wrong with an account is remembered for a minute, as what is right', async () => {
  const { passwordless, tenant, takeCalls, wait } = await startPasswordless();
  await tenant.users.change(quentin, { blocked: true });
  const gone = customerOf('auth0|gone');
  const askAll = async () => {
    for (let times = 0; times < 3; times += 1) {
      await expect(passwordless.sendCode(noel, patient)).rejects.toMatchObject({ code: 'no_contact' });
      await expect(passwordless.sendCode(quentin, patient)).rejects.toMatchObject({
        code: 'account_blocked',
      });
      await expect(passwordless.sendCode(gone, patient)).rejects.toMatchObject({ code: 'invalid_token' });
      wait(19_999);
    }
  };
  await askAll();
  expect(takeCalls()).toHaveLength(3);
  wait(3);
  await askAll();
  expect(takeCalls()).toHaveLength(3);
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
