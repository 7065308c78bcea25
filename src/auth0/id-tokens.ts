import { KeyObject } from 'node:crypto';
import {
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  type ProtectedHeaderParameters,
} from 'jose';
import jwt, { type JwtPayload } from 'jsonwebtoken';
import type { Clock } from '../step-up/outside';
import { callDeadlineMs } from './deadline';
import type { Tenant } from './tenant';

/** The least RSA key for RS256 (RFC 7518 §3.3). */
const leastModulusBits = 2048;

/** Verifies what Auth0 says of who entered a code. */
export interface IdTokenVerifier {
  /** Fetches the tenant's signing keys unless they are fresh (ten minutes). Rejects with what the request failed with. */
  prepare(): Promise<void>;
  /**
   * Who entered the code, of `subjects`, if the tenant signed this id_token (RS256) for this application and one of them
   * (OpenID Connect Core §3.1.3.7). Rejects with `NotProven` if not, and with what the request failed with if the keys
   * were needed again.
   */
  verify<Subject extends string>(idToken: string | undefined, subjects: readonly Subject[]): Promise<Subject>;
}

/** The code was accepted, but it is not proven that this customer entered it. `message` is safe to log. */
export class NotProven extends Error {
  override readonly name = 'NotProven';
}

/**
 * The check that the SDK leaves out: `@auth0/auth0-auth-js` takes an id_token from the token endpoint without a look at
 * its signature, trusting TLS alone.
 */
export function createIdTokenVerifier(
  config: Pick<Tenant, 'issuer' | 'clientId'>,
  clock: Clock,
  fetchIt: typeof fetch,
): IdTokenVerifier {
  const keys = createRemoteJWKSet(new URL('.well-known/jwks.json', config.issuer), {
    [customFetch]: fetchIt,
    timeoutDuration: callDeadlineMs,
  });

  async function subjectOf(idToken: string): Promise<string | undefined> {
    const { exp, sub } = verifyToken(idToken, await keyOf(idToken));
    // A token without an end has none that could be over.
    if (exp === undefined) throw new NotProven('no exp');
    return sub;
  }

  async function keyOf(idToken: string): Promise<KeyObject> {
    const { kid } = headerOf(idToken);
    const found = await keys({ kid, alg: 'RS256' }).catch((error) => {
      throw isAboutTheToken(error) ? new NotProven(error.code) : error;
    });
    const key = KeyObject.from(found);
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    if (modulusLength < leastModulusBits)
      throw new Error(`The tenant's signing key has ${modulusLength} bits.`);
    return key;
  }

  /** By the key itself: WebCrypto, which jose takes, sends each token to a thread and back. */
  function verifyToken(idToken: string, key: KeyObject): JwtPayload {
    try {
      const payload = jwt.verify(idToken, key, {
        algorithms: ['RS256'],
        issuer: config.issuer,
        audience: config.clientId,
        clockTimestamp: Math.floor(clock() / 1000),
      });
      return typeof payload === 'string' ? {} : payload;
    } catch (error) {
      // A parser's message quotes what it cannot read, which may be a phone number.
      throw new NotProven(error instanceof jwt.JsonWebTokenError ? error.message : 'malformed');
    }
  }

  return {
    async prepare() {
      if (!keys.fresh) await keys.reload();
    },
    async verify(idToken, subjects) {
      if (!idToken) throw new NotProven('no id_token');
      const subject = await subjectOf(idToken);
      const proven = subjects.find((one) => one === subject);
      if (proven === undefined) throw new NotProven('another subject');
      return proven;
    },
  };
}

/** Neither its algorithm nor an extension is the token's to choose (RFC 8725 §3.1, RFC 7515 §4.1.11). */
function headerOf(idToken: string): ProtectedHeaderParameters {
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(idToken);
  } catch {
    throw new NotProven('malformed');
  }
  if (header.alg !== 'RS256') throw new NotProven('not signed with RS256');
  if ('crit' in header) throw new NotProven('an extension that is not known here');
  return header;
}

/** Everything jose refuses, apart from what it says when the keys cannot be fetched or read. */
function isAboutTheToken(error: unknown): error is errors.JOSEError {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}
