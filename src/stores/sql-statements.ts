import { statuses } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { type ActionQuery, type Decision, everybody as everybodysId } from '../step-up/ledger';
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
    SELECT (SELECT body FROM customers WHERE id = $1) AS customer, latest.body, latest.archived_at, latest.hidden_at
    FROM (SELECT 1) AS one LEFT JOIN (
      SELECT body, archived_at, hidden_at FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT 1
    ) AS latest ON true`;
  return { text, values: [customerId] };
}

const rowColumns = 'customer_id, body, archived_at, hidden_at';

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
    const expiresAt = action.status === 'pending' ? action.expiresAt : null;
    const body = JSON.stringify(formatAction(action));
    const { id, status, placedAt } = action;
    return { text: upsertAction, values: [id, customerId, status, placedAt, expiresAt, body] };
  });
  const records = [
    customer && { ...customer, id: customerId },
    everybody && { ...everybody, id: everybodysId },
  ];
  const upserts = records.flatMap((record) => {
    if (!record) return [];
    return [{ text: upsertCustomer, values: [record.id, JSON.stringify(formatRecord(record))] }];
  });
  return [...upserts, ...ofActions, ...notices.map((notice) => insertNotice(customerId, notice))];
}

const upsertCustomer =
  'INSERT INTO customers (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body';

const upsertAction = `
  INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at = excluded.expires_at, body = excluded.body
  WHERE orders.customer_id = excluded.customer_id
    AND (orders.archived_at IS NULL OR orders.status = excluded.status)`;

/** Changes a row for each action that it marks. */
export function archiveConfirmed(customerId: CustomerId | undefined, now: number): Statement {
  const all = "UPDATE orders SET archived_at = $1 WHERE status = 'confirmed' AND archived_at IS NULL";
  if (!customerId) return { text: all, values: [now] };
  return { text: `${all} AND customer_id = $2`, values: [now, customerId] };
}

/** Changes a row for each action that it marks. */
export function hideConfirmed(customerId: CustomerId, now: number): Statement {
  const text =
    "UPDATE orders SET hidden_at = $1 WHERE status = 'confirmed' AND hidden_at IS NULL AND customer_id = $2";
  return { text, values: [now, customerId] };
}
