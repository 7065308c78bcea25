import { newCustomer } from '../orders/customer';
import { type CustomerId, type Order, orderStatuses } from '../orders/order';
import type { CustomerRecord, Ledger } from '../services';

/** What is kept of one customer. What says nothing is left out, because the document has a ceiling. */
export interface Entry {
  record?: Partial<Omit<CustomerRecord, 'id'>>;
  /** In no particular order, without the customer's id, which is the entry's key. */
  orders?: readonly StoredOrder[];
}

export type StoredOrder = Order extends infer Each
  ? Each extends Order
    ? Omit<Each, 'customerId'>
    : never
  : never;

/** The whole document in memory. A book never changes: a step makes the next one out of it. */
export interface Book {
  customers: ReadonlyMap<CustomerId, Entry>;
  /** Of the document as JSON in UTF-8, which is how it is stored. */
  bytes: number;
}

const version = 1;

/**
 * Reads a stored document; nothing stored is an empty book.
 * @throws Error for a document that POD has not written, or a newer POD has: it must not be replaced
 */
export function parseDocument(document: unknown): Book {
  if (document === undefined || document === null) return toBook([]);
  // webtask-runtime gives out the very object it keeps.
  const { pod, customers } = structuredClone(document) as { pod?: unknown; customers?: unknown };
  if (pod !== version || !isRecord(customers)) {
    throw new Error(
      `The webtask storage holds something else than POD's orders, version ${version}. It was left as it is: move it away, or deploy POD under another name.`,
    );
  }
  const entries = Object.entries(customers);
  for (const [id, entry] of entries) {
    if (!isEntry(entry))
      throw new Error(`The webtask storage is damaged at the customer ${id}. It was left as it is.`);
  }
  return toBook(entries as [CustomerId, Entry][]);
}

/** The document of a book, as it is stored. */
export function formatDocument({ customers }: Book): unknown {
  // fromEntries, unlike an assignment, makes a property of any key.
  return { pod: version, customers: Object.fromEntries(customers) };
}

/** The book with this entry for the customer; an empty one is taken out. */
export function withEntry(book: Book, id: CustomerId, entry: Entry): Book {
  const customers = new Map(book.customers);
  const before = customers.get(id);
  const after = compact(entry);
  if (after) customers.set(id, after);
  else customers.delete(id);
  return { customers, bytes: book.bytes + bytesOf(id, after) - bytesOf(id, before) };
}

/** The ledger of one customer; an empty one if the book does not know the customer. */
export function ledgerOf(book: Book, id: CustomerId): Ledger {
  const { record, orders = [] } = book.customers.get(id) ?? {};
  const latest = [...orders].sort(newestFirst)[0];
  return { customer: { ...newCustomer(id), ...record }, ...(latest && { latest: toOrder(id, latest) }) };
}

/** Every order, in no particular order. */
export function allOrders({ customers }: Book): Order[] {
  return [...customers].flatMap(([id, { orders = [] }]) => orders.map((order) => toOrder(id, order)));
}

export function newestFirst(a: StoredOrder, b: StoredOrder): number {
  return b.placedAt - a.placedAt || (a.id < b.id ? 1 : -1);
}

function toOrder(customerId: CustomerId, order: StoredOrder): Order {
  return { customerId, ...order };
}

function toBook(entries: readonly [CustomerId, Entry][]): Book {
  const customers = new Map(entries);
  const empty = JSON.stringify(formatDocument({ customers: new Map(), bytes: 0 })).length;
  return { customers, bytes: entries.reduce((sum, [id, entry]) => sum + bytesOf(id, entry), empty) };
}

/** Of `"id":{…},` within the document. */
function bytesOf(id: CustomerId, entry: Entry | undefined): number {
  return entry ? Buffer.byteLength(`${JSON.stringify(id)}:${JSON.stringify(entry)},`) : 0;
}

function compact({ record = {}, orders = [] }: Entry): Entry | undefined {
  const telling = Object.entries(record).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value,
  );
  const entry = {
    ...(telling.length > 0 && { record: Object.fromEntries(telling) }),
    ...(orders.length > 0 && { orders }),
  };
  return Object.keys(entry).length > 0 ? entry : undefined;
}

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value)) return false;
  const { record = {}, orders = [] } = value;
  return isStoredRecord(record) && Array.isArray(orders) && orders.every(isStoredOrder);
}

function isStoredRecord(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { wrongCodesInARow = 0, codesSentAt = [], turn, answers = [] } = value;
  return (
    typeof wrongCodesInARow === 'number' &&
    Array.isArray(codesSentAt) &&
    codesSentAt.every((at) => typeof at === 'number') &&
    (turn === undefined || (isRecord(turn) && typeof turn.startedAt === 'number')) &&
    Array.isArray(answers) &&
    answers.every(
      (answer) => isRecord(answer) && typeof answer.at === 'number' && typeof answer.outcome === 'string',
    )
  );
}

function isStoredOrder(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.id === 'string' &&
    typeof value.placedAt === 'number' &&
    typeof value.attempts === 'number' &&
    isRecord(value.pizza) &&
    orderStatuses.some((status) => status === value.status) &&
    typeof (value.status === 'pending' ? value.expiresAt : value.settledAt) === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
