import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAccessTokens } from '../../src/auth0/access-tokens';
import { signJwt } from '../fixtures/access-token';

const config = {
  apiSigningKey: 'a signing key of at least thirty-two characters',
  issuer: 'https://tenant.example/',
  apiId: 'https://pod.example/api',
  clientId: 'client',
};
const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const accessTokens = createAccessTokens(config, () => now);

const claims = {
  iss: config.issuer,
  sub: 'auth0|ann',
  aud: [config.apiId, 'https://tenant.example/userinfo'],
  azp: 'client',
  scope: 'openid offline_access',
  iat: seconds - 60,
  exp: seconds + 60,
  permissions: ['read:all-orders'],
};

function sign(changes: object = {}, alg: 'HS256' | 'HS512' = 'HS256', key = config.apiSigningKey) {
  return signJwt({ ...claims, ...changes }, key, alg);
}

const month = 30 * 24 * 3600;

/** A genuine token with more in its header. */
function withHeader(more: object) {
  const input = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT', ...more }))}.${sign().split('.')[1]}`;
  return `${input}.${createHmac('sha256', config.apiSigningKey).update(input).digest('base64url')}`;
}

function base64url(text: string) {
  return Buffer.from(text).toString('base64url');
}

test('tells who the bearer is, what they may do and until when', () => {
  expect(accessTokens.verify(sign())).toEqual({
    customerId: 'auth0|ann',
    permissions: ['read:all-orders'],
    issuedAt: seconds - 60,
    expiresAt: seconds + 60,
  });
});

test('takes the audience as a single text and no permissions for none', () => {
  const { permissions } = accessTokens.verify(sign({ aud: config.apiId, permissions: undefined }));
  expect(permissions).toEqual([]);
});

test('takes a token that does not say to which application it was issued', () => {
  expect(accessTokens.verify(sign({ azp: undefined })).customerId).toBe('auth0|ann');
});

test('takes a token of thirty days, which is the longest that Auth0 gives', () => {
  const iat = seconds - 60;
  expect(accessTokens.verify(sign({ iat, exp: iat + month })).expiresAt).toBe(iat + month);
});

test('states its rules for express-jwt', () => {
  expect(accessTokens.rules).toEqual({
    secret: config.apiSigningKey,
    algorithms: ['HS256'],
    issuer: config.issuer,
    audience: config.apiId,
  });
});

describe('refuses', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unsigned = `${sign().split('.').slice(0, 2).join('.')}.`;
  const none = signJwt(claims, '', 'none');
  const [header, body, signature] = sign().split('.');

  test.each<[string, unknown]>([
    ['no token', undefined],
    ['null', null],
    ['an empty token', ''],
    ['something that is no text', { token: sign() }],
    ['a text that is no token', 'Bearer'],
    ['a token without its signature', unsigned],
    ['an unsigned token (alg none)', none],
    ['another algorithm of the same key', sign({}, 'HS512')],
    ['an RS256 token, as the id_token is', signJwt(claims, privateKey, 'RS256')],
    ['another key', sign({}, 'HS256', 'another signing key of thirty-two characters')],
    [
      'changed claims',
      `${header}.${base64url(JSON.stringify({ ...claims, sub: 'auth0|bob' }))}.${signature}`,
    ],
    ['a damaged header', `${base64url('{"alg":')}.${body}.${signature}`],
    ['a payload that is no object', signJwt('"auth0|ann"', config.apiSigningKey)],
    ['a payload that is no JSON', signJwt('auth0|ann', config.apiSigningKey)],
    ['another tenant', sign({ iss: 'https://other.example/' })],
    ['the issuer without its slash', sign({ iss: 'https://tenant.example' })],
    ['another API', sign({ aud: ['https://other.example'] })],
    ['the application itself as audience, as the id_token has', sign({ aud: 'client' })],
    ['no audience', sign({ aud: undefined })],
    ['an expired token', sign({ exp: seconds })],
    ['a token without end', sign({ exp: undefined })],
    ['an end that is no number', sign({ exp: '9999999999' })],
    ['a token of the future', sign({ nbf: seconds + 1 })],
    ['a token without a beginning', sign({ iat: undefined })],
    ['a beginning that is no number', sign({ iat: 'yesterday' })],
    ['a token that was issued to another application', sign({ azp: 'other' })],
    ['an application that is no text', sign({ azp: ['client'] })],
    ['a token that lives longer than Auth0 would let it', sign({ exp: seconds - 60 + month + 1 })],
    ['an extension that is not known (RFC 7515 §4.1.11)', withHeader({ crit: ['b64'], b64: true })],
    ['an extension that is not named', withHeader({ crit: [] })],
    ['no subject', sign({ sub: undefined })],
    ['an empty subject', sign({ sub: ' ' })],
    ['an endless subject', sign({ sub: 'a'.repeat(256) })],
    ["an application's own token, by its subject", sign({ sub: 'client@clients' })],
    ["an application's own token, by its grant", sign({ gty: 'client-credentials' })],
    ['permissions that are no list', sign({ permissions: 'read:all-orders' })],
    ['permissions that are no texts', sign({ permissions: [{ name: 'read:all-orders' }] })],
    ['an oversized token', sign({ filler: 'a'.repeat(9000) })],
  ])('%s', (_name, token) => {
    expect(() => accessTokens.verify(token as string)).toThrow(
      expect.objectContaining({ name: 'Refusal', code: 'invalid_token' }),
    );
  });
});
