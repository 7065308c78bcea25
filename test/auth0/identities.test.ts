import { describe, expect, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const phoebesPhone = seededUsers.customerWithPhone.phoneNumber;
const emil = customerOf(seededUsers.customerWithEmail.userId);
const emilsMailbox = seededUsers.customerWithEmail.email;
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);

type World = Awaited<ReturnType<typeof startPasswordless>>;

const lostAnswer = () => Promise.reject(new TypeError('fetch failed'));

/** The contacts a customer has as passwordless identities. */
function identitiesOf({ tenant }: World, userId: string) {
  const { identities = [] } = tenant.users.find(userId) ?? {};
  return identities.flatMap(({ provider, profileData }) =>
    provider === 'sms' ? [profileData?.phone_number] : provider === 'email' ? [profileData?.email] : [],
  );
}

/** The passwordless users that belong to nobody yet. */
function halfMade({ tenant }: World) {
  return tenant.users.all().filter(({ user_id }) => /^(sms|email)\|/.test(user_id));
}

async function proveCode({ passwordless, newestCode }: World, userId: string, address: string) {
  expect(await passwordless.checkCode(customerOf(userId), newestCode(address), patient)).toBe('right');
}

describe('a changed number', () => {
  test('gets an identity of its own, and the code; the old one gets nothing more', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(phoebe, patient);
    await world.tenant.users.change(phoebe, { phoneNumber: '+12025550103' });
    world.wait(60_000);
    await world.passwordless.sendCode(phoebe, patient);
    expect(world.tenant.inbox.messages(phoebesPhone)).toHaveLength(1);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone, '+12025550103']);
    await proveCode(world, phoebe, '+12025550103');
  });

  test('that is changed back is known already', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(phoebe, patient);
    await world.tenant.users.change(phoebe, { phoneNumber: '+12025550103' });
    world.wait(60_000);
    await world.passwordless.sendCode(phoebe, patient);
    await world.tenant.users.change(phoebe, { phoneNumber: phoebesPhone });
    world.wait(60_000);
    world.takeCalls();
    await world.passwordless.sendCode(phoebe, patient);
    expect(world.takeCalls()).toEqual(['users.get', 'passwordless.start']);
  });
});

describe("a contact that is someone else's identity", () => {
  test('is refused: nothing is linked, nothing is sent', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(quentin, patient);
    await world.tenant.users.change(phoebe, {
      phoneNumber: seededUsers.secondCustomerWithPhone.phoneNumber,
    });
    world.takeCalls();
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({
      code: 'contact_taken',
    });
    expect(world.takeCalls()).not.toContain('users.link');
    expect(identitiesOf(world, phoebe)).toEqual([]);
    expect(world.tenant.inbox.messages()).toHaveLength(1);
  });

  test('is not kept in mind: the corrected number works at once', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(quentin, patient);
    await world.tenant.users.change(phoebe, {
      phoneNumber: seededUsers.secondCustomerWithPhone.phoneNumber,
    });
    await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
    await world.tenant.users.change(phoebe, { phoneNumber: phoebesPhone });
    await world.passwordless.sendCode(phoebe, patient);
    await proveCode(world, phoebe, phoebesPhone);
  });

  test('is refused, too, when it is a passwordless account of its own', async () => {
    const world = await startPasswordless();
    await world.tenant.users.createPasswordless('sms', phoebesPhone, {});
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({
      code: 'contact_taken',
    });
    expect(halfMade(world)).toHaveLength(1);
  });
});

describe('an identity that could not be finished', () => {
  test.each([
    { call: 'users.create', what: 'the answer to its creation was lost' },
    { call: 'users.link', what: 'it was not linked' },
  ])('is finished by the next order: $what', async ({ call }) => {
    const world = await startPasswordless();
    world.tamperWith(async (now, pass) => {
      if (now === call && call === 'users.create') await pass();
      return now === call ? lostAnswer() : pass();
    });
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    });
    expect(halfMade(world)).toHaveLength(1);

    world.letThrough();
    await world.passwordless.sendCode(phoebe, patient);
    expect(halfMade(world)).toEqual([]);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    await proveCode(world, phoebe, phoebesPhone);
  });

  test('is finished for a mailbox as well', async () => {
    const world = await startPasswordless();
    world.tamperWith((call, pass) => (call === 'users.link' ? lostAnswer() : pass()));
    await world.passwordless.sendCode(emil, patient).catch(() => undefined);
    world.letThrough();
    await world.passwordless.sendCode(emil, patient);
    await proveCode(world, emil, emilsMailbox);
  });

  test.each([
    { name: 'by the same process', fresh: false },
    { name: 'by another one', fresh: true },
  ])('is not made again when only the answer to the link was lost: $name', async ({ fresh }) => {
    const world = await startPasswordless();
    world.tamperWith(async (call, pass) => {
      const answer = await pass();
      return call === 'users.link' ? lostAnswer() : answer;
    });
    await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
    world.letThrough();
    const next = fresh ? world.newInstance() : world.passwordless;
    await next.sendCode(phoebe, patient);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    await proveCode(world, phoebe, phoebesPhone);
  });

  test('of another customer is never taken over', async () => {
    const world = await startPasswordless();
    world.tamperWith((call, pass) => (call === 'users.link' ? lostAnswer() : pass()));
    await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
    world.letThrough();
    await world.tenant.users.change(quentin, { phoneNumber: phoebesPhone });
    await expect(world.passwordless.sendCode(quentin, patient)).rejects.toMatchObject({
      code: 'contact_taken',
    });
    expect(identitiesOf(world, quentin)).toEqual([]);
  });

  test.each([
    ['somebody has signed in with', { last_login: '2026-01-01T00:00:00.000Z' }],
    ['is of another number', { phone_number: '+12025550199' }],
    ['is of another connection', { identities: [{ provider: 'sms', user_id: 'x', connection: 'pager' }] }],
    ['has lost its mark', { app_metadata: {} }],
    ['is marked by a text that only begins alike', { app_metadata: { pod_customer_id: `${phoebe}2` } }],
  ])('is not linked when it %s', async (_name, changes) => {
    const world = await startPasswordless();
    world.tamperWith((call, pass) => (call === 'users.link' ? lostAnswer() : pass()));
    await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
    world.tamperWith(async (call, pass) => {
      const answer = await pass();
      if (call !== 'users.search') return answer;
      const page = (await answer.json()) as { users: object[] };
      expect(page.users).toHaveLength(1);
      return Response.json({ ...page, users: page.users.map((user) => ({ ...user, ...changes })) });
    });
    await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({
      code: 'contact_taken',
    });
    expect(halfMade(world)).toHaveLength(1);
  });
});

test('an identity that POD made and somebody added another one to is not linked', async () => {
  const world = await startPasswordless();
  world.tenant.faults.add({ call: 'users.link', answer: 500, times: 1 });
  await world.passwordless.sendCode(phoebe, patient).catch(() => undefined);
  const [made] = halfMade(world);
  made?.identities.push({ provider: 'google-oauth2', user_id: '1', connection: 'google', isSocial: false });
  await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({ code: 'contact_taken' });
  expect(identitiesOf(world, phoebe)).toEqual([]);
});

describe('at the same time', () => {
  test('several processes make one identity for one customer', async () => {
    const world = await startPasswordless();
    const processes = [world.passwordless, ...Array.from({ length: 3 }, () => world.newInstance())];
    const outcomes = await Promise.allSettled(processes.map((process) => process.sendCode(phoebe, patient)));
    expect(outcomes.map(({ status }) => status)).toEqual(processes.map(() => 'fulfilled'));
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    expect(halfMade(world)).toEqual([]);
    await proveCode(world, phoebe, phoebesPhone);
  });

  test('a process that is overtaken before its link finds the identity in place', async () => {
    const world = await startPasswordless();
    const other = world.newInstance();
    let overtaken = false;
    world.tamperWith(async (call, pass) => {
      if (call === 'users.link' && !overtaken) {
        overtaken = true;
        await other.sendCode(phoebe, patient);
      }
      return pass();
    });
    await world.passwordless.sendCode(phoebe, patient);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    await proveCode(world, phoebe, phoebesPhone);
  });

  test('customers do not get in one another’s way', async () => {
    const world = await startPasswordless();
    await Promise.all([phoebe, quentin, emil].map((id) => world.passwordless.sendCode(id, patient)));
    await proveCode(world, phoebe, phoebesPhone);
    await proveCode(world, quentin, seededUsers.secondCustomerWithPhone.phoneNumber);
    await proveCode(world, emil, emilsMailbox);
  });
});
