import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { untilAborted } from './deadline';
import { watchEffect } from './effect';
import { describeFailure, type Failure, lastingFault } from './failures';

/** Turns a failure that is an answer (a 404, a wrong code) into one; undefined means that it is none. */
type Expected<T> = (failure: Failure) => NoInfer<T> | undefined;

/** The one way to call Auth0. What a method throws was surely not done, or may be asked again without harm. */
export interface Calls {
  /**
   * Asks for something that may be asked again, and gives the answer.
   * @throws Refusal `upstream_unavailable` for what may pass, `upstream_misconfigured`, `contact_unreachable` or
   *   `account_blocked` for what does not, and `upstream_unavailable` as soon as `signal` aborts
   */
  ask<T>(
    name: string,
    signal: AbortSignal,
    start: (signal: AbortSignal) => Promise<T>,
    expected?: Expected<T>,
  ): Promise<T>;
  /**
   * Makes a call that costs something: a message, or the code. `'unsure'` when it may have been carried out and its answer
   * is lost, so that no caller can take it for undone.
   * @param start hands `customFetch` to the SDK for the request that has the effect, and for no other: it ends with `signal`
   * @throws Refusal as `ask` does, for what was surely not carried out
   */
  effect<T>(
    name: string,
    signal: AbortSignal,
    start: (customFetch: typeof fetch) => Promise<T>,
    expected?: Expected<T>,
  ): Promise<T | 'unsure'>;
}

interface Outside {
  clock: Clock;
  log: Log;
  fetch: typeof fetch;
}

/** The one place where Auth0's failures are logged and become refusals: by name and status, without what was asked. */
export function createCalls({ clock, log, fetch: fetchIt }: Outside): Calls {
  return {
    async ask(name, signal, start, expected) {
      try {
        return await untilAborted(signal, () => start(signal));
      } catch (error) {
        const failure = describeFailure(error, clock());
        const answer = expected?.(failure);
        if (answer !== undefined) return answer;
        throw refuse(log, name, failure);
      }
    },

    async effect(name, signal, start, expected) {
      const watched = watchEffect(fetchIt);
      try {
        return await untilAborted(signal, () => start(watched.fetchFor(signal)));
      } catch (error) {
        const failure = describeFailure(watched.networkError() ?? error, clock());
        if (watched.mayBeDone()) {
          const { status, reason } = failure;
          log.warn(
            { call: name, status, reason },
            'A call to Auth0 may have been carried out: its answer is lost',
          );
          return 'unsure';
        }
        const answer = expected?.(failure);
        if (answer !== undefined) return answer;
        throw refuse(log, name, failure);
      }
    },
  };
}

function refuse(log: Log, name: string, failure: Failure): Refusal {
  const { status, reason, retryAfterSeconds } = failure;
  const fields = { call: name, status, reason };
  // A summary, because Auth0's own errors may quote the phone number, and whoever logs the refusal logs its cause.
  const because = { cause: new Error(`${name}: ${reason}`) };
  const fault = lastingFault(failure);
  if (!fault) {
    log.warn(fields, 'A call to Auth0 failed');
    const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    const message = 'Auth0 cannot answer at the moment: try again in a little while';
    return new Refusal('upstream_unavailable', message, details, because);
  }
  if ('missing' in fault) {
    log.error({ ...fields, missing: fault.missing }, 'Auth0 is not set up as POD needs it');
    const message = 'Auth0 is not set up for this: only the operator can put it right';
    return new Refusal('upstream_misconfigured', message, {}, because);
  }
  log.warn(fields, "Auth0 refuses a customer's account or number");
  return new Refusal(fault.code, lastingMessages[fault.code], {}, because);
}

const lastingMessages = {
  contact_unreachable: 'This number cannot receive codes. Correct it in your account.',
  account_blocked: 'This account is blocked',
} as const;
