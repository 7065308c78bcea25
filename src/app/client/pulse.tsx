import type { ComponentChildren } from 'preact';
import { sayProblem } from './problem-words';
import { sayTime, useNow } from './time';
import type { Live } from './use-live';

/** Whether what is shown is true now: only while the server answers. Screen readers are told when that changes. */
export function Pulse({ live: { alive, problem } }: { live: Live<unknown> }) {
  return (
    <p class={`pulse ${alive ? 'live' : ''}`} role="status">
      {alive ? 'Live' : problem ? 'Out of reach' : 'No answer yet'}
    </p>
  );
}

/** Says that the server is away, as of when the page is, and that it keeps trying. It lies over the page: nothing moves. */
export function AwayBanner({ live, children }: { live: Live<unknown>; children?: ComponentChildren }) {
  const { problem, seenAt, data, look } = live;
  useNow(1_000);
  if (!problem || data === undefined) return null;
  const seconds = Math.max(0, Math.ceil((problem.nextTryAt - Date.now()) / 1000));
  return (
    <div class="banner">
      <p role="alert">
        {sayProblem(problem.code)} The page keeps trying.{' '}
        {seenAt && `What you see is as of ${sayTime(seenAt)}.`}
        {children}
      </p>
      <button type="button" class="outline" onClick={look}>
        Try now <span aria-hidden="true">({seconds})</span>
      </button>
    </div>
  );
}
