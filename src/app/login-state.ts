import { randomUUID } from 'node:crypto';
import type { Request } from 'express';

/**
 * What a sign-in carries to the tenant and back as its `state` (RFC 6749 §4.1.1). Anybody can send one back: only that which
 * is in the cookie, too, is an answer.
 */
export interface LoginState {
  /** The same for no other sign-in. */
  id: string;
  returnTo?: string;
  /** The password was asked for. */
  fresh?: true;
  /** It takes the place of one whose answer found no cookie. */
  again?: true;
}

/** Makes the state of a sign-in that is about to start. */
export function createLoginState(
  { returnTo, authorizationParams }: { returnTo?: string; authorizationParams?: { prompt?: string } },
  again: boolean,
): LoginState {
  const isFresh = authorizationParams?.prompt === 'login';
  return { returnTo, id: randomUUID(), ...(isFresh && { fresh: true }), ...(again && { again }) };
}

/** @returns undefined for what is no state of POD's */
export function readLoginState(text: string | null | undefined): LoginState | undefined {
  try {
    const state = JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
    return typeof state?.id === 'string' ? state : undefined;
  } catch {
    return undefined;
  }
}

/** The state that the cookie of this browser's newest sign-in has, once express-openid-connect has read it. */
export function stateInCookie(request: Request): LoginState | undefined {
  return (request as { openidState?: LoginState }).openidState;
}
