import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Approval } from '../../src/app/page-data';
import { quote } from '../../src/orders/quote';
import { end, pendingLifetimeMs } from '../../src/step-up/action';
import type { Browser } from '../fixtures/browser';
import { customerOf, home, pendingOrder, pizza, storeOrders } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, quentin, stella } from './open-app';

const phoebeId = customerOf(phoebe.userId);
const terms = quote(pizza, home);
let app: OpenApp;

beforeEach(async () => {
  app = await openApp();
});
afterEach(() => app.close());

/** An order of phoebe's that was placed that long ago. */
async function placed(agoMs: number) {
  const order = pendingOrder({ customerId: phoebeId, terms, placedAt: app.services.clock() - agoMs });
  await storeOrders(app.store, [order]);
  return order;
}
async function freshlySignedIn(user: typeof phoebe | typeof quentin = phoebe): Promise<Browser> {
  const visitor = app.visitor();
  await visitor.signIn(user, 'oidc/start?fresh=true&return=approve');
  return visitor;
}
const look = async (visitor: Browser) => (await visitor.get('approval')).json as Approval;

it('shows the one order that waits: to the cent, where it goes, by which door and since when', async () => {
  const { id, placedAt, expiresAt } = await placed(5_000);
  const { order, ...rest } = await look(await freshlySignedIn());
  expect(order).toMatchObject({
    id,
    status: 'pending',
    pizza,
    bill: { total: '$21.09', to: '7 Elm Street, Springfield, IL 62704' },
    via: 'voice',
    placedAt,
    expiresAt,
  });
  expect(rest).toEqual({
    items: [
      { what: 'large pizza', amount: '$14.99' },
      { what: 'pepperoni', amount: '$1.50' },
      { what: 'delivery', amount: expect.stringMatching(/^\$\d+\.\d\d$/) },
      { what: 'tax', amount: expect.stringMatching(/^\$\d+\.\d\d$/) },
      { what: 'total', amount: '$21.09' },
    ],
    minutes: terms.bill?.minutes,
    attemptsLeft: 3,
    freshSignIn: true,
    codeLength: 4,
    locked: false,
  });
});

it('approves by a sign-in made after the order was placed, and keeps how', async () => {
  const { id } = await placed(5_000);
  const visitor = await freshlySignedIn();
  const { status, json } = await visitor.post(`approval/${id}/approve`);
  expect(status).toBe(200);
  const { evidence } = json;
  expect(evidence).toMatchObject({ method: 'approval', door: 'page', amr: ['pwd'] });
  expect((await app.store.find(id))?.evidence).toEqual(evidence);
  expect(app.events.at(-1)).toMatchObject({ actionId: id, status: 'confirmed' });
  expect(app.steps.at(-1)).toMatchObject({ step: 'confirm', outcome: 'done', door: 'app' });
  expect((await visitor.get(`orders/${id}`)).json).toMatchObject({ status: 'confirmed', evidence });

  const staff = await app.signedIn(stella);
  expect((await staff.get(`orders/${id}`)).json.evidence).toEqual(evidence);
});

it.each<[string, () => Promise<Browser>]>([
  ['a session whose sign-in has no time', () => app.signedIn(phoebe)],
  ['a sign-in from before the order', () => freshlySignedIn()],
  [
    'a copy of a cookie from before the order, although its owner has signed in since',
    async () => {
      const copy = app.visitor();
      const owner = await freshlySignedIn();
      copy.setCookies(owner.cookies());
      app.passTime(60_000);
      return copy;
    },
  ],
])('refuses %s, and says how to go on', async (_case, open) => {
  const visitor = await open();
  // By the clock of the store: after every sign-in until now.
  app.passTime(2_000);
  const { id } = await placed(0);
  expect((await look(visitor)).freshSignIn).toBe(false);
  const answer = await visitor.post(`approval/${id}/approve`);
  expect([answer.status, answer.json.code]).toEqual([401, 'insufficient_user_authentication']);
  expect(answer.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
  expect(await app.store.find(id)).toMatchObject({ status: 'pending' });
});

it('shows to another customer with the same link their own order, or none, and acts on no other', async () => {
  const { id } = await placed(5_000);
  const other = await freshlySignedIn(quentin);
  expect(await look(other)).not.toHaveProperty('order');
  for (const what of ['approve', 'disown', 'code', 'authorize']) {
    const answer = await other.post(`approval/${id}/${what}`, { code: '1234' });
    expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
  }
  expect(await app.store.find(id)).toMatchObject({ status: 'pending', attempts: 0 });
});

it('needs the page to ask: another site, or nobody, approves and disowns nothing', async () => {
  const { id } = await placed(5_000);
  const visitor = await freshlySignedIn();
  for (const what of ['approve', 'disown', 'code', 'authorize']) {
    expect((await visitor.post(`approval/${id}/${what}`, {}, {})).status).toBe(403);
    expect((await app.visitor().post(`approval/${id}/${what}`)).status).toBe(401);
  }
  expect((await app.visitor().get('approval')).status).toBe(401);
});

it('refuses to approve what was replaced, and shows the newer order', async () => {
  const { id } = await placed(5_000);
  const visitor = await freshlySignedIn();
  const newer = pendingOrder({ customerId: phoebeId, terms, placedAt: app.services.clock() });
  await app.store.transact(phoebeId, ({ latest }) => ({
    actions: [
      ...(latest?.status === 'pending'
        ? [end(latest, { status: 'cancelled', endedAt: newer.placedAt, reason: 'replaced' })]
        : []),
      newer,
    ],
    result: undefined,
  }));
  const answer = await visitor.post(`approval/${id}/approve`);
  expect([answer.status, answer.json.code]).toEqual([409, 'order_cancelled']);
  expect((await look(visitor)).order?.id).toBe(newer.id);
});

it('tells what became of the last one when nothing waits', async () => {
  const { id } = await placed(5_000);
  const visitor = await freshlySignedIn();
  app.passTime(pendingLifetimeMs);
  const { order, attemptsLeft } = await look(visitor);
  expect(order).toMatchObject({ id, status: 'expired' });
  expect(attemptsLeft).toBeUndefined();
});

it('takes “this was not me”: it is cancelled, staff see why, and ordering is locked until another sign-in', async () => {
  const { id } = await placed(5_000);
  const visitor = await freshlySignedIn();
  expect((await visitor.post(`approval/${id}/disown`)).json).toMatchObject({
    status: 'cancelled',
    cancelReason: 'not_me',
  });
  expect(app.events.at(-1)).toMatchObject({ actionId: id, status: 'cancelled' });
  const line = {
    customerId: phoebeId,
    actionId: id,
    message: 'a customer says that an order was not theirs',
  };
  expect(app.logged).toContainEqual(line);
  const staff = await app.signedIn(stella);
  expect((await staff.get(`orders/${id}`)).json).toMatchObject({ cancelReason: 'not_me' });

  expect((await visitor.get('profile')).json).toMatchObject({
    locked: true,
    disowned: true,
    freshSignIn: false,
  });
  expect((await visitor.post('unlock')).json.code).toBe('insufficient_user_authentication');
  // `auth_time` has whole seconds.
  await expect
    .poll(async () => {
      await visitor.signIn(phoebe, 'oidc/start?fresh=true&return=profile');
      return (await visitor.post('unlock')).json;
    })
    .toEqual({ locked: false });
});

it('takes the code, too, under the limits of every door, and sends another one', async () => {
  const number = phoebe.phoneNumber;
  const { id } = await placed(5_000);
  const visitor = await app.signedIn(phoebe);
  const resent = await visitor.post(`approval/${id}/code`);
  expect(resent.json).toMatchObject({ id, status: 'pending' });
  expect(resent.json.expiresAt).toBeGreaterThan(app.services.clock());
  const { code = '' } = app.tenant.inbox.messages(number)[0] ?? {};
  for (const nothing of [undefined, 5, '', `${code}0`]) {
    expect((await visitor.post(`approval/${id}/authorize`, { code: nothing })).json.code).toBe('not_a_code');
  }
  const wrong = String((Number(code) + 1) % 10_000).padStart(4, '0');
  const refused = await visitor.post(`approval/${id}/authorize`, { code: wrong });
  expect([refused.status, refused.json.code]).toEqual([403, 'wrong_code']);
  expect((await look(visitor)).attemptsLeft).toBe(2);
  expect((await visitor.post(`approval/${id}/authorize`, { code })).json).toMatchObject({
    status: 'confirmed',
    evidence: { method: 'code', door: 'page', channel: 'sms' },
  });
});
