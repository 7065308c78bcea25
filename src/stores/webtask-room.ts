import { Refusal } from '../errors';
import type { CustomerId } from '../orders/order';
import { type Book, newestFirst, type StoredOrder, withEntry } from './webtask-document';

/** Webtask's storage takes 500 KB; what is measured here lacks nothing but a comma. */
const ceilingBytes = 500_000;
/** A repeated request comes within Alexa's 150 seconds, or soon after an API client's time-out. */
const answersMatterForMs = 600_000;

/**
 * The book as it fits into the storage. The oldest archived orders leave first, then answers that nobody will ask for
 * again, then the oldest of the other settled orders. A pending order and a customer's counters never leave.
 * @param now milliseconds since the epoch
 * @throws Refusal `store_full` when nothing more may leave
 */
export function makeRoom(book: Book, now: number): Book {
  if (book.bytes <= ceilingBytes) return book;
  let smaller = book;
  const leave = [
    ...settledOrders(book, (order) => order.archivedAt !== undefined).map(dropOrder),
    ...customersWithOldAnswers(book, now).map((id) => dropOldAnswers(id, now)),
    ...settledOrders(book, (order) => order.archivedAt === undefined).map(dropOrder),
  ];
  for (const step of leave) {
    if (smaller.bytes <= ceilingBytes) return smaller;
    smaller = step(smaller);
  }
  if (smaller.bytes <= ceilingBytes) return smaller;
  throw new Refusal(
    'store_full',
    'The webtask storage is full of pending orders. Move POD to its Node server, which has no ceiling.',
  );
}

type Smaller = (book: Book) => Book;
type Owned = [CustomerId, StoredOrder];

/** Oldest first. */
function settledOrders({ customers }: Book, wanted: (order: StoredOrder) => boolean): Owned[] {
  const owned = [...customers].flatMap(([id, { orders = [] }]) => orders.map((order): Owned => [id, order]));
  return owned
    .filter(([, order]) => order.status !== 'pending' && wanted(order))
    .sort(([, a], [, b]) => newestFirst(b, a));
}

function dropOrder([id, { id: orderId }]: Owned): Smaller {
  return (book) => {
    const entry = book.customers.get(id) ?? {};
    return withEntry(book, id, { ...entry, orders: entry.orders?.filter((order) => order.id !== orderId) });
  };
}

const isOld = (now: number) => (answer: { at: number }) => answer.at <= now - answersMatterForMs;

function customersWithOldAnswers({ customers }: Book, now: number): CustomerId[] {
  return [...customers].flatMap(([id, { record }]) => (record?.answers?.some(isOld(now)) ? [id] : []));
}

function dropOldAnswers(id: CustomerId, now: number): Smaller {
  return (book) => {
    const entry = book.customers.get(id) ?? {};
    const answers = entry.record?.answers?.filter((answer) => !isOld(now)(answer)) ?? [];
    return withEntry(book, id, { ...entry, record: { ...entry.record, answers } });
  };
}
