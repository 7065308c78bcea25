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

/** Seconds: Auth0's maximum of an API's token lifetime is 30 days. */
const longestLifetime = 30 * 24 * 3600;

/**
 * Verifies the API's access tokens: signature (HS256 and nothing else, RFC 8725 §3.1), no extension that it does not know
 * (RFC 7515 §4.1.11), issuer, audience, expiry by `clock`, a lifetime that Auth0 would give, that it was issued to POD's own
 * application if it says to which, and that the bearer is a person. An application's own token is no customer's.
 */
export function createAccessTokens(
  config: Pick<Tenant, 'apiSigningKey' | 'issuer' | 'apiId' | 'clientId'>,
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
      return parseClaims(verifyToken(accessToken), config.clientId);
    },
  };

  function verifyToken(accessToken: string): string | JwtPayload {
    const { algorithms, issuer, audience } = rules;
    const clockTimestamp = Math.floor(clock() / 1000);
    try {
      const options = { algorithms, issuer, audience, clockTimestamp, complete: true } as const;
      const { header, payload } = jwt.verify(accessToken, key, options);
      if (!('crit' in header)) return payload;
    } catch (cause) {
      throw refuse('The access token is not valid: sign in again', cause);
    }
    throw refuse('The access token needs an extension that is not known here');
  }
}

function parseClaims(claims: string | JwtPayload, clientId: string): AccessTokenClaims {
  if (typeof claims === 'string') throw refuse('The access token holds no claims');
  const { sub, iat, exp, gty, azp = clientId, permissions = [] } = claims;
  if (!isNonEmptyText(sub) || sub.length > longestSubject) throw refuse('The access token names no subject');
  // How Auth0 marks a token that an application got for itself: either alone is enough.
  if (sub.endsWith('@clients') || gty === 'client-credentials') {
    throw refuse("An application's own token is no customer's");
  }
  if (azp !== clientId) throw refuse('The access token was issued to another application');
  if (!isTime(exp) || !isTime(iat)) throw refuse('The access token has no time limit');
  if (exp - iat > longestLifetime) throw refuse('The access token lives too long');
  if (!Array.isArray(permissions) || !permissions.every(isNonEmptyText)) {
    throw refuse('The permissions of the access token are malformed');
  }
  return { customerId: sub as CustomerId, permissions, issuedAt: iat, expiresAt: exp };
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

function isNonEmptyText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function refuse(message: string, cause?: unknown): Refusal {
  return new Refusal('invalid_token', message, {}, cause === undefined ? undefined : { cause });
}
