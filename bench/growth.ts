import { join } from 'node:path';
import Database from 'libsql';
import { Client } from 'pg';
import type { CustomerId } from '../src/orders/order';
import { placeOrder } from '../src/orders/place-order';
import { listOrders } from '../src/orders/read-orders';
import type { OrderStore, Passwordless } from '../src/services';
import { createPostgresStore } from '../src/stores/postgres';
import { createSqliteStore } from '../src/stores/sqlite';
import { startPostgres } from '../test/fixtures/postgres';
import type { Bench } from './turn-groups';
import { benchConfig, percentile } from './turns';

const sizes = [0, 10_000, 100_000, 1_000_000];
const log = { info() {}, warn() {}, error() {} };

/** Sends nothing, at once: what is measured here is the store. */
const passwordless: Passwordless = {
  sendCode: async () => ({ channel: 'sms', maskedContact: '•••• 0101' }),
  checkCode: async () => 'right',
  contacts: async () => ({}),
};

/** An order turn and the board's first page, by how many settled orders the store holds. */
export async function growth(bench: Bench) {
  const rows: Record<string, string | number>[] = [];
  const counts = sizes.filter((count) => count <= 1_000_000 * bench.scale);
  for (const count of counts) {
    const path = join(bench.directory, `growth-${count}.db`);
    const store = createSqliteStore(path);
    fillSqlite(path, count);
    rows.push({ store: 'SQLite', orders: count, ...(await measure(store)) });
  }
  const postgres = await startPostgres();
  try {
    for (const count of counts) {
      const url = await postgres.createDatabase();
      const store = createPostgresStore(url, log);
      await store.ping();
      await fillPostgres(url, count);
      rows.push({ store: 'PostgreSQL', orders: count, ...(await measure(store)) });
    }
  } finally {
    await postgres.stop();
  }
  return rows;
}

async function measure(store: OrderStore) {
  const services = {
    store,
    passwordless,
    log,
    clock: Date.now,
    config: benchConfig(),
    feed: { publish: async () => {} },
    recordStep() {},
  };
  const { signal } = new AbortController();
  let customer = 0;
  const order = () => {
    customer += 1;
    const pizza = { size: 'large', toppings: ['pepperoni'] } as const;
    return placeOrder(services, {
      customerId: `auth0|new-${customer}` as CustomerId,
      signal,
      pizza,
      via: 'voice',
    });
  };
  const board = () => listOrders(services, { limit: 50, statuses: ['pending', 'confirmed'] });
  // The same number of newest orders everywhere, so that every board has a full page.
  for (let warm = 0; warm < 100; warm += 1) await order();
  const result = { 'order ms': await median(order), 'board ms': await median(board) };
  await store.close();
  return result;
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 300; run += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return percentile(times, 0.5);
}

const settledBody = (id: string, customerId: string, placedAt: string) =>
  `'{"id":"' || ${id} || '","customerId":"' || ${customerId} || '","pizza":{"size":"large","toppings":["pepperoni"]},"via":"voice","placedAt":' || ${placedAt} || ',"attempts":1,"delivery":{"channel":"sms","maskedContact":"0101"},"status":"confirmed","settledAt":' || (${placedAt} + 30000) || '}'`;

function fillSqlite(path: string, count: number): void {
  const database = new Database(path);
  const id = "printf('00000000-0000-4000-8000-%012d', n)";
  const customer = "'auth0|old-' || (n / 20)";
  const placedAt = '(1700000000000 + n * 1000)';
  database.exec(`
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body)
    SELECT ${id}, ${customer}, 'confirmed', ${placedAt}, NULL, ${settledBody(id, customer, placedAt)}
    FROM numbers WHERE ${count} > 0`);
  database.close();
}

async function fillPostgres(url: string, count: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const id = "('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))";
  const customer = "('auth0|old-' || (n / 20))";
  const placedAt = '(1700000000000 + n::bigint * 1000)';
  await client.query(`
    INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body)
    SELECT ${id}::uuid, ${customer}, 'confirmed', ${placedAt}, NULL, ${settledBody(id, customer, placedAt)}
    FROM generate_series(1, ${count}) AS n`);
  await client.query('VACUUM ANALYZE orders');
  await client.end();
}
