import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { codeOf } from './api';
import { watch } from './watch';

export interface Live<T> {
  data?: T;
  /** Whether the server answers now. */
  alive: boolean;
  /** Set while the server is away. */
  problem?: { code: string; nextTryAt: number };
  /** When it was last known to be there, by the reader's clock. */
  seenAt?: number;
  /** Whether the data are still those of the path before, because this one's have not come yet. */
  stale: boolean;
  /** Reads at once. */
  look(): Promise<void>;
}

/** Who is told of problems: it tells whether one ended the session. */
export type Report = (problem: unknown) => boolean;

/**
 * The JSON at `path`, kept up to date.
 * @param endsAt must be the same function each time
 */
export function useLive<T>(
  path: string,
  push: boolean,
  report: Report,
  endsAt?: (data: T) => number,
): Live<T> {
  const [view, setView] = useState<Omit<Live<T>, 'look'>>({ alive: false, stale: false });
  const watching = useRef<ReturnType<typeof watch>>(undefined);

  useEffect(() => {
    const update = (changes: Partial<Live<T>>) => setView((before) => ({ ...before, ...changes }));
    update({ stale: true, problem: undefined });
    watching.current = watch<T>(
      path,
      push,
      {
        onData: (data) => update({ data, stale: false }),
        onAlive: (alive) =>
          setView((before) => {
            if (before.alive === alive && !(alive && before.problem)) return before;
            return { ...before, alive, ...(alive ? { problem: undefined } : { seenAt: Date.now() }) };
          }),
        onProblem(problem, nextTryAt) {
          if (!report(problem)) update({ problem: { code: codeOf(problem), nextTryAt } });
        },
      },
      endsAt,
    );
    return watching.current.stop;
  }, [path, push, report, endsAt]);

  return { ...view, look: useCallback(async () => watching.current?.look(), []) };
}
