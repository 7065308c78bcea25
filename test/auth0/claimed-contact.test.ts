import { describe, expect, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { check, identitiesOf, order, unproved } from './identity-scene';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const phoebesPhone = seededUsers.customerWithPhone.phoneNumber;
const emil = customerOf(seededUsers.customerWithEmail.userId);
const emilsMailbox = seededUsers.customerWithEmail.email;
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);
const quentinsPhone = seededUsers.secondCustomerWithPhone.phoneNumber;

const taken = { name: 'Refusal', code: 'contact_taken' };

/** Quentin writes Phoebe's number into his profile. */
async function startClaimed() {
  const world = await startPasswordless();
  await world.tenant.users.change(quentin, { phoneNumber: phoebesPhone });
  return world;
}

describe('A4: a contact that somebody claims and never proves', () => {
  test.each([
    { name: 'by the same process', elsewhere: false },
    { name: 'by another one', elsewhere: true },
  ])('is its real owner’s as soon as they order: claimed $name', async ({ elsewhere }) => {
    const world = await startClaimed();
    const claimer = elsewhere ? world.newInstance() : world.passwordless;
    await claimer.sendCode(quentin, patient);
    world.takeCalls();
    await order(world, phoebe, phoebesPhone);
    expect(world.takeCalls()).toEqual([
      ...['users.get', 'users.create', 'users.search', 'users.update', 'passwordless.start'],
      ...['otp.exchange', 'users.link'],
    ]);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    expect(identitiesOf(world, quentin)).toEqual([]);
    world.wait(60_000);
    await expect(claimer.sendCode(quentin, patient)).rejects.toMatchObject(taken);
  });

  test('gives the claimer nothing: neither their older code nor the owner’s newer one is checked', async () => {
    const world = await startClaimed();
    await world.passwordless.sendCode(quentin, patient);
    const older = world.newestCode(phoebesPhone);
    await world.passwordless.sendCode(phoebe, patient);
    world.takeCalls();
    for (const code of [older, world.newestCode(phoebesPhone), codeOf('0000'), codeOf('1111')]) {
      expect(await world.passwordless.checkCode(quentin, code, patient)).toBe('expired');
    }
    expect(world.takeCalls()).not.toContain('otp.exchange');
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(identitiesOf(world, quentin)).toEqual([]);
  });

  test('is the owner’s again after a claim between their order and their code', async () => {
    const world = await startClaimed();
    await world.passwordless.sendCode(phoebe, patient);
    await world.passwordless.sendCode(quentin, patient);
    expect(await check(world, phoebe, phoebesPhone)).toBe('expired');
    await order(world, phoebe, phoebesPhone);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
  });

  test('is no claim of a mailbox either', async () => {
    const world = await startPasswordless();
    await world.tenant.users.change(quentin, { phoneNumber: null, email: emilsMailbox });
    await world.passwordless.sendCode(quentin, patient);
    await order(world, emil, emilsMailbox);
  });

  test('in a process that has not heard of the owner’s order, is won by the owner’s code alone', async () => {
    const world = await startClaimed();
    const other = world.newInstance();
    await other.sendCode(quentin, patient);
    await world.passwordless.sendCode(phoebe, patient);
    expect(await other.checkCode(quentin, codeOf('0000'), patient)).toBe('wrong');
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(identitiesOf(world, quentin)).toEqual([]);
  });
});

describe("a contact that is someone else's", () => {
  test('is refused: nothing is linked, nothing is sent', async () => {
    const world = await startPasswordless();
    await order(world, quentin, quentinsPhone);
    await world.tenant.users.change(phoebe, { phoneNumber: quentinsPhone });
    world.takeCalls();
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(world.takeCalls()).toEqual(['users.get', 'users.create', 'users.search']);
    expect(identitiesOf(world, phoebe)).toEqual([]);
    expect(world.tenant.inbox.messages()).toHaveLength(1);
  });

  test('is never tried: guesses cost its owner no try', async () => {
    const world = await startPasswordless();
    await order(world, quentin, quentinsPhone);
    await world.passwordless.sendCode(quentin, patient);
    await world.tenant.users.change(phoebe, { phoneNumber: quentinsPhone });
    for (const guess of ['0000', '1111', '2222']) {
      await expect(world.passwordless.checkCode(phoebe, codeOf(guess), patient)).rejects.toMatchObject(taken);
    }
    expect(await check(world, quentin, quentinsPhone)).toBe('right');
  });

  test('A2: is remembered for a minute, and then looked at again', async () => {
    const world = await startPasswordless();
    await order(world, quentin, quentinsPhone);
    await world.tenant.users.change(phoebe, { phoneNumber: quentinsPhone });
    await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
    await world.tenant.users.change(phoebe, { phoneNumber: phoebesPhone });
    world.takeCalls();
    world.wait(59_000);
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(world.takeCalls()).toEqual([]);
    world.wait(1_000);
    await order(world, phoebe, phoebesPhone);
  });

  test('is refused, too, when it is a passwordless account of its own', async () => {
    const world = await startPasswordless();
    await world.tenant.users.createPasswordless('sms', phoebesPhone, {});
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(unproved(world)).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['somebody has signed in with', { last_login: '2026-01-01T00:00:00.000Z' }],
    ['has lost its mark', { app_metadata: {} }],
    ['has a mark that is none', { app_metadata: { pod_customer_id: 7 } }],
  ])('is not taken over from another customer when it %s', async (_name, changes) => {
    const world = await startClaimed();
    await world.passwordless.sendCode(quentin, patient);
    Object.assign(unproved(world)[0] ?? {}, changes);
    world.takeCalls();
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(world.takeCalls()).not.toContain('users.update');
  });

  test('is not taken over when somebody added another identity to it', async () => {
    const world = await startPasswordless();
    await world.newInstance().sendCode(phoebe, patient);
    const google = {
      provider: 'google-oauth2',
      user_id: '1',
      connection: 'google',
      isSocial: false,
    } as const;
    unproved(world)[0]?.identities.push(google);
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(identitiesOf(world, phoebe)).toEqual([]);
  });

  test('is refused when it was proved just before it could be taken over', async () => {
    const world = await startClaimed();
    await world.passwordless.sendCode(quentin, patient);
    const code = world.newestCode(phoebesPhone);
    const other = world.newInstance();
    world.tamperWith(async (call, pass) => {
      if (call === 'users.update') await other.checkCode(quentin, code, patient);
      return pass();
    });
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(taken);
    expect(identitiesOf(world, quentin)).toEqual([phoebesPhone]);
  });
});
