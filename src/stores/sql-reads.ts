import { type Action, type ActionKind, isUuid } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import {
  type ActionStore,
  type CustomerRecord,
  everybody,
  type Ledger,
  newCustomer,
} from '../step-up/ledger';
import { parseAction, parseRecord } from '../step-up/stored-body';
import { reach } from './faults';
import { parseCursor, toPage } from './page';
import {
  archiveAction,
  countToDo,
  hideAction,
  type Statement,
  selectAction,
  selectLedger,
  selectMaybeLocked,
  selectOverdue,
  selectPage,
  selectToDo,
  unarchiveAction,
} from './sql-statements';

export interface ActionRow {
  customer_id: CustomerId;
  body: string;
  /** A text from pg, whose bigint may be larger than a number can be. */
  archived_at: number | string | null;
  archived_by: string | null;
  hidden_at: number | string | null;
}

export interface LedgerRow {
  customer: string | null;
  body: string | null;
  archived_at: ActionRow['archived_at'];
  archived_by: ActionRow['archived_by'];
  hidden_at: ActionRow['hidden_at'];
}

export interface RecordRow {
  body: string;
}

/** What was selected for a transition: its customer's record and newest action, and what its scope asks for. */
export interface LedgerRows {
  newest: readonly LedgerRow[];
  named: readonly ActionRow[];
  everybody?: readonly RecordRow[] | false;
}

/** What a store reads, which is the same in both databases. `rows` runs one statement. */
export function createSqlReads<Terms>(
  kind: ActionKind<Terms>,
  rows: <Row>(statement: Statement) => Promise<Row[]>,
): Pick<ActionStore<Terms>, 'read' | 'find' | 'list' | 'overdue' | 'toDo' | 'maybeLocked'> {
  return {
    read: (customerId) =>
      reach(async () =>
        parseLedger(kind, customerId, { newest: await rows(selectLedger(customerId)), named: [] }),
      ),
    find: (actionId) =>
      reach(async () => {
        if (!isUuid(actionId)) return undefined;
        const [row] = await rows<ActionRow>(selectAction(actionId));
        return row && parseRow(kind, row);
      }),
    list: (query) =>
      reach(async () => {
        const cursor = parseCursor(query.after);
        if (query.statuses?.length === 0) return { actions: [] };
        const found = await rows<ActionRow>(selectPage(query, cursor));
        return toPage(
          found.map((row) => parseRow(kind, row)),
          query.limit,
        );
      }),
    overdue: (now) =>
      reach(async () => {
        const due = await rows<{ customer_id: CustomerId }>(selectOverdue(now));
        return due.map((row) => row.customer_id);
      }),
    toDo: (limit) =>
      reach(async () => {
        const first = await rows<ActionRow>(selectToDo(limit));
        const actions = first.map((row) => parseRow(kind, row));
        if (first.length < limit) return { actions, count: first.length };
        const [all] = await rows<{ count: number | string }>(countToDo);
        return { actions, count: Number(all?.count) };
      }),
    maybeLocked: (limit) =>
      reach(async () => {
        const found = await rows<RecordRow & { id: CustomerId }>(selectMaybeLocked(limit));
        return found.map(({ id, body }) => parseRecord(JSON.parse(body), id));
      }),
  };
}

/** The marks on actions, which are the same in both databases. `change` runs one statement that writes, and gives the rows it returns. */
export function createSqlMarks<Terms>(
  kind: ActionKind<Terms>,
  change: <Row>(statement: Statement) => Promise<Row[]>,
): Pick<ActionStore<Terms>, 'archive' | 'unarchive' | 'hide'> {
  async function mark(actionId: string, statement: Statement): Promise<Action<Terms> | undefined> {
    if (!isUuid(actionId)) return undefined;
    const [row] = await change<ActionRow>(statement);
    return row && parseRow(kind, row);
  }
  return {
    archive: (actionId, how) => mark(actionId, archiveAction(actionId, how)),
    unarchive: (actionId) => mark(actionId, unarchiveAction(actionId)),
    hide: (customerId, actionId, at) => mark(actionId, hideAction(customerId, actionId, at)),
  };
}

/**
 * The ledger of `selectLedger`'s row, and of the row of the action that is named.
 * @throws Error for a body that cannot be read
 */
export function parseLedger<Terms>(
  kind: ActionKind<Terms>,
  customerId: CustomerId,
  { newest: [row], named: [named], everybody: shared }: LedgerRows,
): Ledger<Terms> {
  const {
    customer = null,
    body = null,
    archived_at = null,
    archived_by = null,
    hidden_at = null,
  } = row ?? {};
  return {
    customer: customer === null ? newCustomer(customerId) : parseRecord(JSON.parse(customer), customerId),
    ...(body !== null && {
      latest: parseRow(kind, { customer_id: customerId, body, archived_at, archived_by, hidden_at }),
    }),
    ...(named?.customer_id === customerId && { named: parseRow(kind, named) }),
    ...(shared && { everybody: parseShared(shared) }),
  };
}

function parseShared([row]: readonly RecordRow[]): CustomerRecord {
  return row ? parseRecord(JSON.parse(row.body), everybody) : newCustomer(everybody);
}

function parseRow<Terms>(
  kind: ActionKind<Terms>,
  { customer_id: customerId, body, archived_at, archived_by, hidden_at }: ActionRow,
): Action<Terms> {
  const beside = {
    customerId,
    archivedAt: timeOf(archived_at),
    archivedBy: archived_by ?? undefined,
    hiddenAt: timeOf(hidden_at),
  };
  return parseAction(JSON.parse(body), kind, beside);
}

function timeOf(column: number | string | null): number | undefined {
  return column === null ? undefined : Number(column);
}
