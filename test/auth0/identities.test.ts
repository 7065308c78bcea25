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

const lostAnswer = () => Promise.reject(new TypeError('fetch failed'));
const later = { name: 'Refusal', code: 'upstream_unavailable' };

describe('A4: a contact', () => {
  test.each([
    [phoebe, phoebesPhone],
    [emil, emilsMailbox],
  ])('of %s is linked after the first right code, and not before', async (customerId, address) => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(customerId, patient);
    expect(identitiesOf(world, customerId)).toEqual([]);
    expect(await world.passwordless.checkCode(customerId, codeOf('0000'), patient)).toBe('wrong');
    expect(identitiesOf(world, customerId)).toEqual([]);

    expect(await check(world, customerId, address)).toBe('right');
    expect(identitiesOf(world, customerId)).toEqual([address]);
    expect(unproved(world)).toEqual([]);
  });

  test('is linked by a process that did not send the code', async () => {
    const world = await startPasswordless();
    await world.newInstance().sendCode(phoebe, patient);
    world.takeCalls();
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(world.takeCalls()).toEqual(['users.get', 'users.search', 'otp.exchange', 'users.link']);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
  });

  test('that was never proved gets its next codes by the same identity', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(phoebe, patient);
    world.wait(60_000);
    world.takeCalls();
    await world.passwordless.sendCode(phoebe, patient);
    expect(world.takeCalls()).toEqual(['users.get', 'users.create', 'users.search', 'passwordless.start']);
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
  });
});

describe('A4: when the link fails after a right code', () => {
  test.each(['lost', 'not carried out', 400, 403, 404, 409, 500] as const)(
    'the code is right all the same, and the next one links: %s',
    async (how) => {
      const world = await startPasswordless();
      await world.passwordless.sendCode(phoebe, patient);
      world.tamperWith(async (call, pass) => {
        if (call !== 'users.link') return pass();
        if (typeof how === 'number') return Response.json({ statusCode: how }, { status: how });
        if (how === 'lost') await pass();
        return lostAnswer();
      });
      expect(await check(world, phoebe, phoebesPhone)).toBe('right');
      world.letThrough();
      world.wait(60_000);
      await order(world, phoebe, phoebesPhone);
      expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
    },
  );

  test('it is said in the log', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(phoebe, patient);
    world.tenant.faults.add({ call: 'users.link', answer: 'drop' });
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(world.logged.map(({ fields }) => fields)).toMatchObject([
      { call: 'link identity' },
      { customerId: phoebe },
    ]);
  });

  test('or takes longer than the turn, the code is right', async () => {
    const world = await startPasswordless();
    await world.passwordless.sendCode(phoebe, patient);
    const turn = new AbortController();
    world.tamperWith((call, pass) => {
      if (call !== 'users.link') return pass();
      turn.abort();
      return new Promise(() => undefined);
    });
    const code = world.newestCode(phoebesPhone);
    expect(await world.passwordless.checkCode(phoebe, code, turn.signal)).toBe('right');
  });
});

test.each<[string, object]>([
  ['of another number', { phone_number: '+12025550199' }],
  ['of another connection', { identities: [{ provider: 'sms', user_id: 'x', connection: 'pager' }] }],
])('an identity %s is not what was searched for', async (_name, changes) => {
  const world = await startPasswordless();
  await world.newInstance().sendCode(phoebe, patient);
  world.tamperWith(async (call, pass) => {
    const answer = await pass();
    if (call !== 'users.search') return answer;
    const page = (await answer.json()) as { users: object[] };
    return Response.json({ ...page, users: page.users.map((user) => ({ ...user, ...changes })) });
  });
  await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(later);
});

test('an identity that Auth0’s index does not know yet is no one else’s: it is asked for again', async () => {
  const world = await startPasswordless();
  await world.newInstance().sendCode(phoebe, patient);
  world.tamperWith(async (call, pass) =>
    call === 'users.search' ? Response.json({ users: [], total: 0 }) : pass(),
  );
  await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(later);
  await expect(world.passwordless.checkCode(phoebe, codeOf('0000'), patient)).rejects.toMatchObject(later);
  world.letThrough();
  await order(world, phoebe, phoebesPhone);
});

test('an identity whose creation was not answered is used by the next order', async () => {
  const world = await startPasswordless();
  world.tamperWith(async (call, pass) => {
    const answer = await pass();
    return call === 'users.create' ? lostAnswer() : answer;
  });
  await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(later);
  expect(world.tenant.inbox.messages()).toEqual([]);
  world.letThrough();
  await order(world, phoebe, phoebesPhone);
  expect(unproved(world)).toEqual([]);
});

describe('a changed number', () => {
  test('gets an identity of its own, and the code; the old one gets nothing more', async () => {
    const world = await startPasswordless();
    await order(world, phoebe, phoebesPhone);
    await world.tenant.users.change(phoebe, { phoneNumber: '+12025550103' });
    world.wait(60_000);
    await order(world, phoebe, '+12025550103');
    expect(world.tenant.inbox.messages(phoebesPhone)).toHaveLength(1);
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone, '+12025550103']);
  });

  test('that is changed back is known already', async () => {
    const world = await startPasswordless();
    await order(world, phoebe, phoebesPhone);
    await world.tenant.users.change(phoebe, { phoneNumber: '+12025550103' });
    world.wait(60_000);
    await world.passwordless.sendCode(phoebe, patient);
    await world.tenant.users.change(phoebe, { phoneNumber: phoebesPhone });
    world.wait(60_000);
    world.takeCalls();
    await order(world, phoebe, phoebesPhone);
    expect(world.takeCalls()).toEqual(['users.get', 'passwordless.start', 'otp.exchange']);
  });
});

describe('at the same time', () => {
  test('several processes make one identity for one customer', async () => {
    const world = await startPasswordless();
    const processes = [world.passwordless, ...Array.from({ length: 3 }, () => world.newInstance())];
    const outcomes = await Promise.allSettled(processes.map((process) => process.sendCode(phoebe, patient)));
    expect(outcomes.map(({ status }) => status)).toEqual(processes.map(() => 'fulfilled'));
    expect(unproved(world)).toHaveLength(1);
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(identitiesOf(world, phoebe)).toEqual([phoebesPhone]);
  });

  test('customers do not get in one another’s way', async () => {
    const world = await startPasswordless();
    await Promise.all([phoebe, quentin, emil].map((id) => world.passwordless.sendCode(id, patient)));
    expect(await check(world, phoebe, phoebesPhone)).toBe('right');
    expect(await check(world, quentin, quentinsPhone)).toBe('right');
    expect(await check(world, emil, emilsMailbox)).toBe('right');
  });
});
