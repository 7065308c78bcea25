import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { createPostgresStore } from '../../src/stores/postgres';
import { postgres, sqlite } from '../../src/stores/sql-schema';
import {
  countToDo,
  type Statement,
  selectMaybeLocked,
  selectOverdue,
  selectPage,
  selectToDo,
} from '../../src/stores/sql-statements';
import { createSqliteStore } from '../../src/stores/sqlite';
import { startPostgres } from '../fixtures/postgres';
import { insertSettledOrders, stillToDo } from '../fixtures/settled-orders';

/** All that the kitchen's view asks a database, and who is locked. */
const statements: Record<string, Statement> = {
  overdue: selectOverdue(Date.now()),
  waiting: selectPage({ statuses: ['pending'], limit: 50 }, undefined),
  toDo: selectToDo(200),
  count: countToDo,
  locked: selectMaybeLocked(100),
};
const few = 100;
const many = 100_000;

it('the kitchen’s view walks indexes that hold nothing else, on SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pod-kitchen-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const plansAt = async (count: number) => {
    const path = join(directory, `${count}.db`);
    const store = createSqliteStore(path, pizzaOrder);
    const database = new Database(path);
    database.exec(`${insertSettledOrders(count, sqlite)}; ANALYZE`);
    const { actions, count: toDo } = await store.toDo(200);
    expect([actions.length, toDo]).toEqual([stillToDo, stillToDo]);
    const plans = Object.entries(statements).map(([name, { text, values }]) => {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[];
      return [
        name,
        steps.map(({ detail }) => detail).filter((step) => /\borders\b|\bcustomers\b/.test(step)),
      ];
    });
    database.close();
    await store.close();
    return Object.fromEntries(plans);
  };
  const plans = await plansAt(many);
  expect(plans).toEqual({
    overdue: [expect.stringContaining('USING INDEX orders_overdue (expires_at<?)')],
    waiting: [expect.stringMatching(/SEARCH orders USING INDEX \w+ \(status=\?\)/)],
    toDo: [expect.stringContaining('SCAN orders USING INDEX orders_to_do')],
    count: [expect.stringMatching(/INDEX orders_to_do|INDEX orders_on_board_by_status \(status=\?\)/)],
    locked: [expect.stringContaining('customers USING INDEX customers_locked')],
  });
  expect(await plansAt(few)).toEqual(plans);
});

interface PlanNode {
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
}

it('the kitchen’s view touches as many pages at 100,000 orders as at 100, on PostgreSQL', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const pagesAt = async (count: number) => {
    const connectionString = await server.createDatabase();
    const store = createPostgresStore(connectionString, pizzaOrder, { warn() {} }, 10);
    await store.ping();
    const client = new Client({ connectionString, options: '-c search_path=pod' });
    await client.connect();
    await client.query(insertSettledOrders(count, postgres));
    await client.query('VACUUM ANALYZE');
    const { actions, count: toDo } = await store.toDo(200);
    expect([actions.length, toDo]).toEqual([stillToDo, stillToDo]);
    const pages: Record<string, number> = {};
    for (const [name, { text, values }] of Object.entries(statements)) {
      const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, [...values]);
      const plan: PlanNode = rows[0]['QUERY PLAN'][0].Plan;
      pages[name] = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    }
    await client.end();
    await store.close();
    return pages;
  };
  const [least, most] = [await pagesAt(few), await pagesAt(many)];
  // An order to do is a page of its own at worst; an index is two levels deeper.
  for (const name of Object.keys(statements)) {
    expect(most[name], name).toBeLessThanOrEqual((least[name] ?? 0) + stillToDo + 4);
  }
});
