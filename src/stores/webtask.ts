import { setTimeout as pause } from 'node:timers/promises';
import type { Action, ActionKind } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import {
  type ActionQuery,
  type ActionStore,
  countedAtMost,
  type Decision,
  everybody,
} from '../step-up/ledger';
import { mayBeLocked } from '../step-up/limits';
import type { Clock } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { mustNotWrite, unavailable } from './faults';
import { type Cursor, parseCursor, toPage } from './page';
import {
  allActions,
  type Book,
  formatDocument,
  keptOf,
  ledgerOf,
  newestFirst,
  parseDocument,
  type Step,
  withKept,
} from './webtask-document';
import { claimDue, postpone, remove } from './webtask-outbox';
import { makeRoom } from './webtask-room';
import { readStorage, type WebtaskStorage, writeStorage } from './webtask-storage';

interface Waiting<Terms> {
  step: Step<Terms, unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const mostTries = 12;

/**
 * The store on a webtask's own storage, which is one JSON document of at most 500 KB. A write names the etag it has read,
 * so that of two instances one starts again; steps that wait meanwhile in one process share its next write.
 */
export function createWebtaskStore<Terms>(
  storage: WebtaskStorage,
  kind: ActionKind<Terms>,
  clock: Clock,
): ActionStore<Terms> {
  let waiting: Waiting<Terms>[] = [];
  let working = false;

  function change<T>(step: Step<Terms, T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ step, resolve: resolve as Waiting<Terms>['resolve'], reject });
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

  async function commit(batch: readonly Waiting<Terms>[]): Promise<void> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const { document, etag } = await readStorage(storage);
      const before = read(document, kind);
      const { book, answers } = runAll(before, batch, clock());
      if (book === before || (await writeStorage(storage, formatDocument(book), etag))) {
        for (const answer of answers) answer();
        return;
      }
      await pause(Math.random() * 20 * tries);
    }
    throw unavailable();
  }

  async function look(): Promise<Book<Terms>> {
    return change((book) => ({ book, result: book }));
  }

  /** Gives this action these marks, if it `isMeant`. */
  function mark(
    actionId: string,
    isMeant: (action: Action<Terms>) => boolean,
    marks: Pick<Action<Terms>, 'archivedAt' | 'archivedBy' | 'hiddenAt'>,
  ): Promise<Action<Terms> | undefined> {
    return change((book) => {
      const action = allActions(book).find(({ id }) => id === actionId);
      if (!action || !isMeant(action)) return { book, result: undefined };
      const result = { ...action, ...marks };
      return { book: apply(book, action.customerId, { actions: [result], result }), result };
    });
  }

  return {
    transact: (customerId, decide, scope = {}) =>
      change((book) => {
        const shared = scope.everybody && { everybody: ledgerOf(book, everybody).customer };
        const decision = decide({ ...ledgerOf(book, customerId, scope.named), ...shared });
        const { everybody: customer, result } = decision;
        const own = apply(book, customerId, decision);
        return { book: customer ? apply(own, everybody, { customer, result }) : own, result };
      }),
    read: async (customerId) => ledgerOf(await look(), customerId),
    find: async (actionId) => allActions(await look()).find(({ id }) => id === actionId),
    async list(query) {
      const cursor = parseCursor(query.after);
      const found = allActions(await look()).filter((action) => isWanted(action, query, cursor));
      return toPage(found.sort(newestFirst), query.limit);
    },
    async overdue(now) {
      const due = allActions(await look()).filter(
        (action) => action.status === 'pending' && action.expiresAt <= now,
      );
      return due.slice(0, 100).map(({ customerId }) => customerId);
    },
    async toDo(limit) {
      const found = allActions(await look())
        .filter(isToDo)
        .sort(longestConfirmedFirst);
      return { actions: found.slice(0, limit), count: Math.min(found.length, countedAtMost) };
    },
    archive: (actionId, { at, by }) => mark(actionId, isToDo, { archivedAt: at, archivedBy: by }),
    unarchive: (actionId) =>
      mark(actionId, ({ archivedAt }) => archivedAt !== undefined, {
        archivedAt: undefined,
        archivedBy: undefined,
      }),
    hide: (customerId, actionId, at) =>
      mark(
        actionId,
        (action) =>
          action.customerId === customerId && action.status === 'confirmed' && action.hiddenAt === undefined,
        { hiddenAt: at },
      ),
    async maybeLocked(limit) {
      const { customers } = await look();
      const records = [...customers.values()].map(({ customer }) => customer);
      return records.filter(mayBeLocked).slice(0, limit);
    },
    claimNotices: (now, until, limit) => change((book) => claimDue(book, { now, until, limit })),
    postponeNotice: (id, until) => change((book) => postpone(book, id, until)),
    removeNotice: (id) => change((book) => remove(book, id)),
    async ping() {
      await look();
    },
    async close() {},
  };
}

/** @throws Refusal `store_unavailable` for a document that is not POD's: it is left as it is */
function read<Terms>(document: unknown, kind: ActionKind<Terms>): Book<Terms> {
  try {
    return parseDocument(document, kind);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * Each step sees what those before it have done. One that throws, or for which there is no room, has done nothing, and
 * tells only its own caller.
 */
function runAll<Terms>(
  before: Book<Terms>,
  batch: readonly Waiting<Terms>[],
  now: number,
): { book: Book<Terms>; answers: (() => void)[] } {
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

/** @throws Error for what must not be written, Refusal `store_unavailable` for a second pending action */
function apply<Terms>(
  book: Book<Terms>,
  customerId: CustomerId,
  { customer, actions = [], notices = [] }: Decision<Terms, unknown>,
): Book<Terms> {
  if (!customer && actions.length === 0 && notices.length === 0) return book;
  const before = keptOf(book, customerId);
  const byId = new Map(before.actions.map((action) => [action.id, action]));
  const foreign = allActions(book).filter((action) => action.customerId !== customerId);
  if (actions.some(({ id }) => foreign.some((action) => action.id === id))) throw mustNotWrite();
  for (const action of actions) {
    const known = byId.get(action.id);
    if (known?.archivedAt !== undefined && known.status !== action.status) throw mustNotWrite();
    byId.set(action.id, { ...action, customerId });
  }
  const kept = [...byId.values()];
  if (kept.filter(({ status }) => status === 'pending').length > 1) {
    throw new Refusal('store_unavailable', 'A customer can have one pending order only.');
  }
  return withKept(book, customerId, {
    customer: { ...(customer ?? before.customer), id: customerId },
    actions: kept,
    notices: [...before.notices, ...notices.map((notice) => ({ ...notice, dueAt: notice.at }))],
  });
}

function isToDo({ status, archivedAt }: Action<unknown>): boolean {
  return status === 'confirmed' && archivedAt === undefined;
}

function longestConfirmedFirst(a: Action<unknown>, b: Action<unknown>): number {
  const at = (action: Action<unknown>) => (action.status === 'pending' ? action.placedAt : action.endedAt);
  return at(a) - at(b) || (a.id < b.id ? -1 : 1);
}

function isWanted<Terms>(
  { customerId, status, archivedAt, hiddenAt, placedAt, id }: Action<Terms>,
  query: ActionQuery,
  cursor?: Cursor,
): boolean {
  if (query.customerId !== undefined && customerId !== query.customerId) return false;
  if (query.statuses && !query.statuses.includes(status)) return false;
  if (query.placed && (placedAt < query.placed.from || placedAt >= query.placed.to)) return false;
  if (cursor && newestFirst({ placedAt, id }, cursor) <= 0) return false;
  if (!query.includeHidden && hiddenAt !== undefined) return false;
  return query.includeArchived === true || archivedAt === undefined;
}
