import type { Request } from 'express';

/** Browsers take such a cookie from https only, so that nobody on the network can put one in (RFC 6265bis §4.1.3.1). */
const securePrefix = '__Secure-';
const sessionName = 'appSession';
const names = [sessionName, `${securePrefix}${sessionName}`];

/** The name of the session's cookie at this address. express-openid-connect keeps the session in the request under it too. */
export function sessionCookieOf(address: string): string {
  return `${prefixOf(address)}${sessionName}`;
}

/** The name of the cookie that ties a sign-in to the browser that began it. */
export function transactionCookieOf(address: string): string {
  return `${prefixOf(address)}auth_verification`;
}

/** When the session began, in milliseconds; a POD that did not note it began it in the past. */
export function begunAtOf(request: Request): number {
  const kept = request as unknown as Record<string, { begunAt?: unknown } | undefined>;
  const begunAt = names.map((name) => kept[name]?.begunAt).find((value) => typeof value === 'number');
  return typeof begunAt === 'number' ? begunAt : 0;
}

/** Makes the answer clear the session's cookie. */
export function forgetSession(request: Request): void {
  Object.assign(request, Object.fromEntries(names.map((name) => [name, undefined])));
}

function prefixOf(address: string): string {
  return address.startsWith('https:') ? securePrefix : '';
}
