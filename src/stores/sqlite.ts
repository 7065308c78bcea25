import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { newCustomer } from '../orders/customer';
import type { CustomerId, Order } from '../orders/order';
import type { CustomerRecord, Decision, Ledger, OrderPage, OrderQuery, OrderStore } from '../services';
import { type Cursor, formatCursor, parseCursor } from './cursor';
import { groupCommits } from './group-commits';
import { reachable } from './sqlite-faults';
import { migrateSqlite } from './sqlite-migrations';

interface OrderRow {
  body: string;
  archived_at: number | null;
}

/**
 * The embedded store: one SQLite file, durable before it answers (WAL, synchronous=FULL).
 * @param path the file, made if missing, or `:memory:`
 * @throws Error when the file cannot be opened or was written by a newer POD
 */
export function createSqliteStore(path: string): OrderStore {
  const database = openDatabase(path);
  const statements = prepare(database);
  const inTransaction = groupCommits(database);

  function readLedger(customerId: CustomerId): Ledger {
    const customer = statements.readCustomer.get(customerId) as { body: string } | undefined;
    const latest = statements.readLatest.get(customerId) as OrderRow | undefined;
    return {
      customer: customer ? (JSON.parse(customer.body) as CustomerRecord) : newCustomer(customerId),
      latest: latest && toOrder(latest),
    };
  }

  function write({ customer, orders = [] }: Decision<unknown>): void {
    if (customer) statements.writeCustomer.run(customer.id, JSON.stringify(customer));
    for (const order of orders) {
      const expiresAt = order.status === 'pending' ? order.expiresAt : null;
      const row = [
        order.id,
        order.customerId,
        order.status,
        order.placedAt,
        expiresAt,
        JSON.stringify(order),
      ];
      statements.writeOrder.run(...row);
    }
  }

  return {
    transact: (customerId, decide) =>
      inTransaction(() => {
        const ledger = reachable(() => readLedger(customerId));
        const decision = decide(ledger);
        reachable(() => write(decision));
        return decision.result;
      }),
    read: async (customerId) => reachable(() => readLedger(customerId)),
    find: async (orderId) => {
      const row = reachable(() => statements.find.get(orderId)) as OrderRow | undefined;
      return row && toOrder(row);
    },
    list: async (query) => {
      const cursor = query.after === undefined ? undefined : parseCursor(query.after);
      return reachable(() => listPage(database, query, cursor));
    },
    overdue: async (now) => {
      const rows = reachable(() => statements.overdue.all(now)) as { customer_id: CustomerId }[];
      return rows.map((row) => row.customer_id);
    },
    archiveConfirmed: ({ customerId }, now) =>
      inTransaction(() => {
        const ran = reachable(() =>
          customerId ? statements.archiveOwn.run(now, customerId) : statements.archiveAll.run(now),
        );
        return ran.changes;
      }),
    ping: async () => {
      reachable(() => database.prepare('SELECT 1').get());
    },
    close: async () => {
      database.close();
    },
  };
}

function openDatabase(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  // NORMAL may lose the last commits at a power cut, and an acknowledged order must not be lost.
  database.pragma('synchronous = FULL');
  // Another process may hold the file for a moment, a backup for example.
  database.pragma('busy_timeout = 2000');
  migrateSqlite(database);
  return database;
}

function prepare(database: Database.Database) {
  return {
    readCustomer: database.prepare('SELECT body FROM customers WHERE id = ?'),
    writeCustomer: database.prepare(
      'INSERT INTO customers (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    ),
    readLatest: database.prepare(
      'SELECT body, archived_at FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, id DESC LIMIT 1',
    ),
    writeOrder: database.prepare(
      `INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at = excluded.expires_at, body = excluded.body`,
    ),
    find: database.prepare('SELECT body, archived_at FROM orders WHERE id = ?'),
    overdue: database.prepare(
      "SELECT customer_id FROM orders WHERE status = 'pending' AND expires_at <= ? ORDER BY expires_at LIMIT 100",
    ),
    archiveOwn: database.prepare(
      "UPDATE orders SET archived_at = ? WHERE status = 'confirmed' AND archived_at IS NULL AND customer_id = ?",
    ),
    archiveAll: database.prepare(
      "UPDATE orders SET archived_at = ? WHERE status = 'confirmed' AND archived_at IS NULL",
    ),
  };
}

function listPage(database: Database.Database, query: OrderQuery, cursor: Cursor | undefined): OrderPage {
  const branches = (query.statuses ?? [undefined]).map((status) => selectOrders(query, status, cursor));
  if (branches.length === 0) return { orders: [] };
  // A branch for each status walks that status' own index, so that a page costs the same however many others there are.
  const sql = `SELECT body, archived_at FROM (${branches.map(({ sql }) => `SELECT * FROM (${sql})`).join(' UNION ALL ')})
    ORDER BY placed_at DESC, id DESC LIMIT ?`;
  const values = branches.flatMap((branch) => branch.values);
  const rows = database.prepare(sql).all(...values, query.limit + 1) as OrderRow[];
  const orders = rows.slice(0, query.limit).map(toOrder);
  const last = orders.at(-1);
  return rows.length > query.limit && last ? { orders, next: formatCursor(last) } : { orders };
}

function selectOrders(
  { customerId, includeArchived, limit }: OrderQuery,
  status: string | undefined,
  cursor: Cursor | undefined,
) {
  const conditions = ['TRUE'];
  const values: (string | number)[] = [];
  const add = (condition: string, ...bound: (string | number)[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (customerId) add('customer_id = ?', customerId);
  if (status) add('status = ?', status);
  if (!includeArchived) add('archived_at IS NULL');
  if (cursor) add('(placed_at, id) < (?, ?)', cursor.placedAt, cursor.id);
  const sql = `SELECT body, archived_at, placed_at, id FROM orders WHERE ${conditions.join(' AND ')}
    ORDER BY placed_at DESC, id DESC LIMIT ?`;
  return { sql, values: [...values, limit + 1] };
}

function toOrder(row: OrderRow): Order {
  const order = JSON.parse(row.body) as Order;
  return row.archived_at === null ? order : { ...order, archivedAt: row.archived_at };
}
