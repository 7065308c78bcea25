/** A turn must be answered within 7 s; its calls to Auth0 end before. */
export const turnLimitMs = 6_000;

/** A limit on how long something may take. */
export interface TimeLimit {
  /** Aborts with a `TimeoutError` when the time is over, like `AbortSignal.timeout`. */
  readonly signal: AbortSignal;
  /** Stops the timer. */
  end(): void;
}

/** Starts a limit whose timer can be stopped: that of an `AbortSignal.timeout` lives until its time, and keeps what the turn holds. */
export function startTimeLimit(limitMs: number): TimeLimit {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException('It took too long.', 'TimeoutError')),
    limitMs,
  );
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}

/** Does something under a limit that ends with it. `act` has to heed the signal itself. */
export async function within<Result>(
  limitMs: number,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = startTimeLimit(limitMs);
  try {
    return await act(limit.signal);
  } finally {
    limit.end();
  }
}
