import type { Action, ActionKind } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { withAnswers } from '../step-up/idempotency';
import { isFields, list, number, object, oneOf, optional, text } from '../step-up/json-shape';
import { type CustomerRecord, type Ledger, newCustomer } from '../step-up/ledger';
import { type Notice, noticeKinds } from '../step-up/notice';
import {
  formatRecord,
  formatWithoutTerms,
  type KeptTerms,
  parseAction,
  parseRecord,
} from '../step-up/stored-body';

/** What is kept of one customer. */
export interface Kept<Terms> {
  customer: CustomerRecord;
  /** In no particular order. */
  actions: readonly Action<Terms>[];
  notices: readonly WaitingNotice[];
}

export type WaitingNotice = Notice & { dueAt: number };

/** The whole document in memory. A book never changes: a step makes the next one out of it. */
export interface Book<Terms> {
  customers: ReadonlyMap<CustomerId, Kept<Terms>>;
  /** Of the document as JSON in UTF-8, which is how it is stored. */
  bytes: number;
}

/** A transition of the whole book. Gives the same book when nothing is to be written. */
export type Step<Terms, T> = (book: Book<Terms>) => { book: Book<Terms>; result: T };

/**
 * Version 1 held bodies of version 1, and version 2 the terms in each order. All are read, and this one is written: it holds
 * a customer's terms once, however many orders and answers are about them.
 */
const version = 3;
const readable: readonly unknown[] = [1, 2, version];

const shapeOfKept = object({
  record: optional(object({})),
  terms: optional(object({})),
  orders: optional(list(object({ archivedAt: optional(number), archivedBy: optional(text()) }))),
  notices: optional(
    list(object({ id: text(), kind: oneOf(noticeKinds), actionId: text(), at: number, dueAt: number })),
  ),
});

/**
 * Reads a stored document; nothing stored is an empty book.
 * @throws Error for a document that POD has not written, or a newer POD has: it must not be replaced
 */
export function parseDocument<Terms>(document: unknown, kind: ActionKind<Terms>): Book<Terms> {
  if (document === undefined || document === null) return toBook(new Map());
  // webtask-runtime gives out the very object it keeps.
  const { pod, customers } = structuredClone(document) as { pod?: unknown; customers?: unknown };
  if (!readable.includes(pod) || !isFields(customers)) {
    throw new Error(
      `The webtask storage holds something else than POD's orders, version ${version}. It was left as it is: move it away, or deploy POD under another name.`,
    );
  }
  const kept = Object.entries(customers).map(([key, stored]) => {
    const id = key as CustomerId;
    return [id, parseKept(id, stored, kind)] as const;
  });
  return toBook(new Map(kept));
}

/** The document of a book, as it is stored. */
export function formatDocument<Terms>({ customers }: Book<Terms>): unknown {
  // fromEntries, unlike an assignment, makes a property of any key.
  return {
    pod: version,
    customers: Object.fromEntries([...customers].map(([id, kept]) => [id, formatKept(kept)])),
  };
}

/** What is kept of this customer; of one whom the book does not know, a new record. */
export function keptOf<Terms>(book: Book<Terms>, id: CustomerId): Kept<Terms> {
  return book.customers.get(id) ?? { customer: newCustomer(id), actions: [], notices: [] };
}

/** The book with this for the customer; one of whom there is nothing to tell is taken out. */
export function withKept<Terms>(book: Book<Terms>, id: CustomerId, kept: Kept<Terms>): Book<Terms> {
  const customers = new Map(book.customers);
  if (formatKept(kept)) customers.set(id, kept);
  else customers.delete(id);
  return { customers, bytes: book.bytes + bytesOf(id, kept) - bytesOf(id, keptOf(book, id)) };
}

export function ledgerOf<Terms>(book: Book<Terms>, id: CustomerId, named?: string): Ledger<Terms> {
  const { customer, actions } = keptOf(book, id);
  return {
    customer,
    latest: [...actions].sort(newestFirst)[0],
    named: actions.find((action) => action.id === named),
  };
}

/** Every action, in no particular order. */
export function allActions<Terms>({ customers }: Book<Terms>): Action<Terms>[] {
  return [...customers.values()].flatMap(({ actions }) => actions);
}

export function newestFirst(a: Pick<Action<unknown>, 'placedAt' | 'id'>, b: typeof a): number {
  return b.placedAt - a.placedAt || (a.id < b.id ? 1 : -1);
}

function toBook<Terms>(customers: Book<Terms>['customers']): Book<Terms> {
  const empty = JSON.stringify(formatDocument({ customers: new Map(), bytes: 0 })).length;
  return { customers, bytes: [...customers].reduce((sum, [id, kept]) => sum + bytesOf(id, kept), empty) };
}

/** Of `"id":{…},` within the document. */
function bytesOf<Terms>(id: CustomerId, kept: Kept<Terms>): number {
  const stored = formatKept(kept);
  return stored ? Buffer.byteLength(`${JSON.stringify(id)}:${JSON.stringify(stored)},`) : 0;
}

// What says nothing is left out, because the document has a ceiling.
function formatKept<Terms>({ customer, actions, notices }: Kept<Terms>): object | undefined {
  const { termsOfAnswers = {}, ...rest } = customer;
  const record = formatRecord(rest);
  const isTelling = Object.keys(record).some((name) => name !== 'version');
  if (!isTelling && actions.length === 0 && notices.length === 0) return undefined;
  const terms: Record<string, unknown> = { ...termsOfAnswers };
  const orders = actions.map((action) => {
    if (action.termsHash !== undefined) terms[action.termsHash] = action.terms;
    const { archivedAt, archivedBy } = action;
    return { ...formatWithoutTerms(action), archivedAt, archivedBy };
  });
  return {
    ...(isTelling && { record }),
    ...(Object.keys(terms).length > 0 && { terms }),
    ...(orders.length > 0 && { orders }),
    ...(notices.length > 0 && { notices }),
  };
}

interface Stored {
  record?: object;
  /** By their hash. */
  terms?: KeptTerms;
  orders?: { archivedAt?: number; archivedBy?: string }[];
  notices?: WaitingNotice[];
}

function parseKept<Terms>(id: CustomerId, stored: unknown, kind: ActionKind<Terms>): Kept<Terms> {
  try {
    const fault = shapeOfKept(stored);
    if (fault !== undefined) throw new Error(`This is not what is kept of a customer: kept${fault}.`);
    const { record = {}, terms = {}, orders = [], notices = [] } = stored as Stored;
    const actions = orders.map((order) => {
      const { archivedAt, archivedBy } = order;
      return parseAction(order, kind, { customerId: id, archivedAt, archivedBy }, terms);
    });
    const customer = parseRecord({ termsOfAnswers: terms, ...record }, id);
    return { customer: withAnswers(customer, customer.answers), actions, notices };
  } catch (cause) {
    throw new Error(`The webtask storage is damaged at the customer ${id}. It was left as it is.`, { cause });
  }
}
