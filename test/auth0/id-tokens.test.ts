import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const quentin = customerOf(seededUsers.secondCustomerWithPhone.userId);
const attacker = generateKeyPairSync('rsa', { modulusLength: 2048 });

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
])('an id_token %s is not accepted', async (_name, forge) => {
  const { outcome, logged } = await exchangeForged(forge);
  expect(['wrong', 'upstream_unavailable']).toContain(outcome);
  expect(logged).toHaveLength(1);
});

test("a code that proves another customer, in Auth0's own words, counts as wrong", async () => {
  const world = await startPasswordless();
  await world.passwordless.sendCode(quentin, patient);
  // Phoebe's profile names Quentin's number, as if it had changed hands while her contact was in mind.
  world.tamperWith(async (call, pass) => {
    const answer = await pass();
    if (call !== 'users.get') return answer;
    const user = (await answer.json()) as object;
    const { phoneNumber } = seededUsers.secondCustomerWithPhone;
    return Response.json({ ...user, user_metadata: { phone_number: phoneNumber } });
  });
  const code = world.newestCode(seededUsers.secondCustomerWithPhone.phoneNumber);
  expect(await world.passwordless.checkCode(phoebe, codeOf(code), patient)).toBe('wrong');
  expect(world.logged).toMatchObject([
    { level: 'error', fields: { customerId: phoebe, reason: 'another subject' } },
  ]);
});
