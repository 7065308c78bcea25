/** How long Auth0 may take over one HTTP request, its body included. */
export const callDeadlineMs = 2500;

/**
 * Runs `start`, but rejects with the signal's reason as soon as `signal` aborts. Some of the SDKs' requests (token,
 * discovery, keys) take no signal: what goes on after that ends by its deadline, and nobody waits for it. `start` gets a
 * signal of its own, because the SDKs leave their listeners on the one they are given.
 */
export async function untilAborted<T>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const call = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const abort = () => {
      call.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    start(call.signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * A fetch whose every request, its body included, ends after `deadlineMs`. The SDKs' own time limits are longer, some
 * cannot be set, and most stop counting when the headers are there.
 */
export function withDeadline(fetchIt: typeof fetch, deadlineMs: number): typeof fetch {
  return (input, init) => {
    const deadline = new AbortController();
    // A timer of our own: the runtime may collect an AbortSignal.timeout that only AbortSignal.any refers to.
    const giveUp = () =>
      deadline.abort(new DOMException(`No answer within ${deadlineMs} ms`, 'TimeoutError'));
    setTimeout(giveUp, deadlineMs).unref();
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline.signal]) : deadline.signal;
    return fetchIt(input, { ...init, signal });
  };
}
