import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);
const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });

type World = Awaited<ReturnType<typeof startPasswordless>>;

type Forgery = (idToken: string, world: { clientSecret: string }) => string | undefined | Promise<string>;

/** Has the right code exchanged, but changes the id_token on its way back. */
async function exchangeForged(forge: Forgery) {
  const world = await startPasswordless();
  world.tenant.forceNextCode('4711');
  await world.passwordless.sendCode(phoebe, patient);
  world.tamperWith(async (call, pass) => {
    const answer = await pass();
    if (call !== 'otp.exchange') return answer;
    const tokens = (await answer.json()) as { id_token: string };
    return Response.json({ ...tokens, id_token: await forge(tokens.id_token, world.config) });
  });
  const outcome = await world.passwordless
    .checkCode(phoebe, codeOf('4711'), patient)
    .catch((error) => error.code);
  return { ...world, outcome };
}

function signAgain(idToken: string, changes: object, key: KeyObject = attacker.privateKey, header = {}) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = [
    encode({ ...decodeProtectedHeader(idToken), ...header }),
    encode({ ...decodeJwt(idToken), ...changes }),
  ].join('.');
  return `${input}.${createSign('sha256').update(input).sign(key, 'base64url')}`;
}

function hmac(idToken: string, secret: string) {
  const { kid } = decodeProtectedHeader(idToken);
  const header = { alg: 'HS256', kid };
  return new SignJWT(decodeJwt(idToken)).setProtectedHeader(header).sign(Buffer.from(secret));
}

function withoutItsLastByte(idToken: string) {
  const [header, payload, signature = ''] = idToken.split('.');
  return [header, payload, Buffer.from(signature, 'base64url').subarray(0, -1).toString('base64url')].join(
    '.',
  );
}

test('an untouched id_token proves the customer', async () => {
  const { outcome, logged } = await exchangeForged((idToken) => idToken);
  expect(outcome).toBe('right');
  expect(logged).toEqual([]);
});

test.each<[string, Forgery]>([
  ['signed with another key', (idToken) => signAgain(idToken, {})],
  [
    'signed with a key the tenant has never had',
    (idToken) => signAgain(idToken, {}, undefined, { kid: 'x' }),
  ],
  ['naming another customer', (idToken) => signAgain(idToken, { sub: quentin })],
  ['with a damaged signature', withoutItsLastByte],
  ['that is missing', () => undefined],
])('an id_token %s is an alarm, and the code counts as wrong', async (_name, forge) => {
  const { outcome, logged } = await exchangeForged(forge);
  expect(outcome).toBe('wrong');
  expect(logged).toMatchObject([{ level: 'error', fields: { customerId: phoebe } }]);
});

test.each<[string, Forgery]>([
  ['without a signature', (idToken) => new UnsecuredJWT(decodeJwt(idToken)).encode()],
  ['signed with the client secret', (idToken, { clientSecret }) => hmac(idToken, clientSecret)],
  ['of another tenant', (idToken) => signAgain(idToken, { iss: 'https://tenant.example/' })],
  ['for another application', (idToken) => signAgain(idToken, { aud: 'another' })],
  ['that has expired', (idToken) => signAgain(idToken, { exp: 1 })],
  ['without an end', (idToken) => signAgain(idToken, { exp: undefined })],
  ['without a subject', (idToken) => signAgain(idToken, { sub: undefined })],
  ['that is none', () => 'eyJ'],
  ['whose header is no JSON', (idToken) => idToken.replace(/^[^.]+/, 'abcd')],
  ['whose claims are no JSON', (idToken) => idToken.replace(/\.[^.]+\./, '.abcd.')],
])('an id_token %s is not accepted, and the code may be used up', async (_name, forge) => {
  const { outcome, logged } = await exchangeForged(forge);
  expect(['wrong', 'unsure']).toContain(outcome);
  expect(logged).toHaveLength(1);
});

/** An id_token of this tenant for who has this number. */
async function idTokenOf({ tenant, newestCode }: World, phoneNumber: string) {
  const response = await fetch(`${tenant.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
      client_id: tenant.settings.APP_CLIENT_ID,
      client_secret: tenant.settings.APP_CLIENT_SECRET,
      realm: 'sms',
      username: phoneNumber,
      otp: newestCode(phoneNumber),
      scope: 'openid',
    }),
  });
  return ((await response.json()) as { id_token: string }).id_token;
}

test('A4: the identity that POD made for this customer proves them, before it is linked', async () => {
  const subjects: unknown[] = [];
  const { outcome } = await exchangeForged((idToken) => {
    subjects.push(decodeJwt(idToken).sub);
    return idToken;
  });
  expect(outcome).toBe('right');
  expect(subjects).toEqual([expect.stringMatching(/^sms\|/)]);
});

test.each([
  ['an account', true],
  ['an identity that POD made', false],
])(
  'A4: an id_token of %s of another customer proves nothing, and nothing is linked',
  async (_name, linked) => {
    const world = await startPasswordless();
    const { phoneNumber } = seededUsers.secondCustomerWithPhone;
    const send = (customerId: typeof phoebe) => world.passwordless.sendCode(customerId, patient);
    await send(quentin);
    if (linked) {
      await world.passwordless.checkCode(quentin, world.newestCode(phoneNumber), patient);
      await send(quentin);
    }
    await send(phoebe);
    const id_token = await idTokenOf(world, phoneNumber);
    world.tamperWith(async (call, pass) => {
      const answer = await pass();
      return call === 'otp.exchange' ? Response.json({ ...(await answer.json()), id_token }) : answer;
    });
    const code = world.newestCode(seededUsers.customerWithPhone.phoneNumber);
    world.takeCalls();
    expect(await world.passwordless.checkCode(phoebe, code, patient)).toBe('wrong');
    expect(world.takeCalls()).toEqual(['otp.exchange']);
    expect(world.logged).toMatchObject([
      { level: 'error', fields: { customerId: phoebe, reason: 'another subject' } },
    ]);
  },
);

test('A7: a code whose id_token cannot be verified for lack of keys may be used up', async () => {
  const world = await startPasswordless();
  await world.passwordless.sendCode(phoebe, patient);
  let exchanged = false;
  world.tamperWith(async (call, pass) => {
    if (call === 'jwks' && exchanged) throw new TypeError('fetch failed');
    const answer = await pass();
    if (call !== 'otp.exchange') return answer;
    exchanged = true;
    const tokens = (await answer.json()) as { id_token: string };
    // Of a key that the tenant has made since.
    return Response.json({ ...tokens, id_token: signAgain(tokens.id_token, {}, undefined, { kid: 'new' }) });
  });
  // The keys may be asked for anew after half a minute.
  await world.passwordless.checkCode(phoebe, codeOf('0000'), patient);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  onTestFinished(() => void vi.useRealTimers());
  const code = world.newestCode(seededUsers.customerWithPhone.phoneNumber);
  expect(await world.passwordless.checkCode(phoebe, code, patient)).toBe('unsure');
});

test('an id_token signed with a key of fewer bits than RS256 takes is not believed, whoever has it', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const world = await startPasswordless();
  await world.passwordless.sendCode(phoebe, patient);
  world.tamperWith(async (call, pass) => {
    const answer = await pass();
    if (call === 'jwks') {
      const { keys } = (await answer.json()) as { keys: object[] };
      const weakened = weak.publicKey.export({ format: 'jwk' });
      return Response.json({ keys: keys.map((key) => ({ ...key, ...weakened })) });
    }
    if (call !== 'otp.exchange') return answer;
    const tokens = (await answer.json()) as { id_token: string };
    return Response.json({ ...tokens, id_token: signAgain(tokens.id_token, {}, weak.privateKey) });
  });
  const code = world.newestCode(seededUsers.customerWithPhone.phoneNumber);
  expect(await world.passwordless.checkCode(phoebe, code, patient)).toBe('unsure');
});
