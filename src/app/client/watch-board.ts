import type { Board } from '../page-data';
import { getJson, serverNow } from './api';

export interface BoardWatcher {
  onBoard(board: Board): void;
  /** It is tried again at `nextTryAt`, in milliseconds by the reader's clock. */
  onProblem(problem: unknown, nextTryAt: number): void;
  onLive(live: boolean): void;
  /** The board was read, whether it had changed or not. */
  onSeen(): void;
}

const lookEveryMs = 3_000;
/** While events are pushed: an event can get lost on the way. */
const lookWhileLiveEveryMs = 60_000;
const longestBackOffMs = 30_000;

/**
 * Keeps reading the orders at `path`: at once when told of a change, when the page comes back into view or online, or
 * when an order's time is over; every few seconds otherwise. Reads conditionally, and not at all while out of view.
 */
export function watchBoard(path: string, push: boolean, watcher: BoardWatcher) {
  let etag: string | undefined;
  let board: Board | undefined;
  let live = false;
  let failures = 0;
  let looking = false;
  let lookAgain = false;
  let stopped = false;
  let timer = 0;
  let stopListening = () => {};

  async function look(): Promise<void> {
    if (stopped || document.hidden) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    clearTimeout(timer);
    do {
      lookAgain = false;
      await lookOnce();
    } while (lookAgain);
    looking = false;
  }

  async function lookOnce(): Promise<void> {
    try {
      const answer = await getJson<Board>(path, etag);
      if (stopped) return;
      failures = 0;
      etag = answer.etag;
      if (answer.body) {
        board = answer.body;
        watcher.onBoard(board);
      }
      watcher.onSeen();
      lookIn(nextLookMs());
    } catch (problem) {
      if (stopped) return;
      failures += 1;
      const delayMs = Math.min(longestBackOffMs, 1_000 * 2 ** failures);
      watcher.onProblem(problem, Date.now() + delayMs);
      lookIn(delayMs);
    }
  }

  function nextLookMs(): number {
    const ends = board?.orders.flatMap((order) => (order.status === 'pending' ? [order.expiresAt ?? 0] : []));
    const untilFirstEnd = Math.min(...(ends ?? [])) - serverNow() + 500;
    return Math.max(1_000, Math.min(live ? lookWhileLiveEveryMs : lookEveryMs, untilFirstEnd));
  }

  function lookIn(delayMs: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(look, delayMs);
  }

  async function startListening(): Promise<void> {
    const onLive = (now: boolean) => {
      live = now;
      watcher.onLive(now);
      if (!looking) lookIn(nextLookMs());
    };
    try {
      // A page loads Pusher only if changes are pushed to it.
      const { listen } = await import('./listen.js');
      const stop = await listen({ onEvent: look, onLive });
      if (stopped) stop();
      else stopListening = stop;
    } catch {
      // Without a push the page looks for itself.
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
      stopListening();
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', look);
    },
  };
}
