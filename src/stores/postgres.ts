import { createHash } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';
import { newCustomer } from '../orders/customer';
import type { CustomerId, Order } from '../orders/order';
import type { CustomerRecord, Decision, Ledger, Log, OrderPage, OrderQuery, OrderStore } from '../services';
import { type Cursor, formatCursor, parseCursor } from './cursor';
import { isRetriable, storeRefusal } from './postgres-faults';
import { migratePostgres } from './postgres-migrations';

interface OrderRow {
  body: string;
  /** PostgreSQL's bigint, which pg gives as text. */
  archived_at: string | null;
}

interface LedgerRow {
  customer: string | null;
  body: string | null;
  archived_at: string | null;
}

/** How often a transition is begun again after the database undid it for another's sake. */
const mostTries = 5;

/**
 * The store for many machines: any number of instances on one PostgreSQL.
 * Opening does not wait for the database: the schema is brought up to date before the first answer, so that an instance
 * may start while the database is away.
 * @param url `postgres://…`
 */
export function createPostgresStore(url: string, log: Pick<Log, 'warn'>): OrderStore {
  const pool = new Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    // Ends what hangs on either side; a turn has under 7 s in all.
    statement_timeout: 2_000,
    query_timeout: 2_500,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
  });
  // An idle connection that breaks (a failover) would otherwise be an uncaught error; the pool replaces it by itself.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to PostgreSQL broke'));
  // One that is in use tells its query and, again, whoever listens to it: with nobody listening the process would end.
  pool.on('connect', (client) => client.on('error', () => {}));

  let migrated: Promise<void> | undefined;
  async function ready(): Promise<void> {
    migrated ??= migratePostgres(pool);
    await migrated.catch((error) => {
      migrated = undefined;
      throw error;
    });
  }

  async function reach<T>(work: () => Promise<T>): Promise<T> {
    try {
      await ready();
      return await work();
    } catch (error) {
      throw storeRefusal(error);
    }
  }

  async function rows<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const result = await reach(() => pool.query(sql, values));
    return result.rows;
  }

  async function attempt<T>(customerId: CustomerId, decide: Decide<T>): Promise<Decided<T>> {
    const client = await pool.connect();
    let fault: Error | undefined;
    try {
      const ledger = await lockLedger(client, customerId);
      const decided = tryTo(decide, ledger);
      if ('decision' in decided) await write(client, decided.decision);
      await client.query('decision' in decided ? 'COMMIT' : 'ROLLBACK');
      return decided;
    } catch (error) {
      fault = error as Error;
      throw error;
    } finally {
      // A connection that failed in the middle is not given back: closing it undoes everything.
      client.release(fault);
    }
  }

  async function attemptUntilDecided<T>(customerId: CustomerId, decide: Decide<T>): Promise<Decided<T>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(customerId, decide);
      } catch (error) {
        if (!isRetriable(error) || tries === mostTries) throw error;
      }
    }
  }

  return {
    async transact(customerId, decide) {
      const decided = await reach(() => attemptUntilDecided(customerId, decide));
      if ('thrown' in decided) throw decided.thrown;
      return decided.decision.result;
    },
    async read(customerId) {
      const [row] = await rows<LedgerRow>(selectLedger, [customerId]);
      return toLedger(customerId, row);
    },
    async find(orderId) {
      if (!/^[0-9a-f-]{36}$/i.test(orderId)) return undefined;
      const [row] = await rows<OrderRow>('SELECT body, archived_at FROM orders WHERE id = $1', [orderId]);
      return row && toOrder(row);
    },
    async list(query) {
      const cursor = query.after === undefined ? undefined : parseCursor(query.after);
      if (query.statuses?.length === 0) return { orders: [] };
      const { sql, values } = pageQuery(query, cursor);
      return toPage(await rows<OrderRow>(sql, values), query.limit);
    },
    async overdue(now) {
      const due = await rows<{ customer_id: CustomerId }>(
        "SELECT customer_id FROM orders WHERE status = 'pending' AND expires_at <= $1 ORDER BY expires_at LIMIT 100",
        [now],
      );
      return due.map((row) => row.customer_id);
    },
    async archiveConfirmed({ customerId }, now) {
      const marked = await reach(() =>
        pool.query(
          `UPDATE orders SET archived_at = $1
           WHERE status = 'confirmed' AND archived_at IS NULL AND ($2::text IS NULL OR customer_id = $2)`,
          [now, customerId ?? null],
        ),
      );
      return marked.rowCount ?? 0;
    },
    async ping() {
      await rows('SELECT 1');
    },
    close: () => pool.end(),
  };
}

type Decide<T> = (ledger: Ledger) => Decision<T>;
type Decided<T> = { decision: Decision<T> } | { thrown: unknown };

/** What the decision itself throws is the caller's affair, and no fault of the database. */
function tryTo<T>(decide: Decide<T>, ledger: Ledger): Decided<T> {
  try {
    return { decision: decide(ledger) };
  } catch (thrown) {
    return { thrown };
  }
}

// A customer who was never seen has no row to lock, so the lock is on a number made of the id. Two customers of one number
// would only wait for each other. It is taken in a statement of its own, because the next one must see what the last
// holder has written; as a number, it needs no parameter and travels with BEGIN.
async function lockLedger(client: PoolClient, customerId: CustomerId): Promise<Ledger> {
  const number = createHash('sha256').update(customerId).digest().readBigInt64BE();
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${number})`);
  const { rows } = await client.query<LedgerRow>(selectLedger, [customerId]);
  return toLedger(customerId, rows[0]);
}

async function write(client: PoolClient, { customer, orders = [] }: Decision<unknown>): Promise<void> {
  if (customer) await client.query(writeCustomer, [customer.id, JSON.stringify(customer)]);
  for (const order of orders) {
    const expiresAt = order.status === 'pending' ? order.expiresAt : null;
    const { id, customerId, status, placedAt } = order;
    await client.query(writeOrder, [id, customerId, status, placedAt, expiresAt, JSON.stringify(order)]);
  }
}

const selectLedger = `
  SELECT (SELECT body FROM customers WHERE id = $1) AS customer, latest.body, latest.archived_at
  FROM (SELECT 1) AS one LEFT JOIN LATERAL (
    SELECT body, archived_at FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC LIMIT 1
  ) AS latest ON true`;

const writeCustomer =
  'INSERT INTO customers (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body';

const writeOrder = `
  INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, expires_at = excluded.expires_at, body = excluded.body`;

function toLedger(customerId: CustomerId, row: LedgerRow | undefined): Ledger {
  return {
    customer: row?.customer ? (JSON.parse(row.customer) as CustomerRecord) : newCustomer(customerId),
    latest: row?.body ? toOrder({ body: row.body, archived_at: row.archived_at }) : undefined,
  };
}

function toOrder({ body, archived_at }: OrderRow): Order {
  const order = JSON.parse(body) as Order;
  return archived_at === null ? order : { ...order, archivedAt: Number(archived_at) };
}

function toPage(rows: readonly OrderRow[], limit: number): OrderPage {
  const orders = rows.slice(0, limit).map(toOrder);
  const last = orders.at(-1);
  return rows.length > limit && last ? { orders, next: formatCursor(last) } : { orders };
}

/** A branch for each status walks that status' own index, so that a page costs the same however many others there are. */
function pageQuery(query: OrderQuery, cursor: Cursor | undefined): { sql: string; values: unknown[] } {
  const values: unknown[] = [query.limit + 1];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['true'];
  if (query.customerId) conditions.push(`customer_id = ${bind(query.customerId)}`);
  if (!query.includeArchived) conditions.push('archived_at IS NULL');
  if (cursor)
    conditions.push(`(placed_at, id) < (${bind(cursor.placedAt)}::bigint, ${bind(cursor.id)}::uuid)`);
  const branches = (query.statuses ?? [undefined]).map((status) => {
    const where = status ? [...conditions, `status = ${bind(status)}`] : conditions;
    return `(SELECT body, archived_at, placed_at, id FROM orders WHERE ${where.join(' AND ')}
      ORDER BY placed_at DESC, id DESC LIMIT $1)`;
  });
  const sql = `SELECT body, archived_at FROM (${branches.join(' UNION ALL ')}) AS page
    ORDER BY placed_at DESC, id DESC LIMIT $1`;
  return { sql, values };
}
