import { createSecretKey } from 'node:crypto';
import jwt, { type JwtPayload } from 'jsonwebtoken';
import type { AccessTokenClaims, AccessTokens, CustomerId } from '../step-up/customer';
import type { Clock } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import type { Tenant } from './tenant';

/** Auth0's access tokens are one to two kilobytes; nothing longer is worth a signature check. */
const longestToken = 8192;

/** Auth0's user ids are shorter; the store keys on them. */
const longestSubject = 255;

/**
 * Verifies the API's access tokens: signature (HS256 and nothing else, RFC 8725 §3.1), issuer, audience, expiry by
 * `clock`, and that the bearer is a person. An application's own token (client credentials) is no customer's.
 */
export function createAccessTokens(
  config: Pick<Tenant, 'apiSigningKey' | 'issuer' | 'apiId'>,
  clock: Clock,
): AccessTokens {
  const rules: AccessTokens['rules'] = {
    secret: config.apiSigningKey,
    algorithms: ['HS256'],
    issuer: config.issuer,
    audience: config.apiId,
  };
  // A key object, because jsonwebtoken first tries to read every text as a public key.
  const key = createSecretKey(Buffer.from(rules.secret, 'utf8'));

  return {
    rules,
    verify(accessToken) {
      if (typeof accessToken !== 'string' || accessToken === '') throw refuse('There is no access token');
      if (accessToken.length > longestToken) throw refuse('The access token is too long');
      return parseClaims(verifyToken(accessToken));
    },
  };

  function verifyToken(accessToken: string): string | JwtPayload {
    const { algorithms, issuer, audience } = rules;
    const clockTimestamp = Math.floor(clock() / 1000);
    try {
      return jwt.verify(accessToken, key, { algorithms, issuer, audience, clockTimestamp });
    } catch (cause) {
      throw refuse('The access token is not valid: sign in again', cause);
    }
  }
}

function parseClaims(claims: string | JwtPayload): AccessTokenClaims {
  if (typeof claims === 'string') throw refuse('The access token holds no claims');
  const { sub, iat, exp, gty, permissions = [] } = claims;
  if (!isNonEmptyText(sub) || sub.length > longestSubject) throw refuse('The access token names no subject');
  // How Auth0 marks a token that an application got for itself: either alone is enough.
  if (sub.endsWith('@clients') || gty === 'client-credentials') {
    throw refuse("An application's own token is no customer's");
  }
  if (!Number.isFinite(exp) || !Number.isFinite(iat)) throw refuse('The access token has no time limit');
  if (!Array.isArray(permissions) || !permissions.every(isNonEmptyText)) {
    throw refuse('The permissions of the access token are malformed');
  }
  return { customerId: sub as CustomerId, permissions, issuedAt: iat as number, expiresAt: exp as number };
}

function isNonEmptyText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function refuse(message: string, cause?: unknown): Refusal {
  return new Refusal('invalid_token', message, {}, cause === undefined ? undefined : { cause });
}
