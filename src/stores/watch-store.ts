import type { ActionStore } from '../step-up/ledger';
import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';

type Call = Exclude<keyof ActionStore<unknown>, 'close'>;

/** The calls of a store that are timed, and whether one that succeeds shows that the store can write. */
const showsThatItWrites: Readonly<Record<Call, boolean>> = {
  transact: true,
  read: false,
  find: false,
  list: false,
  overdue: false,
  toDo: false,
  archive: true,
  unarchive: true,
  hide: true,
  maybeLocked: false,
  claimNotices: true,
  postponeNotice: true,
  removeNotice: true,
  ping: true,
};
export const storeCalls = Object.keys(showsThatItWrites) as Call[];

/** What a store refuses for its own sake. */
export const storeFaults = ['store_unavailable', 'store_full'] as const;

/** One call of a store, as it ended. */
export interface StoreCall {
  call: Call;
  /** Absent when the store did its part, whatever came of the call. */
  fault?: (typeof storeFaults)[number];
  durationMs: number;
}

interface Watch {
  log: Log;
  clock: Clock;
  /** Told of every call; absent where nothing is measured. */
  record?(call: StoreCall): void;
}

/**
 * The same store, whose faults are told in the log: each cause with its code and message when it begins and once a minute
 * while it lasts, and its end.
 */
export function watchStore<Terms>(
  store: ActionStore<Terms>,
  { log, clock, record }: Watch,
): ActionStore<Terms> {
  const outage = createOutage(log, clock);

  async function watched(call: Call, work: () => Promise<unknown>): Promise<unknown> {
    const startedAt = performance.now();
    const ended = (fault?: StoreCall['fault']) =>
      record?.({ call, fault, durationMs: performance.now() - startedAt });
    try {
      const result = await work();
      ended();
      if (showsThatItWrites[call]) outage.end();
      return result;
    } catch (error) {
      const fault = storeFaults.find((code) => error instanceof Refusal && error.code === code);
      ended(fault);
      if (fault) outage.tell(fault, error as Refusal);
      throw error;
    }
  }

  const methods = Object.entries(store).map(([name, method]) => {
    const call = storeCalls.find((one) => one === name);
    return [name, call ? (...given: unknown[]) => watched(call, () => method(...given)) : method];
  });
  return Object.fromEntries(methods);
}

const tellEveryMs = 60_000;
/** Of a store that fails now and then it is not told each time: it is away until it has not failed for so long. */
const calmMs = 3_000;

/** Tells of a store that is away, a cause at a time. */
function createOutage(log: Log, clock: Clock) {
  const toldAt = new Map<string, number>();
  let outage: { beganAt: number; failedAt: number } | undefined;
  return {
    tell(outcome: string, refusal: Refusal): void {
      const now = clock();
      outage = { beganAt: outage?.beganAt ?? now, failedAt: now };
      const { code, reason } = describeCause(refusal);
      const cause = code ?? reason;
      if (now - (toldAt.get(cause) ?? Number.NEGATIVE_INFINITY) < tellEveryMs) return;
      toldAt.set(cause, now);
      log.error(
        { outcome, code, reason, awaySeconds: secondsSince(outage.beganAt, now) },
        'the store is away',
      );
    },
    end(): void {
      const now = clock();
      if (!outage || now - outage.failedAt < calmMs) return;
      log.info({ awaySeconds: secondsSince(outage.beganAt, now) }, 'the store is there again');
      outage = undefined;
      toldAt.clear();
    },
  };
}

function secondsSince(at: number, now: number): number {
  return Math.max(0, Math.round((now - at) / 1000));
}

/** In words that hold no address with a password in it, and nothing that was stored. */
function describeCause(refusal: Refusal): { code?: string; reason: string } {
  const cause = rootOf(refusal);
  // The parser quotes what it could not read.
  if (cause instanceof SyntaxError) return { reason: 'What is stored cannot be read: it is not JSON.' };
  const { code } = cause as { code?: unknown };
  const reason = cause.message.replace(/\b[a-z][a-z+.-]*:\/\/\S+/gi, '(an address)');
  return { code: typeof code === 'string' && cause !== refusal ? code : undefined, reason };
}

/** Of a host with several addresses node says for each why it was not reached, and nothing of them all. */
function rootOf(error: Error): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Refusal && error.cause instanceof Error ? rootOf(error.cause) : error;
}
