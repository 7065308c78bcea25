import { join } from 'node:path';
import Database from 'libsql';
import { Client } from 'pg';
import { readKitchen } from '../src/orders/board';
import { type OrderTerms, pizzaOrder } from '../src/orders/pizza-order';
import type { ActionQuery, ActionStore } from '../src/step-up/ledger';
import { propose } from '../src/step-up/propose';
import { listActions } from '../src/step-up/read';
import { createPostgresStore } from '../src/stores/postgres';
import { postgres as postgresql, sqlite } from '../src/stores/sql-schema';
import { createSqliteStore } from '../src/stores/sqlite';
import { customerOf, newCustomerId, pizza } from '../test/fixtures/orders';
import { startPostgres } from '../test/fixtures/postgres';
import { insertSettledOrders } from '../test/fixtures/settled-orders';
import { openStepUp, proposalOf, turnOf } from '../test/fixtures/step-up';
import { type Bench, median } from './turns';

const sizes = [0, 10_000, 100_000, 1_000_000];
const log = { warn() {} };

/** An order turn, the kitchen's view and first pages, by how many settled orders the store holds. */
export async function growth(bench: Bench) {
  const rows: Record<string, string | number>[] = [];
  const counts = sizes.filter((count) => count <= 1_000_000 * bench.scale);
  for (const orders of counts) {
    const path = join(bench.directory, `growth-${orders}.db`);
    const store = createSqliteStore(path, pizzaOrder);
    const database = new Database(path);
    database.exec(insertSettledOrders(orders, sqlite));
    database.close();
    rows.push({ store: 'SQLite', orders, ...(await measure(store)) });
  }
  const postgres = await startPostgres();
  try {
    for (const orders of counts) {
      const connectionString = await postgres.createDatabase();
      const store = createPostgresStore(connectionString, pizzaOrder, log, 10);
      await store.ping();
      const client = new Client({ connectionString, options: '-c search_path=pod' });
      await client.connect();
      await client.query(insertSettledOrders(orders, postgresql));
      await client.query('VACUUM ANALYZE orders');
      await client.end();
      rows.push({ store: 'PostgreSQL', orders, ...(await measure(store)) });
    }
  } finally {
    await postgres.stop();
  }
  return rows;
}

/** First pages of lists, also of what is done. */
const pages: Record<string, Partial<ActionQuery>> = {
  confirmed: { statuses: ['confirmed'] },
  everything: {},
  'refused, of which there are few': { statuses: ['refused'] },
  'one customer': { customerId: customerOf('auth0|old-1') },
};

const cook = { customerId: customerOf('auth0|cook'), staff: true, manages: true };

/** In milliseconds. Codes are sent by nobody, at once: what is measured here is the store. */
async function measure(store: ActionStore<OrderTerms>) {
  const services = { ...openStepUp(store, pizzaOrder).services, clock: Date.now };
  const order = () => propose(services, { ...turnOf(newCustomerId()), ...proposalOf(pizzaOrder, pizza) });
  // The same number of newest orders everywhere, so that every page is full.
  for (let warm = 0; warm < 100; warm += 1) await order();
  const times: Record<string, number> = { order: await median(300, order) };
  times.kitchen = await median(300, () => readKitchen(services, cook));
  for (const [page, query] of Object.entries(pages)) {
    times[page] = await median(300, () =>
      listActions(services, { ...query, includeArchived: true, limit: 50 }),
    );
  }
  await store.close();
  return times;
}
