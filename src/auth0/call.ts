import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { untilAborted } from './deadline';
import { describeFailure, type Failure } from './failures';

/**
 * Makes one call to Auth0 and gives its answer. `expected` turns a failure that is an answer (a 404, a wrong code) into
 * one; undefined means that it is none.
 * @throws Refusal `upstream_unavailable` for every other failure, and as soon as `signal` aborts.
 */
export type Call = <T>(
  name: string,
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<T>,
  expected?: (failure: Failure) => NoInfer<T> | undefined,
) => Promise<T>;

/** The one place where Auth0's failures are logged and become refusals: by name and status, without what was asked. */
export function createCall({ clock, log }: { clock: Clock; log: Log }): Call {
  return async (name, signal, start, expected) => {
    try {
      return await untilAborted(signal, start);
    } catch (error) {
      const failure = describeFailure(error, clock());
      const answer = expected?.(failure);
      if (answer !== undefined) return answer;
      const { status, reason, retryAfterSeconds } = failure;
      log.warn({ call: name, status, reason }, 'A call to Auth0 failed');
      throw new Refusal(
        'upstream_unavailable',
        'Auth0 cannot answer at the moment: try again in a little while',
        retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
        // A summary, because Auth0's own errors may quote the phone number, and whoever logs the refusal logs its cause.
        { cause: new Error(`${name}: ${reason}`) },
      );
    }
  };
}
