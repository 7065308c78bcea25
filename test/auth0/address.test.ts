import { describe, expect, onTestFinished, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { customerOf } from '../fixtures/orders';
import { phoebe, unavailable } from './auth0-steps';
import { patient, startPasswordless } from './start-passwordless';

const home = { street: '12 Market Street', city: 'Springfield', region: 'IL', postalCode: '62701' };
const elsewhere = { street: '1 High Street', city: 'Shelbyville', postalCode: '62565' };

/** A world in whose log no line of an address may stand in the end. */
async function start() {
  const world = await startPasswordless();
  onTestFinished(() => {
    const lines = [home, elsewhere].flatMap((address) => Object.values(address));
    for (const line of lines.filter(({ length }) => length > 2)) {
      expect(JSON.stringify(world.logged)).not.toContain(line);
    }
  });
  const metadata = () => world.tenant.users.find(phoebe)?.user_metadata;
  return { ...world, metadata };
}

test('an address is kept beside the phone number, replaced as a whole, and removed', async () => {
  const { passwordless, metadata } = await start();
  const { phoneNumber } = seededUsers.customerWithPhone;
  expect(await passwordless.addressOf(phoebe, patient)).toBeUndefined();
  await passwordless.setAddress(phoebe, home, patient);
  expect(metadata()).toEqual({ phone_number: phoneNumber, address: home });
  expect(await passwordless.addressOf(phoebe, patient)).toEqual(home);
  await passwordless.setAddress(phoebe, elsewhere, patient);
  expect(await passwordless.addressOf(phoebe, patient)).toEqual(elsewhere);
  await passwordless.setAddress(phoebe, undefined, patient);
  expect(metadata()).toEqual({ phone_number: phoneNumber });
  expect(await passwordless.addressOf(phoebe, patient)).toBeUndefined();
});

test('the address is read with the profile, and costs an order no call of its own', async () => {
  const { passwordless, takeCalls } = await start();
  await passwordless.setAddress(phoebe, home, patient);
  expect(takeCalls()).toEqual(['users.get', 'users.update']);
  await passwordless.addressOf(phoebe, patient);
  await passwordless.sendCode(phoebe, patient);
  expect(takeCalls()).toEqual(['users.get', 'users.create', 'passwordless.start']);
});

test('another process hears of a change within a minute', async () => {
  const { passwordless, newInstance, wait } = await start();
  const other = newInstance();
  expect(await other.addressOf(phoebe, patient)).toBeUndefined();
  await passwordless.setAddress(phoebe, home, patient);
  wait(60_000);
  expect(await other.addressOf(phoebe, patient)).toEqual(home);
});

test('a profile that was read while its address changed is not remembered', async () => {
  const { passwordless, tamperWith, letThrough } = await start();
  let answerNow = () => {};
  const held = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  const isRead = new Promise<void>((resolve) => {
    tamperWith(async (call, pass) => {
      const answer = await pass();
      if (call !== 'users.get') return answer;
      resolve();
      await held;
      return answer;
    });
  });
  const reading = passwordless.addressOf(phoebe, patient);
  await isRead;
  letThrough();
  await passwordless.setAddress(phoebe, home, patient);
  answerNow();
  expect(await reading).toBeUndefined();
  expect(await passwordless.addressOf(phoebe, patient)).toEqual(home);
});

test.each([null, 'Market Street', 12, ['x'], { street: 12 }])(
  'what a customer wrote there is handed over as it is: %j',
  async (address) => {
    const { passwordless, tenant } = await start();
    const user = tenant.users.find(phoebe);
    if (user) user.user_metadata.address = address;
    expect(await passwordless.addressOf(phoebe, patient)).toEqual(address);
  },
);

test('what is too long for any address is not kept in memory', async () => {
  const { passwordless } = await start();
  await passwordless.setAddress(phoebe, { ...home, note: 'x'.repeat(5_000) }, patient);
  expect(await passwordless.addressOf(phoebe, patient)).toBeUndefined();
});

describe('when Auth0 fails', () => {
  test.each([429, 500, 503, 'drop'] as const)('with %s, it can be tried again', async (answer) => {
    const { passwordless, tenant, takeCalls, logged } = await start();
    tenant.faults.add({ call: 'users.update', answer, times: 1 });
    await expect(passwordless.setAddress(phoebe, home, patient)).rejects.toMatchObject(unavailable);
    expect(takeCalls().filter((call) => call === 'users.update')).toHaveLength(1);
    expect(logged).toMatchObject([{ level: 'warn', fields: { call: 'set address' } }]);
    expect(await passwordless.addressOf(phoebe, patient)).toBeUndefined();
    await passwordless.setAddress(phoebe, home, patient);
    expect(await passwordless.addressOf(phoebe, patient)).toEqual(home);
  });

  test.each([503, 'drop'] as const)('with %s after it was done, the truth is read', async (answer) => {
    const { passwordless, tenant } = await start();
    await passwordless.addressOf(phoebe, patient);
    tenant.faults.add({ call: 'users.update', answer, performed: true, times: 1 });
    await expect(passwordless.setAddress(phoebe, home, patient)).rejects.toMatchObject(unavailable);
    expect(await passwordless.addressOf(phoebe, patient)).toEqual(home);
  });

  test('for a scope that is missing, the operator hears of it', async () => {
    const { passwordless, tenant, logged } = await start();
    tenant.faults.add({ call: 'users.update', answer: 403 });
    const refused = passwordless.setAddress(phoebe, home, patient);
    await expect(refused).rejects.toMatchObject({ code: 'upstream_misconfigured' });
    expect(logged).toMatchObject([{ level: 'error', fields: { missing: 'scope' } }]);
  });

  test('by an answer that is none, it is not taken for done', async () => {
    const { passwordless, tamperWith } = await start();
    tamperWith((call, pass) => (call === 'users.update' ? Promise.resolve(new Response('<html>')) : pass()));
    await expect(passwordless.setAddress(phoebe, home, patient)).rejects.toMatchObject(unavailable);
  });
});

test('an account that is gone or blocked keeps what it has', async () => {
  const { passwordless, tenant, metadata, takeCalls } = await start();
  const gone = passwordless.setAddress(customerOf('auth0|gone'), home, patient);
  await expect(gone).rejects.toMatchObject({ code: 'invalid_token' });
  await tenant.users.change(phoebe, { blocked: true });
  const blocked = passwordless.setAddress(phoebe, home, patient);
  await expect(blocked).rejects.toMatchObject({ code: 'account_blocked' });
  expect(metadata()).not.toHaveProperty('address');
  expect(takeCalls()).toEqual(['users.get', 'users.get']);
});

test('an account that went within the last minute is told so', async () => {
  const { passwordless, tamperWith } = await start();
  await passwordless.addressOf(phoebe, patient);
  const body = { statusCode: 404, error: 'Not Found', message: 'The user does not exist.' };
  tamperWith(async () => Response.json({ ...body, errorCode: 'inexistent_user' }, { status: 404 }));
  const refused = passwordless.setAddress(phoebe, home, patient);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_token' });
  await expect(passwordless.addressOf(phoebe, patient)).rejects.toMatchObject({ code: 'invalid_token' });
});

test('nothing is asked for a turn that is over already', async () => {
  const { passwordless, takeAllCalls } = await start();
  const over = AbortSignal.abort();
  await expect(passwordless.setAddress(phoebe, home, over)).rejects.toMatchObject(unavailable);
  await expect(passwordless.addressOf(phoebe, over)).rejects.toMatchObject(unavailable);
  expect(takeAllCalls()).toEqual([]);
});
