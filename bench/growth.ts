import { join } from 'node:path';
import Database from 'libsql';
import { Client } from 'pg';
import { type OrderTerms, pizzaOrder } from '../src/orders/pizza-order';
import type { ActionQuery, ActionStore } from '../src/step-up/ledger';
import { propose } from '../src/step-up/propose';
import { listActions } from '../src/step-up/read';
import { createPostgresStore } from '../src/stores/postgres';
import { postgres as postgresql, sqlite } from '../src/stores/sql-schema';
import { createSqliteStore } from '../src/stores/sqlite';
import { customerOf, newCustomerId, pizza } from '../test/fixtures/orders';
import { startPostgres } from '../test/fixtures/postgres';
import { openStepUp, proposalOf, turnOf } from '../test/fixtures/step-up';
import { type Bench, median } from './turns';

const sizes = [0, 10_000, 100_000, 1_000_000];
const log = { warn() {} };

/** An order turn and the board's first page, by how many settled orders the store holds. */
export async function growth(bench: Bench) {
  const rows: Record<string, string | number>[] = [];
  const counts = sizes.filter((count) => count <= 1_000_000 * bench.scale);
  for (const orders of counts) {
    const path = join(bench.directory, `growth-${orders}.db`);
    const store = createSqliteStore(path, pizzaOrder);
    const database = new Database(path);
    database.exec(insertSettled(orders, sqlite));
    database.close();
    rows.push({ store: 'SQLite', orders, ...(await measure(store)) });
  }
  const postgres = await startPostgres();
  try {
    for (const orders of counts) {
      const connectionString = await postgres.createDatabase();
      const store = createPostgresStore(connectionString, pizzaOrder, log);
      await store.ping();
      const client = new Client({ connectionString });
      await client.connect();
      await client.query(insertSettled(orders, postgresql));
      await client.query('VACUUM ANALYZE orders');
      await client.end();
      rows.push({ store: 'PostgreSQL', orders, ...(await measure(store)) });
    }
  } finally {
    await postgres.stop();
  }
  return rows;
}

/** First pages of the board: what it shows at first, and what can be chosen. */
const pages: Record<string, Partial<ActionQuery>> = {
  board: { statuses: ['pending', 'confirmed'] },
  confirmed: { statuses: ['confirmed'] },
  everything: {},
  'refused, of which there are few': { statuses: ['refused'] },
  'one customer': { customerId: customerOf('auth0|old-1') },
};

/** In milliseconds. Codes are sent by nobody, at once: what is measured here is the store. */
async function measure(store: ActionStore<OrderTerms>) {
  const services = { ...openStepUp(store, pizzaOrder).services, clock: Date.now };
  const order = () => propose(services, { ...turnOf(newCustomerId()), ...proposalOf(pizzaOrder, pizza) });
  // The same number of newest orders everywhere, so that every board has a full page.
  for (let warm = 0; warm < 100; warm += 1) await order();
  const times: Record<string, number> = { order: await median(300, order) };
  for (const [page, query] of Object.entries(pages)) {
    times[page] = await median(300, () => listActions(services, { ...query, limit: 50 }));
  }
  await store.close();
  return times;
}

/** Fifty orders a customer, confirmed but for one in forty, made by the database itself: a million turns would take an hour. */
function insertSettled(count: number, { uuid }: { uuid: string }): string {
  const id = "'00000000-0000-4000-8000-' || substr(CAST(1000000000000 + n AS text), 2)";
  const status = "CASE n % 40 WHEN 0 THEN 'refused' ELSE 'confirmed' END";
  const placedAt = '(1700000000000 + n * 1000)';
  const body = `'{"version":2,"id":"' || ${id} || '","terms":{"size":"large","toppings":["pepperoni"]},"via":"voice","placedAt":' || ${placedAt} || ',"attempts":1,"delivery":{"channel":"sms","maskedContact":"0101"},"status":"' || ${status} || '","endedAt":' || (${placedAt} + 30000) || '}'`;
  return `
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body)
    SELECT CAST(${id} AS ${uuid}), 'auth0|old-' || (n / 50), ${status}, ${placedAt}, NULL, ${body}
    FROM numbers WHERE ${count} > 0`;
}
