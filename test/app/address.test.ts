import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, fromThePage } from '../fixtures/browser';
import { type OpenApp, openApp, phoebe, quentin } from './open-app';

const home = { street: '12 Market Street', city: 'Springfield', region: 'IL', postalCode: '62701' };

let app: OpenApp;
let customer: Browser;
beforeAll(async () => {
  app = await openApp();
  customer = app.visitor();
  await customer.signIn(phoebe, 'oidc/start?fresh=true');
});
afterAll(() => app.close());
beforeEach(async () => {
  app.tenant.faults.clear();
  await remove(customer);
  app.logged.length = 0;
});

function put(visitor: Browser, body: unknown, headers: Record<string, string> = fromThePage) {
  return visitor.send('profile/address', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function remove(visitor: Browser, headers: Record<string, string> = fromThePage) {
  return visitor.send('profile/address', { method: 'DELETE', headers });
}

const metadata = () => app.tenant.users.find(phoebe.userId)?.user_metadata;
const shownTo = async (visitor: Browser) => (await visitor.get('profile')).json.address;

it('is kept at Auth0, shown to its owner, and removed', async () => {
  expect(await shownTo(customer)).toBeUndefined();
  const kept = await put(customer, home);
  expect([kept.status, kept.json]).toEqual([200, { address: home }]);
  expect(kept.headers.get('cache-control')).toBe('no-store');
  expect(metadata()).toEqual({ phone_number: phoebe.phoneNumber, address: home });
  expect(await shownTo(customer)).toEqual(home);

  const removed = await remove(customer);
  expect([removed.status, removed.json]).toEqual([200, {}]);
  expect(metadata()).toEqual({ phone_number: phoebe.phoneNumber });
  expect(await shownTo(customer)).toBeUndefined();
  expect((await remove(customer)).status).toBe(200);
});

it('is trimmed, needs no region, and holds its four lines alone', async () => {
  const spaced = { street: ' 1 Cañon Road, flat 2 ', city: 'Łódź', region: '  ', postalCode: ' 90-001' };
  const trimmed = { street: '1 Cañon Road, flat 2', city: 'Łódź', postalCode: '90-001' };
  expect((await put(customer, { ...spaced, country: 'PL' })).json).toEqual({ address: trimmed });
  expect(metadata()?.address).toEqual(trimmed);
});

it('is one line in the log for each change, which says whose and not where', async () => {
  await put(customer, home);
  await remove(customer);
  const customerId = phoebe.userId;
  expect(app.logged).toEqual([
    { customerId, message: 'the delivery address was changed' },
    { customerId, message: 'the delivery address was removed' },
  ]);
});

it('is what the last of several changes at once says, whole', async () => {
  const addresses = Array.from({ length: 4 }, (_, n) => ({
    ...home,
    street: `${n} Market Street`,
    city: `${n}`,
  }));
  const answers = await Promise.all(addresses.map((address) => put(customer, address)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(addresses).toContainEqual(metadata()?.address);
  expect(await shownTo(customer)).toEqual(metadata()?.address);
});

describe('what is no address', () => {
  const long = 'x'.repeat(101);
  it.each([
    ['street', { ...home, street: undefined }],
    ['street', { ...home, street: '  ' }],
    ['street', { ...home, street: long }],
    ['street', { ...home, street: 12 }],
    ['street', { ...home, street: '12 Market Street\r\nBcc: x' }],
    ['street', { ...home, street: '12 Market\u202eStreet' }],
    ['street', { ...home, street: 'half a pair: \ud83c' }],
    ['street', {}],
    ['city', { ...home, city: ['Springfield'] }],
    ['city', { ...home, city: null }],
    ['region', { ...home, region: long }],
    ['region', { ...home, region: null }],
    ['postalCode', { ...home, postalCode: '' }],
    ['body', [home]],
    ['body', null],
    ['body', 'home'],
  ])('is refused, and %s is named: %j', async (name, body) => {
    const answer = await put(customer, body);
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
    expect(answer.json.detail).toMatch(new RegExp(`\\b${name}\\b`));
    expect(metadata()).not.toHaveProperty('address');
  });

  it('is refused before it is read when it is too long, or no JSON', async () => {
    expect((await put(customer, { ...home, note: 'x'.repeat(10_240) })).status).toBe(413);
    const headers = { ...fromThePage, 'content-type': 'text/plain' };
    expect((await put(customer, home, headers)).status).toBe(415);
    expect(metadata()).not.toHaveProperty('address');
  });

  it('is for pick-up where the customer wrote it elsewhere', async () => {
    const { email, password, userId } = quentin;
    const user = app.tenant.users.find(userId);
    if (user) user.user_metadata.address = { ...home, city: '' };
    const answer = await (await app.signedIn({ email, password })).get('profile');
    expect([answer.status, answer.json.address]).toEqual([200, undefined]);
  });
});

describe('is not changed', () => {
  it('by a session alone, nor five minutes after the sign-in', async () => {
    const other = await openApp();
    const visitor = await other.signedIn(phoebe);
    const expectRefusals = async () => {
      for (const answer of [await put(visitor, home), await put(visitor, {}), await remove(visitor)]) {
        expect([answer.status, answer.json.code]).toEqual([401, 'insufficient_user_authentication']);
        expect(answer.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
      }
    };
    await expectRefusals();
    await visitor.signIn(phoebe, 'oidc/start?fresh=true');
    other.passTime(5 * 60_000);
    await expectRefusals();
    expect(other.tenant.calls.get()['users.update']).toBe(0);
    await other.close();
  });

  it('by somebody who is signed out', async () => {
    const visitor = app.visitor();
    expect([(await put(visitor, home)).status, (await remove(visitor)).status]).toEqual([401, 401]);
  });

  it.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'null' },
    {},
  ])('by another site (%j)', async (headers) => {
    await put(customer, home);
    const others = { ...home, street: '1 Thief Lane' };
    const answers = [await put(customer, others, headers), await remove(customer, headers)];
    expect(answers.map(({ json }) => json.code)).toEqual(['forbidden', 'forbidden']);
    expect(metadata()?.address).toEqual(home);
  });

  it('by anybody else: whoever changes theirs changes no other, and sees no other', async () => {
    await put(customer, home);
    const other = app.visitor();
    await other.signIn(quentin, 'oidc/start?fresh=true');
    expect(await shownTo(other)).toBeUndefined();
    await put(other, { ...home, customerId: phoebe.userId, street: '2 High Street' });
    await remove(other);
    expect(metadata()?.address).toEqual(home);
  });
});

describe('when Auth0 fails', () => {
  it.each([
    [503, 'upstream_unavailable'],
    [429, 'upstream_unavailable'],
    ['drop', 'upstream_unavailable'],
    [403, 'upstream_misconfigured'],
  ] as const)('%s is answered as %s, and a later try works', async (fault, code) => {
    app.tenant.faults.add({ call: 'users.update', answer: fault, times: 1 });
    const answer = await put(customer, home);
    expect([answer.status, answer.json.code]).toEqual([503, code]);
    expect(answer.headers.get('retry-after')).toBe(fault === 429 ? '1' : null);
    expect(JSON.stringify(app.logged)).not.toMatch(/Market|Springfield|62701/);
    expect((await put(customer, home)).status).toBe(200);
  });

  it('shows what is true when an answer was lost', async () => {
    app.tenant.faults.add({ call: 'users.update', answer: 503, performed: true, times: 1 });
    expect((await put(customer, home)).status).toBe(503);
    expect(await shownTo(customer)).toEqual(home);
  });

  it('a blocked account changes nothing', async () => {
    const other = await openApp();
    const visitor = other.visitor();
    await visitor.signIn(phoebe, 'oidc/start?fresh=true');
    await other.tenant.users.change(phoebe.userId, { blocked: true });
    const answer = await put(visitor, home);
    expect([answer.status, answer.json.code]).toEqual([403, 'account_blocked']);
    expect(other.tenant.users.find(phoebe.userId)?.user_metadata).not.toHaveProperty('address');
    await other.close();
  });
});
