/** Why the server did not do it. `code` is the problem's own, or `unreachable` when no answer of POD came back. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: string,
    /** After a wrong code: how many tries are left, and what the last of them would do. */
    readonly tries: { attemptsLeft?: number; lastOne?: 'refuses' | 'locks' } = {},
  ) {
    super(code);
  }
}

/** The code of whatever went wrong. */
export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : '';
}

const timeoutMs = 12_000;
let serverAheadMs = 0;

/** Now by the server's clock, in milliseconds: countdowns must not depend on the reader's own clock. */
export function serverNow(): number {
  return Date.now() + serverAheadMs;
}

/**
 * Reads JSON from a path below the page.
 * @param etag what was read before (RFC 9110 §13.1.2)
 * @returns nothing new if it is still the same
 * @throws Problem
 */
export async function getJson<T>(path: string, etag?: string): Promise<{ body?: T; etag?: string }> {
  // Said here, because the browser would say no-cache, which forbids the server to answer 304.
  const headers = { 'Cache-Control': 'max-age=0', ...(etag && { 'If-None-Match': etag }) };
  const response = await send(path, { headers });
  if (response.status === 304) return { etag };
  return { body: await response.json(), etag: response.headers.get('ETag') ?? undefined };
}

/** Changes something. @throws Problem */
export async function post<T>(path: string, body: object = {}): Promise<T> {
  return (await send(path, json('POST', body))).json();
}

/** Puts something in its place, or removes what is there if there is nothing to put. @throws Problem */
export async function put<T>(path: string, body: object | undefined): Promise<T> {
  return (await send(path, body ? json('PUT', body) : { method: 'DELETE' })).json();
}

function json(method: string, body: object): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(path, { ...init, signal, cache: 'no-store' }).catch(() => {
    throw new Problem('unreachable');
  });
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (!Number.isNaN(date)) serverAheadMs = date - Date.now();
  if (response.ok || response.status === 304) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Problem(typeof problem.code === 'string' ? problem.code : 'unreachable', problem);
}
