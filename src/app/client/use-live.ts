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
  const [view, setView] = useState<Omit<Live<T>, 'look' | 'stale'> & { readFrom?: string }>({ alive: false });
  const watching = useRef<ReturnType<typeof watch>>(undefined);

  useEffect(() => {
    const update = (changes: Partial<typeof view>) => setView((before) => ({ ...before, ...changes }));
    update({ problem: undefined });
    watching.current = watch<T>(
      path,
      push,
      {
        onData: (data) => update({ data, readFrom: path }),
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

  // Told from the path and not from a mark, so that it is true in the very first rendering, too.
  const stale = view.data !== undefined && view.readFrom !== path;
  return { ...view, stale, look: useCallback(async () => watching.current?.look(), []) };
}
