import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '../errors';
import { channelLifetimeMs } from '../live-channels';
import type { CustomerId } from '../orders/order';
import type { AccessTokenClaims, Services } from '../services';

/** Who is signed in, as the session's access token says. */
export interface Session {
  customerId: CustomerId;
  /** May see and change every order. */
  staff: boolean;
  name: string;
  /** When the person last proved to be there (OpenID Connect Core §2), in seconds, if the tenant said. */
  authTime?: number;
}

type SessionServices = Pick<Services, 'accessTokens' | 'clock' | 'log'>;

/** A permission that was taken away is gone after an hour at the latest, on the page and on its live channel. */
const oldestTokenMs = 60 * 60_000 - channelLifetimeMs;

/**
 * Lets nobody pass who is not signed in, and tells the routes who is. The access token is verified on every request,
 * and replaced when it has expired or could be out of date; a refresh that the tenant refuses ends the session.
 */
export function requireSession(services: SessionServices): RequestHandler {
  return async (request, response, next) => {
    response.locals.session = await readSession(services, request);
    next();
  };
}

/** The session of a request, or undefined for somebody who is signed out. */
export function findSession(services: SessionServices, request: Request): Promise<Session | undefined> {
  return readSession(services, request).catch(whenSignedOut);
}

/** The session of a request that passed `requireSession`. */
export function sessionOf(response: Response): Session {
  return response.locals.session;
}

async function readSession(services: SessionServices, request: Request): Promise<Session> {
  const { customerId, permissions } = await currentClaims(services, request);
  const {
    sub,
    name,
    nickname,
    auth_time: authTime,
  }: Partial<Record<string, unknown>> = request.oidc.idTokenClaims ?? {};
  if (sub !== customerId) throw endSession(request);
  return {
    customerId,
    staff: permissions.includes('read:all-orders'),
    name: String(name || nickname || 'Signed in'),
    authTime: typeof authTime === 'number' ? authTime : undefined,
  };
}

async function currentClaims(services: SessionServices, request: Request): Promise<AccessTokenClaims> {
  const token = request.oidc.accessToken?.access_token;
  if (!token) throw endSession(request);
  const claims = verifyIfValid(services, token);
  if (claims && services.clock() - claims.issuedAt * 1000 < oldestTokenMs) return claims;
  return services.accessTokens.verify(await refresh(services, request));
}

function verifyIfValid(services: SessionServices, token: string): AccessTokenClaims | undefined {
  try {
    return services.accessTokens.verify(token);
  } catch (error) {
    return whenSignedOut(error);
  }
}

function whenSignedOut(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'invalid_token') return;
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

/** Makes the answer clear the session's cookie. */
export function forgetSession(request: Request): void {
  (request as { appSession?: unknown }).appSession = undefined;
}
