/** Why the Echo did not do it, in words for a person. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

const away = 'The Echo does not answer. Is npm start still running?';

/**
 * Reads JSON from the Echo.
 * @param etag what was read before
 * @returns no body if it is still the same
 * @throws Fault
 */
export async function getJson<T>(path: string, etag?: string): Promise<{ body?: T; etag?: string }> {
  const headers = { 'Cache-Control': 'max-age=0', ...(etag && { 'If-None-Match': etag }) };
  const response = await send(path, { headers, cache: 'no-store' });
  if (response.status === 304) return { etag };
  return { body: await response.json(), etag: response.headers.get('ETag') ?? undefined };
}

/** Has the Echo do something. @throws Fault */
export async function post<T>(path: string, body: object = {}): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return (await send(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch(() => {
    throw new Fault(away);
  });
  if (response.ok || response.status === 304) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new Fault(typeof error === 'string' ? error : away);
}
