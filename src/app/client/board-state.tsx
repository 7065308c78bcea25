import { sayProblem } from './problem-words';
import { sayTime, useNow } from './time';
import type { BoardView } from './use-board';

interface BoardStateProps {
  view: BoardView;
  push: boolean;
  retry: () => void;
}

/** How fresh the board is, and what happened last. Screen readers are told of both as they change. */
export function BoardState({ view, push, retry }: BoardStateProps) {
  const { problem, news, live, seenAt } = view;
  return (
    <div class="board-state">
      <p class="news" role="status">
        {news ? `${sayTime(news.at)} · ${news.text}` : ''}
      </p>
      <p class={`pulse ${live && !problem ? 'live' : ''}`}>{sayPulse(view, push)}</p>
      {problem && <ProblemBanner problem={problem} seenAt={seenAt} retry={retry} />}
    </div>
  );
}

function sayPulse({ live, problem }: BoardView, push: boolean): string {
  if (problem) return 'Out of reach';
  if (live) return 'Live';
  return push ? 'Connecting, refreshing meanwhile' : 'Refreshing every few seconds';
}

interface ProblemBannerProps {
  problem: NonNullable<BoardView['problem']>;
  seenAt?: number;
  retry: () => void;
}

function ProblemBanner({ problem, seenAt, retry }: ProblemBannerProps) {
  useNow(1_000);
  const seconds = Math.max(0, Math.ceil((problem.nextTryAt - Date.now()) / 1000));
  return (
    <div class="banner">
      <p role="alert">
        {sayProblem(problem.code)} {seenAt && `These orders are as of ${sayTime(seenAt)}.`}
      </p>
      <button type="button" class="outline" onClick={retry}>
        Try now <span aria-hidden="true">({seconds})</span>
      </button>
    </div>
  );
}
