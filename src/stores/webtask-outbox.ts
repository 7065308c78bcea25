import type { ClaimedNotice } from '../step-up/notice';
import { type Book, keptOf, type Step, type WaitingNotice, withKept } from './webtask-document';

/** The transitions of the outbox, as `Outbox` in step-up/ has them. */
export function claimDue<Terms>(
  book: Book<Terms>,
  { now, until, limit }: { now: number; until: number; limit: number },
): ReturnType<Step<Terms, ClaimedNotice[]>> {
  const due = allNotices(book)
    .filter(({ dueAt }) => dueAt <= now)
    .sort((a, b) => a.dueAt - b.dueAt)
    .slice(0, limit);
  const claimed = due.reduce((changed, { id }) => postpone(changed, id, until).book, book);
  return { book: claimed, result: due.map(({ dueAt: _when, ...notice }) => notice) };
}

export function postpone<Terms>(
  book: Book<Terms>,
  id: string,
  until: number,
): ReturnType<Step<Terms, undefined>> {
  return replace(book, id, (notice) => [{ ...notice, dueAt: until }]);
}

export function remove<Terms>(book: Book<Terms>, id: string): ReturnType<Step<Terms, undefined>> {
  return replace(book, id, () => []);
}

/** Every notice, in no particular order. */
export function allNotices<Terms>({ customers }: Book<Terms>): (ClaimedNotice & WaitingNotice)[] {
  return [...customers].flatMap(([customerId, { notices }]) =>
    notices.map((notice) => ({ ...notice, customerId })),
  );
}

function replace<Terms>(
  book: Book<Terms>,
  id: string,
  by: (notice: WaitingNotice) => WaitingNotice[],
): ReturnType<Step<Terms, undefined>> {
  const found = allNotices(book).find((notice) => notice.id === id);
  if (!found) return { book, result: undefined };
  const kept = keptOf(book, found.customerId);
  const notices = kept.notices.flatMap((notice) => (notice.id === id ? by(notice) : [notice]));
  return { book: withKept(book, found.customerId, { ...kept, notices }), result: undefined };
}
