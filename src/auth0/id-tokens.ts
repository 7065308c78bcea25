import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import type { Clock } from '../step-up/outside';
import { callDeadlineMs } from './deadline';
import type { Tenant } from './tenant';

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
    const { payload } = await jwtVerify(idToken, keys, {
      algorithms: ['RS256'],
      issuer: config.issuer,
      audience: config.clientId,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(clock()),
    }).catch((error: unknown) => {
      throw isAboutTheToken(error) ? new NotProven((error as errors.JOSEError).code) : error;
    });
    return payload.sub;
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

/** Everything jose refuses, apart from what it says when the keys cannot be fetched or read. */
function isAboutTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}
