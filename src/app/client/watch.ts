import { getJson, serverNow } from './api';

export interface Watcher<T> {
  onData(data: T): void;
  /** Whether the server answers: false once it has refused, or said nothing for `silentAfterMs`. */
  onAlive(alive: boolean): void;
  /** It is tried again at `nextTryAt`, in milliseconds by the reader's clock. */
  onProblem(problem: unknown, nextTryAt: number): void;
}

const askEveryMs = 2_000;
/** While out of view nobody looks, but a new order must be heard of. Browsers make it a minute after a while. */
const askOutOfViewEveryMs = 10_000;
/** While events are pushed: an event can get lost on the way. */
const readAnywayAfterMs = 60_000;
const longestBackOffMs = 5_000;
const silentAfterMs = 5_000;
const listenAgainAfterMs = 10_000;

/**
 * Keeps reading the JSON at `path`: at once when told of a change, when the page comes back into view or online, or when its time
 * is over; every two seconds otherwise. Where changes are pushed, what is asked every two seconds is only whether the server, the
 * store and the session are still there. Reads conditionally.
 * @param endsAt when what was read changes by itself, in milliseconds by the server's clock
 */
export function watch<T>(path: string, push: boolean, watcher: Watcher<T>, endsAt?: (data: T) => number) {
  let etag: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let ends = Number.POSITIVE_INFINITY;
  let pushed = false;
  let failures = 0;
  let asking: Promise<void> | undefined;
  let askAgain = false;
  let stopped = false;
  let timer = 0;
  let silence = 0;
  let listening = 0;
  let stopListening = () => {};

  async function look(): Promise<void> {
    readAt = Number.NEGATIVE_INFINITY;
    await ask();
  }

  async function ask(): Promise<void> {
    askAgain = asking !== undefined;
    asking ??= askUntilDone().finally(() => {
      asking = undefined;
    });
    await asking;
  }

  async function askUntilDone(): Promise<void> {
    clearTimeout(timer);
    do {
      askAgain = false;
      if (!stopped) await askOnce();
    } while (askAgain);
  }

  async function askOnce(): Promise<void> {
    const isFresh = pushed && Date.now() - readAt < readAnywayAfterMs && serverNow() < ends;
    try {
      await (isFresh ? getJson('beat') : read());
      if (stopped) return;
      failures = 0;
      heard();
      askIn(document.hidden ? askOutOfViewEveryMs : Math.max(500, Math.min(askEveryMs, ends - serverNow())));
    } catch (problem) {
      if (stopped) return;
      failures += 1;
      // What was pushed meanwhile did not arrive.
      readAt = Number.NEGATIVE_INFINITY;
      const delayMs = Math.min(longestBackOffMs, 1_000 * 2 ** (failures - 1));
      clearTimeout(silence);
      watcher.onAlive(false);
      watcher.onProblem(problem, Date.now() + delayMs);
      askIn(delayMs);
    }
  }

  async function read(): Promise<void> {
    const answer = await getJson<T>(path, etag);
    if (stopped) return;
    readAt = Date.now();
    etag = answer.etag;
    if (answer.body === undefined) {
      if (serverNow() >= ends) ends = serverNow() + askEveryMs;
      return;
    }
    ends = endsAt?.(answer.body) ?? Number.POSITIVE_INFINITY;
    watcher.onData(answer.body);
  }

  function heard(): void {
    watcher.onAlive(true);
    clearTimeout(silence);
    // Out of view nothing is claimed: the page asks less often there, and asks at once when it is looked at again.
    if (!document.hidden) silence = window.setTimeout(() => watcher.onAlive(false), silentAfterMs);
  }

  function askIn(delayMs: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(ask, delayMs);
  }

  async function startListening(): Promise<void> {
    const onLive = (now: boolean) => {
      pushed = now;
    };
    try {
      // A page loads Pusher only if changes are pushed to it.
      const { listen } = await import('./listen.js');
      const stop = await listen({ onEvent: look, onLive });
      if (stopped) stop();
      else stopListening = stop;
    } catch {
      // Until there is a push the page looks for itself.
      if (!stopped) listening = window.setTimeout(startListening, listenAgainAfterMs);
    }
  }

  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  void look();
  if (push) void startListening();
  return {
    look,
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(silence);
      clearTimeout(listening);
      stopListening();
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', look);
    },
  };
}
