import type { ActionStore } from '../step-up/ledger';
import type { Log } from '../step-up/outside';

/** What a server process goes through, in this order. */
export const lifeStates = ['starting', 'ready', 'draining', 'stopped'] as const;
export type LifeState = (typeof lifeStates)[number];

interface Parts {
  store: Pick<ActionStore<unknown>, 'ping'>;
  log: Log;
  /** Told of each state as it begins. */
  tellState(state: LifeState): void;
  /** Told, each time it was tried, whether an order can be written. */
  tellStore(isUp: boolean): void;
}

/** How long it is believed that an order can be written, or not. */
const believedForMs = 3_000;
/** The store is tried without being asked, so that the log and the metrics know as much as a balancer. */
const lookEveryMs = 5_000;
/** A balancer does not wait for long. */
const answersWithinMs = 2_000;

/**
 * The one place that knows the life of a server process: it is starting until an order could be written for the first
 * time, ready until it is told to stop, draining while it serves on, and stopped.
 */
export function createLife({ store, log, tellState, tellStore }: Parts) {
  let state: LifeState;
  let isUp = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let trying: Promise<void> | undefined;

  function turnTo(next: LifeState, fields: object, message: string): void {
    state = next;
    tellState(next);
    log.info({ state, ...fields }, message);
  }

  async function tryToWrite(): Promise<void> {
    isUp = await answersInTime(store);
    triedAt = performance.now();
    tellStore(isUp);
    if (isUp && state === 'starting') turnTo('ready', {}, 'POD is ready');
  }

  async function look(): Promise<void> {
    if (performance.now() - triedAt < believedForMs) return;
    trying ??= tryToWrite().finally(() => {
      trying = undefined;
    });
    await trying;
  }

  const isStopping = () => state === 'draining' || state === 'stopped';

  tellStore(isUp);
  turnTo('starting', {}, 'POD is starting');
  const timer = setInterval(look, lookEveryMs).unref();

  return {
    look,
    isStopping,
    /** What `/readyz` says: `ready`, or why it is not. The store is tried first, at most every few seconds. */
    async readiness(): Promise<string> {
      if (isStopping()) return state;
      await look();
      return state === 'ready' && !isUp ? 'the store is away' : state;
    },
    drain(shutdownSeconds: number): void {
      if (isStopping()) return;
      turnTo(
        'draining',
        { shutdownSeconds },
        'POD is stopping, and serves on until balancers have turned away',
      );
    },
    stop(): void {
      clearInterval(timer);
      if (state !== 'stopped') turnTo('stopped', {}, 'POD has stopped');
    },
  };
}

async function answersInTime(store: Parts['store']): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, answersWithinMs, false);
  });
  const answer = store.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
