/** How long Auth0 may take over one HTTP request, its body included. */
export const callDeadlineMs = 2500;

/**
 * Runs `start`, but rejects with the signal's reason as soon as `signal` aborts. Some of the SDKs' requests (token,
 * discovery, keys) take no signal: what goes on after that ends by its deadline, and nobody waits for it.
 */
export async function untilAborted<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    start()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * A fetch whose every request, its body included, ends after `deadlineMs`. The SDKs' own time limits are longer, some
 * cannot be set, and most stop counting when the headers are there. It gives the answer when all of it has come.
 */
export function withDeadline(fetchIt: typeof fetch, deadlineMs: number): typeof fetch {
  return async (input, init) => {
    const request = new AbortController();
    const outer = init?.signal;
    const abort = () => request.abort(outer?.reason);
    const giveUp = () => request.abort(new DOMException(`No answer within ${deadlineMs} ms`, 'TimeoutError'));
    // Both end with the request: an AbortSignal.timeout lives until its time, and keeps what the request holds.
    const timer = setTimeout(giveUp, deadlineMs);
    outer?.addEventListener('abort', abort);
    try {
      outer?.throwIfAborted();
      const answer = await fetchIt(input, { ...init, signal: request.signal });
      const body = await answer.arrayBuffer();
      return new Response(body.byteLength > 0 ? body : null, answer);
    } finally {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    }
  };
}
