import { statuses } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { type ActionQuery, countedAtMost, type Decision, everybody as everybodysId } from '../step-up/ledger';
import { mayBeLocked } from '../step-up/limits';
import { formatAction, formatRecord } from '../step-up/stored-body';
import type { Cursor } from './page';
import { insertNotice } from './sql-outbox';

/** A statement in the words that both databases know, as pg takes it: `$1` is the first of the values. */
export interface Statement {
  text: string;
  values: (string | number | null)[];
}

/** One row: the record, and beside it the newest action; null for what there is not. */
export function selectLedger(customerId: CustomerId): Statement {
  const text = `
    SELECT (SELECT body FROM customers WHERE id = $1) AS customer, latest.body, latest.archived_at,
      latest.archived_by, latest.hidden_at
    FROM (SELECT 1) AS one LEFT JOIN (
      SELECT body, archived_at, archived_by, hidden_at FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT 1
    ) AS latest ON true`;
  return { text, values: [customerId] };
}

const rowColumns = 'customer_id, body, archived_at, archived_by, hidden_at';

export function selectRecord(customerId: CustomerId): Statement {
  return { text: 'SELECT body FROM customers WHERE id = $1', values: [customerId] };
}

export function selectAction(id: string): Statement {
  return { text: `SELECT ${rowColumns} FROM orders WHERE id = $1`, values: [id] };
}

/** One row more than the limit, if there are more. */
export function selectPage(query: ActionQuery, cursor: Cursor | undefined): Statement {
  const values: Statement['values'] = [query.limit + 1];
  const bind = (value: string | number) => `$${values.push(value)}`;
  const conditions = ['true'];
  if (query.customerId) conditions.push(`customer_id = ${bind(query.customerId)}`);
  if (!query.includeArchived) conditions.push('archived_at IS NULL');
  if (!query.includeHidden) conditions.push('hidden_at IS NULL');
  if (query.placed) {
    conditions.push(`placed_at >= ${bind(query.placed.from)}`, `placed_at < ${bind(query.placed.to)}`);
  }
  if (cursor) conditions.push(`(placed_at, id) < (${bind(cursor.placedAt)}, ${bind(cursor.id)})`);
  // Each once and always in the same order, so that there are few texts to prepare.
  const wanted = query.statuses && statuses.filter((status) => query.statuses?.includes(status));
  // A branch for each status walks that status' own index, so that a page costs the same however many others there are.
  const branches = (wanted ?? [undefined]).map((status) => {
    const where = status ? [...conditions, `status = ${bind(status)}`] : conditions;
    return `SELECT * FROM (
      SELECT ${rowColumns}, placed_at, id FROM orders WHERE ${where.join(' AND ')}
      ORDER BY placed_at DESC, id DESC LIMIT $1) AS branch`;
  });
  const text = `SELECT ${rowColumns} FROM (${branches.join(' UNION ALL ')}) AS page
    ORDER BY placed_at DESC, id DESC LIMIT $1`;
  return { text, values };
}

export function selectOverdue(now: number): Statement {
  const text =
    "SELECT customer_id FROM orders WHERE status = 'pending' AND expires_at <= $1 ORDER BY expires_at LIMIT 100";
  return { text, values: [now] };
}

/** The statements that write a decision. One that changes no row has met another customer's action, or an archived one. */
export function writeDecision(
  customerId: CustomerId,
  { customer, everybody, actions = [], notices = [] }: Decision<unknown, unknown>,
): Statement[] {
  const ofActions = actions.map((action): Statement => {
    const isPending = action.status === 'pending';
    const [expiresAt, endedAt] = isPending ? [action.expiresAt, null] : [null, action.endedAt];
    const body = JSON.stringify(formatAction(action));
    const { id, status, placedAt } = action;
    return { text: upsertAction, values: [id, customerId, status, placedAt, expiresAt, endedAt, body] };
  });
  const records = [
    customer && { ...customer, id: customerId },
    everybody && { ...everybody, id: everybodysId },
  ];
  const upserts = records.flatMap((record) => {
    if (!record) return [];
    const isLocked = mayBeLocked(record) ? 1 : null;
    return [{ text: upsertCustomer, values: [record.id, JSON.stringify(formatRecord(record)), isLocked] }];
  });
  return [...upserts, ...ofActions, ...notices.map((notice) => insertNotice(customerId, notice))];
}

const upsertCustomer = `
  INSERT INTO customers (id, body, may_be_locked) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET body = excluded.body, may_be_locked = excluded.may_be_locked`;

const upsertAction = `
  INSERT INTO orders (id, customer_id, status, placed_at, expires_at, ended_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at = excluded.expires_at,
    ended_at = excluded.ended_at, body = excluded.body
  WHERE orders.customer_id = excluded.customer_id
    AND (orders.archived_at IS NULL OR orders.status = excluded.status)`;

/** What is to do, and how many there are up to `countedAtMost`: both walk the index that holds nothing else. */
const isToDo = "status = 'confirmed' AND archived_at IS NULL";

export function selectToDo(limit: number): Statement {
  const text = `SELECT ${rowColumns} FROM orders WHERE ${isToDo} ORDER BY coalesce(ended_at, placed_at), id LIMIT $1`;
  return { text, values: [limit] };
}

export const countToDo: Statement = {
  text: `SELECT count(*) AS count FROM (SELECT 1 FROM orders WHERE ${isToDo} LIMIT $1) AS counted`,
  values: [countedAtMost],
};

export function selectMaybeLocked(limit: number): Statement {
  return {
    text: 'SELECT id, body FROM customers WHERE may_be_locked = 1 ORDER BY id LIMIT $1',
    values: [limit],
  };
}

// Each of these gives the row that it marks, and none if there is nothing to mark.

export function archiveAction(id: string, { at, by }: { at: number; by: string }): Statement {
  const text = `UPDATE orders SET archived_at = $2, archived_by = $3 WHERE id = $1 AND ${isToDo} RETURNING ${rowColumns}`;
  return { text, values: [id, at, by] };
}

export function unarchiveAction(id: string): Statement {
  const text = `UPDATE orders SET archived_at = NULL, archived_by = NULL
    WHERE id = $1 AND archived_at IS NOT NULL RETURNING ${rowColumns}`;
  return { text, values: [id] };
}

export function hideAction(customerId: CustomerId, id: string, at: number): Statement {
  const text = `UPDATE orders SET hidden_at = $3
    WHERE id = $1 AND customer_id = $2 AND status = 'confirmed' AND hidden_at IS NULL RETURNING ${rowColumns}`;
  return { text, values: [id, customerId, at] };
}
