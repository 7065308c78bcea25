import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../errors';
import type { CustomerId, Order } from '../orders/order';
import type { Clock, Decision, OrderPage, OrderQuery, OrderStore } from '../services';
import { formatCursor, parseCursor } from './cursor';
import {
  allOrders,
  type Book,
  formatDocument,
  ledgerOf,
  newestFirst,
  parseDocument,
  withEntry,
} from './webtask-document';
import { makeRoom } from './webtask-room';
import { readStorage, unavailable, type WebtaskStorage, writeStorage } from './webtask-storage';

/** A transition of the whole book. Gives the same book when nothing is to be written. */
type Step<T> = (book: Book) => { book: Book; result: T };

interface Waiting {
  step: Step<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const mostTries = 12;

/**
 * The store on a webtask's own storage, which is one JSON document of at most 500 KB. A write names the etag it has read,
 * so that of two instances one starts again; steps that wait meanwhile in one process share its next write.
 */
export function createWebtaskStore(storage: WebtaskStorage, clock: Clock): OrderStore {
  let waiting: Waiting[] = [];
  let working = false;

  function change<T>(step: Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ step, resolve: resolve as Waiting['resolve'], reject });
      if (!working) void work();
    });
  }

  async function work(): Promise<void> {
    working = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await commit(batch).catch((error) => {
        for (const { reject } of batch) reject(error);
      });
    }
    working = false;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const { document, etag } = await readStorage(storage);
      const before = read(document);
      const { book, answers } = runAll(before, batch, clock());
      if (book === before || (await writeStorage(storage, formatDocument(book), etag))) {
        for (const answer of answers) answer();
        return;
      }
      await pause(Math.random() * 20 * tries);
    }
    throw unavailable();
  }

  async function look(): Promise<Book> {
    return change((book) => ({ book, result: book }));
  }

  return {
    transact: (customerId, decide) =>
      change((book) => {
        const decision = decide(ledgerOf(book, customerId));
        return { book: apply(book, customerId, decision), result: decision.result };
      }),
    read: async (customerId) => ledgerOf(await look(), customerId),
    find: async (orderId) => allOrders(await look()).find(({ id }) => id === orderId),
    async list(query) {
      const cursor = query.after === undefined ? undefined : parseCursor(query.after);
      const orders = allOrders(await look()).filter((order) => isWanted(order, query));
      return toPage(orders.sort(newestFirst), cursor, query.limit);
    },
    async overdue(now) {
      const due = allOrders(await look()).filter(
        (order) => order.status === 'pending' && order.expiresAt <= now,
      );
      return due.slice(0, 100).map(({ customerId }) => customerId);
    },
    archiveConfirmed: (scope, now) =>
      change((book) => {
        const done = allOrders(book).filter(
          ({ status, archivedAt, customerId }) =>
            status === 'confirmed' &&
            archivedAt === undefined &&
            (scope.customerId ?? customerId) === customerId,
        );
        const archive = (changed: Book, order: Order) =>
          apply(changed, order.customerId, { orders: [{ ...order, archivedAt: now }], result: undefined });
        return { book: done.reduce(archive, book), result: done.length };
      }),
    async ping() {
      await look();
    },
    async close() {},
  };
}

/** @throws Refusal `store_unavailable` for a document that is not POD's: it is left as it is */
function read(document: unknown): Book {
  try {
    return parseDocument(document);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * Each step sees what those before it have done. One that throws, or for which there is no room, has done nothing, and
 * tells only its own caller.
 */
function runAll(
  before: Book,
  batch: readonly Waiting[],
  now: number,
): { book: Book; answers: (() => void)[] } {
  let book = before;
  const answers = batch.map(({ step, resolve, reject }) => {
    try {
      const done = step(book);
      book = makeRoom(done.book, now);
      return () => resolve(done.result);
    } catch (error) {
      return () => reject(error);
    }
  });
  return { book, answers };
}

function apply(book: Book, id: CustomerId, { customer, orders = [] }: Decision<unknown>): Book {
  if (!customer && orders.length === 0) return book;
  const entry = book.customers.get(id) ?? {};
  const byId = new Map((entry.orders ?? []).map((order) => [order.id, order]));
  for (const { customerId: _key, ...order } of orders) byId.set(order.id, order);
  const kept = [...byId.values()];
  if (kept.filter(({ status }) => status === 'pending').length > 1) {
    throw new Refusal('store_unavailable', 'A customer can have one pending order only.');
  }
  const { id: _id, ...record } = customer ?? { id, ...entry.record };
  return withEntry(book, id, { record, orders: kept });
}

function isWanted(order: Order, { customerId, statuses, includeArchived }: OrderQuery): boolean {
  if (customerId !== undefined && order.customerId !== customerId) return false;
  if (statuses && !statuses.includes(order.status)) return false;
  return includeArchived === true || order.archivedAt === undefined;
}

function toPage(
  orders: readonly Order[],
  cursor: ReturnType<typeof parseCursor> | undefined,
  limit: number,
): OrderPage {
  const rest = cursor ? orders.filter((order) => isAfter(order, cursor)) : orders;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return rest.length > limit && last ? { orders: page, next: formatCursor(last) } : { orders: page };
}

function isAfter(order: Order, cursor: ReturnType<typeof parseCursor>): boolean {
  return order.placedAt < cursor.placedAt || (order.placedAt === cursor.placedAt && order.id < cursor.id);
}
