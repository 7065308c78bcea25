import type { Action } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { Refusal } from '../step-up/refusal';
import { allActions, type Book, keptOf, newestFirst, withKept } from './webtask-document';

/** Webtask's storage takes 500 KB; what is measured here lacks nothing but a comma. */
const ceilingBytes = 500_000;
/** A repeated request comes within Alexa's 150 seconds, or soon after an API client's time-out. */
const answersMatterForMs = 600_000;

/**
 * The book as it fits into the storage. The oldest archived actions leave first, then answers that nobody will ask for
 * again, then the oldest of the others that have ended. A pending action and a customer's counters never leave.
 * @param now milliseconds since the epoch
 * @throws Refusal `store_full` when nothing more may leave
 */
export function makeRoom<Terms>(book: Book<Terms>, now: number): Book<Terms> {
  if (book.bytes <= ceilingBytes) return book;
  const ended = allActions(book)
    .filter(({ status }) => status !== 'pending')
    .sort((a, b) => newestFirst(b, a));
  const leave: Smaller<Terms>[] = [
    ...ended.filter(({ archivedAt }) => archivedAt !== undefined).map(dropAction),
    ...[...book.customers.keys()].map((id) => dropOldAnswers<Terms>(id, now)),
    ...ended.filter(({ archivedAt }) => archivedAt === undefined).map(dropAction),
  ];
  let smaller = book;
  for (const step of leave) {
    smaller = step(smaller);
    if (smaller.bytes <= ceilingBytes) return smaller;
  }
  throw new Refusal(
    'store_full',
    'The webtask storage is full of pending orders. Move POD to its Node server, which has no ceiling.',
  );
}

type Smaller<Terms> = (book: Book<Terms>) => Book<Terms>;

function dropAction<Terms>({ customerId, id }: Action<Terms>): Smaller<Terms> {
  return (book) => {
    const { customer, actions } = keptOf(book, customerId);
    return withKept(book, customerId, { customer, actions: actions.filter((action) => action.id !== id) });
  };
}

function dropOldAnswers<Terms>(id: CustomerId, now: number): Smaller<Terms> {
  return (book) => {
    const { customer, actions } = keptOf(book, id);
    const answers = customer.answers.filter(({ at }) => at > now - answersMatterForMs);
    if (answers.length === customer.answers.length) return book;
    return withKept(book, id, { customer: { ...customer, answers }, actions });
  };
}
