import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { isLocked } from '../../src/step-up/limits';
import { holdTime } from '../fixtures/held-time';
import { customerOf } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe } from './open-app';

const phoebeId = customerOf(phoebe.userId);
let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  app.tenant.faults.clear();
  await app.store.transact(phoebeId, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 5 },
    result: undefined,
  }));
});

const isPhoebeLocked = async () => isLocked((await app.store.read(phoebeId)).customer, Date.now());

it('shows where codes go, masked', async () => {
  const visitor = await app.signedIn(phoebe);
  const answer = await visitor.get('profile');
  expect(answer.json).toEqual({
    contacts: { email: 'p•••@example.com', phone: '•••• 0101', codesGoTo: 'sms' },
    customerId: phoebeId,
    locked: true,
    freshSignIn: false,
  });
  expect(answer.text).not.toContain('phoebe@');
});

it('A14: the board says that ordering is locked, and only to whom it is', async () => {
  const visitor = await app.signedIn(phoebe);
  expect((await visitor.get('orders')).json).toMatchObject({ locked: true });
  const staff = await app.signedIn(seededUsers.staff);
  expect((await staff.get('orders')).json).toMatchObject({ locked: false });
});

it('A14: says so of nobody whose code is being checked, for it may be right', async () => {
  const visitor = await app.signedIn(phoebe);
  const turn = (startedAt: number) =>
    app.store.transact(phoebeId, ({ customer }) => ({
      customer: { ...customer, turn: { id: 'checks', startedAt } },
      result: undefined,
    }));
  await turn(Date.now());
  expect((await visitor.get('orders')).json).toMatchObject({ locked: false });
  // Its process died.
  await turn(Date.now() - 60_000);
  expect((await visitor.get('orders')).json).toMatchObject({ locked: true });
});

it('shows that codes go nowhere for somebody without phone and mailbox', async () => {
  const { username, password, userId } = seededUsers.customerWithNeither;
  const visitor = await app.signedIn({ email: username, password });
  const nothing = { contacts: {}, customerId: userId, locked: false, freshSignIn: false };
  expect((await visitor.get('profile')).json).toEqual(nothing);
});

it('A9: shows that a phone number cannot be used, and that no code goes to the mailbox instead', async () => {
  const { email, password, userId } = seededUsers.secondCustomerWithPhone;
  await app.tenant.users.change(userId, { phoneNumber: '555-0102' });
  const visitor = await app.signedIn({ email, password });
  expect((await visitor.get('profile')).json).toMatchObject({
    contacts: { email: 'q•••@example.com', phoneUnusable: true },
  });
});

it.each([503, 429, 403, 'hang'] as const)(
  'leaves the contacts out while Auth0 does not answer (%s)',
  async (answer) => {
    const other = await openApp();
    const visitor = await other.signedIn(phoebe);
    other.tenant.faults.add({ call: 'users.get', answer });
    const time = holdTime();
    const answering = visitor.get('profile');
    await time.until(() => other.tenant.calls.get()['users.get'] > 0);
    await time.passUntilEnded(answering);
    time.letGo();
    const profile = await answering;
    const rest = { customerId: phoebeId, locked: false, freshSignIn: false };
    expect([profile.status, profile.json]).toEqual([200, rest]);
    await other.close();
  },
);

it('does not unlock for a session alone', async () => {
  const visitor = await app.signedIn(phoebe);
  const answer = await visitor.post('unlock');
  expect([answer.status, answer.json.code]).toEqual([401, 'insufficient_user_authentication']);
  expect(await isPhoebeLocked()).toBe(true);
});

it('unlocks after a fresh sign-in', async () => {
  const visitor = await app.signedIn(phoebe);
  const login = await visitor.open('oidc/start?fresh=true&return=profile');
  expect(login.text).toContain('type="password"');
  const end = await visitor.signIn(phoebe, 'oidc/start?fresh=true&return=profile');
  expect(end.url.hash).toBe('#/profile');
  expect((await visitor.get('profile')).json).toMatchObject({ locked: true, freshSignIn: true });

  expect((await visitor.post('unlock')).json).toEqual({ locked: false });
  expect(await isPhoebeLocked()).toBe(false);
  expect((await visitor.get('profile')).json).toMatchObject({ locked: false });
});

it('takes a sign-in for fresh for five minutes only', async () => {
  const other = await openApp();
  const visitor = other.visitor();
  await visitor.signIn(phoebe, 'oidc/start?fresh=true');
  expect((await visitor.get('profile')).json.freshSignIn).toBe(true);
  other.passTime(5 * 60_000);
  expect((await visitor.get('profile')).json.freshSignIn).toBe(false);
  expect((await visitor.post('unlock')).status).toBe(401);
  await other.close();
});

it('leaves no name, contact or token in the log', async () => {
  const visitor = await app.signedIn(phoebe);
  await visitor.get('profile');
  await visitor.signIn(phoebe, 'oidc/start?fresh=true').catch(() => {});
  await visitor.post('unlock');
  expect(app.logged.length).toBeGreaterThan(0);
  expect(JSON.stringify(app.logged)).not.toMatch(/example\.com|0101|Phoebe|eyJ/);
});
