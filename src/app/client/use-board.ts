import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Board, BoardOrder } from '../page-data';
import { getJson, Problem } from './api';
import { compareBoards, sayTurned } from './board-news';
import { watchBoard } from './watch-board';

export interface BoardView {
  board?: Board;
  /** Set while the server is away. */
  problem?: { code: string; nextTryAt: number };
  seenAt?: number;
  live: boolean;
  /** What happened last, in words. */
  news?: { text: string; at: number };
  changed: Set<string>;
  /** Whether it is still the board of the view before, because this one's has not come yet. */
  stale: boolean;
}

const nothingYet: BoardView = { live: false, changed: new Set(), stale: false };

/**
 * The orders at `path`, kept up to date.
 * @param report takes a problem, and tells whether it ended the session
 */
export function useBoard(path: string, push: boolean, report: (problem: unknown) => boolean) {
  const [view, setView] = useState(nothingYet);
  const watch = useRef<ReturnType<typeof watchBoard>>(undefined);
  const update = useCallback(
    (changes: Partial<BoardView>) => setView((view) => ({ ...view, ...changes })),
    [],
  );
  const tell = useCallback((text: string) => update({ news: { text, at: Date.now() } }), [update]);

  useEffect(() => {
    let shown: Board | undefined;
    setView(({ board }) => ({ ...nothingYet, board, stale: true }));
    watch.current = watchBoard(path, push, {
      onBoard(board) {
        const before = shown;
        shown = board;
        update({ board, stale: false });
        if (!before) return;
        const { news, changed, departed } = compareBoards(before, board, !path.includes('after='));
        update({ changed });
        if (news.length > 0) tell(news.slice(0, 3).join('. '));
        void tellOfDeparted(departed, tell);
      },
      onSeen: () => update({ seenAt: Date.now(), problem: undefined }),
      onProblem(problem, nextTryAt) {
        if (report(problem)) return;
        update({ problem: { code: problem instanceof Problem ? problem.code : 'unreachable', nextTryAt } });
      },
      onLive: (live) => update({ live }),
    });
    return watch.current.stop;
  }, [path, push, report, update, tell]);

  return { ...view, tell, look: useCallback(() => watch.current?.look(), []) };
}

async function tellOfDeparted(departed: BoardOrder[], tell: (text: string) => void): Promise<void> {
  for (const { id, status } of departed.slice(0, 3)) {
    try {
      const { body } = await getJson<BoardOrder>(`orders/${id}`);
      // One that was cleared is what it was.
      if (body && body.status !== status) tell(sayTurned(body));
    } catch {
      // The view itself is right; only the sentence about it is missing.
    }
  }
}
