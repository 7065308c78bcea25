import type { Request } from 'express';
import { noteSender } from '../http/refused';
import { type Viewer, viewerOf } from '../orders/viewer';
import type { AccessTokenClaims, AccessTokens, CustomerId } from '../step-up/customer';
import type { SignIn } from '../step-up/evidence';
import type { ActionStore } from '../step-up/ledger';
import { isLocked } from '../step-up/limits';
import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { begunAtOf, forgetSession } from './session-cookie';

/** Who is signed in, as the session's access token says. */
export interface Session extends Viewer {
  name: string;
  /** When the person last proved to be there, and how, if the tenant said. */
  signIn?: SignIn;
  /** Whether ordering is locked. */
  locked: boolean;
  /** Since when it is, because the customer said that an order was not theirs. */
  disownedAt?: number;
}

export interface SessionServices {
  accessTokens: AccessTokens;
  store: Pick<ActionStore<unknown>, 'read'>;
  clock: Clock;
  log: Log;
}

/**
 * A permission that was taken away is gone within the hour: an access token is replaced at this age, and a page that
 * was let into a live channel with it hears that channel for another quarter of an hour at most.
 */
const oldestTokenMs = 45 * 60_000;

/**
 * Reads the session of a request. One that began before its customer signed out, by whichever browser, has ended. The access
 * token is verified each time, and replaced when it has expired or could be out of date; a refresh that the tenant refuses ends
 * the session.
 * @throws Refusal `invalid_token` for somebody who is signed out, `store_unavailable`, `upstream_unavailable`
 */
export async function readSession(services: SessionServices, request: Request): Promise<Session> {
  const { sub, name, nickname, ...claims }: Partial<Record<string, unknown>> =
    request.oidc.idTokenClaims ?? {};
  if (typeof sub !== 'string') throw endSession(request);
  const { customer } = await services.store.read(sub as CustomerId);
  if (customer.signedOutAt !== undefined && begunAtOf(request) <= customer.signedOutAt) {
    throw endSession(request);
  }
  const access = await currentClaims(services, request);
  if (sub !== access.customerId) throw endSession(request);
  const viewer = viewerOf(access);
  noteSender(request, { as: viewer.staff ? 'staff' : 'customer', customerId: viewer.customerId });
  return {
    ...viewer,
    locked: isLocked(customer, services.clock()),
    name: String(name || nickname || 'Signed in'),
    signIn: signInOf(claims),
    disownedAt: customer.disownedAt,
  };
}

/** The claims `auth_time` (in seconds) and `amr` of the id_token (OpenID Connect Core §2). */
function signInOf({ auth_time, amr }: Partial<Record<string, unknown>>): SignIn | undefined {
  if (typeof auth_time !== 'number') return undefined;
  const isTold = Array.isArray(amr) && amr.every((method) => typeof method === 'string');
  return { authTime: auth_time * 1000, ...(isTold && { amr }) };
}

/** The session of a request, or null for somebody who is signed out. */
export function findSession(services: SessionServices, request: Request): Promise<Session | null> {
  return readSession(services, request).catch(whenSignedOut);
}

async function currentClaims(services: SessionServices, request: Request): Promise<AccessTokenClaims> {
  const token = request.oidc.accessToken?.access_token;
  if (!token) throw endSession(request);
  const claims = verifyIfValid(services, token);
  if (claims && services.clock() - claims.issuedAt * 1000 < oldestTokenMs) return claims;
  return services.accessTokens.verify(await refresh(services, request));
}

function verifyIfValid(services: SessionServices, token: string): AccessTokenClaims | null {
  try {
    return services.accessTokens.verify(token);
  } catch (error) {
    return whenSignedOut(error);
  }
}

function whenSignedOut(error: unknown): null {
  if (error instanceof Refusal && error.code === 'invalid_token') return null;
  throw error;
}

async function refresh(services: SessionServices, request: Request): Promise<string> {
  if (!request.oidc.refreshToken) throw endSession(request);
  try {
    const token = await request.oidc.accessToken?.refresh();
    return token?.access_token ?? '';
  } catch (cause) {
    const { status, error } = cause as { status?: number; error?: string };
    services.log.warn({ status, error }, 'a session could not be refreshed');
    if (status !== undefined && status >= 400 && status < 500 && status !== 429)
      throw endSession(request, cause);
    throw new Refusal('upstream_unavailable', 'The sign-in service does not answer.', {}, { cause });
  }
}

function endSession(request: Request, cause?: unknown): Refusal {
  forgetSession(request);
  return new Refusal('invalid_token', 'There is no session, or it has ended. Sign in again.', {}, { cause });
}
