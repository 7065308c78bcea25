import { type Action, asOf, type Status } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { withAnswers } from '../step-up/idempotency';
import type { Notice } from '../step-up/notice';
import { Refusal } from '../step-up/refusal';
import { allActions, type Book, keptOf, newestFirst, withKept } from './webtask-document';
import { allNotices, remove } from './webtask-outbox';

/** Webtask's storage takes 500 KB; what is measured here lacks nothing but a comma. */
const ceilingBytes = 500_000;
/** A repeated request comes within Alexa's 300 seconds, or soon after an API client's time-out. */
const answersMatterForMs = 600_000;
/** What the kitchen or a customer still waits for. */
const mustStay: readonly Status[] = ['pending', 'confirmed'];

/**
 * The book as it fits into the storage. The oldest archived actions leave first, then answers that nobody will ask for
 * again, then the oldest that were cancelled, refused or have expired. What a notice is to tell of stays with it; at the very
 * last the oldest notices leave, because a mail server that is away must not end the orders. What is pending, what is
 * confirmed and not yet done, and a customer's counters never leave.
 * @param now milliseconds since the epoch
 * @throws Refusal `store_full` when nothing more may leave
 */
export function makeRoom<Terms>(book: Book<Terms>, now: number): Book<Terms> {
  if (book.bytes <= ceilingBytes) return book;
  const notices = allNotices(book).sort((a, b) => a.at - b.at);
  const awaited = new Set(notices.map(({ actionId }) => actionId));
  const isAwaited = ({ id }: Action<Terms>) => awaited.has(id);
  const oldestFirst = allActions(book).sort((a, b) => newestFirst(b, a));
  const archived = oldestFirst.filter(({ archivedAt }) => archivedAt !== undefined);
  const ended = oldestFirst.filter((action) => !mustStay.includes(asOf(action, now).status));
  const leave: Smaller<Terms>[] = [
    ...archived.filter((action) => !isAwaited(action)).map(dropAction),
    ...[...book.customers.keys()].map((id) => dropOldAnswers<Terms>(id, now)),
    ...ended.filter((action) => !isAwaited(action)).map(dropAction),
    ...notices.map(dropNotice<Terms>),
    ...[...archived, ...ended].filter(isAwaited).map(dropAction),
  ];
  let smaller = book;
  for (const step of leave) {
    smaller = step(smaller);
    if (smaller.bytes <= ceilingBytes) return smaller;
  }
  throw new Refusal(
    'store_full',
    'The webtask storage is full of orders that are not done. Clear the confirmed ones, or move POD to its Node server, which has no ceiling.',
  );
}

type Smaller<Terms> = (book: Book<Terms>) => Book<Terms>;

function dropAction<Terms>({ customerId, id }: Action<Terms>): Smaller<Terms> {
  return (book) => {
    const kept = keptOf(book, customerId);
    return withKept(book, customerId, {
      ...kept,
      actions: kept.actions.filter((action) => action.id !== id),
    });
  };
}

function dropNotice<Terms>({ id }: Notice): Smaller<Terms> {
  return (book) => remove(book, id).book;
}

function dropOldAnswers<Terms>(id: CustomerId, now: number): Smaller<Terms> {
  return (book) => {
    const kept = keptOf(book, id);
    const { customer } = kept;
    const answers = customer.answers.filter(({ at }) => at > now - answersMatterForMs);
    if (answers.length === customer.answers.length) return book;
    return withKept(book, id, { ...kept, customer: withAnswers(customer, answers) });
  };
}
