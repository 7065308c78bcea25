import { sayProblem } from './problem-words';
import { sayTime, useNow } from './time';
import type { BoardView } from './use-board';

interface BoardStateProps {
  view: BoardView;
  push: boolean;
  retry: () => void;
}

/** How fresh the board is, and what happened last. Screen readers are told both as they change. */
export function BoardState({ view, push, retry }: BoardStateProps) {
  const { problem, news, live, seenAt } = view;
  return (
    <div class="board-state">
      <p class="news" role="status">
        {news ? `${sayTime(news.at)} · ${news.text}` : ''}
      </p>
      {problem ? (
        <Problem problem={problem} seenAt={seenAt} retry={retry} />
      ) : (
        <p class={`pulse ${live ? 'live' : ''}`}>
          {live ? 'Live' : push ? 'Connecting, refreshing meanwhile' : 'Refreshing every few seconds'}
        </p>
      )}
    </div>
  );
}

interface ProblemProps {
  problem: NonNullable<BoardView['problem']>;
  seenAt?: number;
  retry: () => void;
}

function Problem({ problem, seenAt, retry }: ProblemProps) {
  useNow(1_000);
  const seconds = Math.max(0, Math.ceil((problem.nextTryAt - Date.now()) / 1000));
  return (
    <div class="problem banner">
      <p role="alert">
        {sayProblem(problem.code)} {seenAt && `These orders are as of ${sayTime(seenAt)}.`}
      </p>
      <button type="button" class="outline" onClick={retry}>
        Try now <span aria-hidden="true">({seconds})</span>
      </button>
    </div>
  );
}
