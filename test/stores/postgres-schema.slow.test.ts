import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { PendingAction } from '../../src/step-up/action';
import { formatAction } from '../../src/step-up/stored-body';
import { createPostgresStore } from '../../src/stores/postgres';
import { migrationsAfter, postgres, schemaVersion } from '../../src/stores/sql-schema';
import { pendingOrder, storeOrders } from '../fixtures/orders';
import { openClient, type PostgresServer, startPostgres } from '../fixtures/postgres';
import { backTo, storeForTheBoard } from './older-schema';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

const openUrl = (url: string) => createPostgresStore(url, pizzaOrder, { warn() {} }, 10);

it('brings the schema up to date once when several instances start at once', async () => {
  const url = await server.createDatabase();
  const stores = Array.from({ length: 6 }, () => openUrl(url));
  await Promise.all(stores.map((store) => store.ping()));
  await Promise.all(stores.map((store) => store.close()));
});

it('takes over a database of schema version 1', async () => {
  const url = await server.createDatabase();
  const before = openUrl(url);
  const order = pendingOrder();
  await storeOrders(before, [order]);
  await before.close();
  const client = await openClient(url);
  await client.query(`${backTo[1]} UPDATE schema_version SET version = 1`);
  const store = openUrl(url);
  expect(await store.find(order.id)).toEqual(order);
  expect((await client.query('SELECT version FROM schema_version')).rows).toEqual([
    { version: schemaVersion },
  ]);
  await client.end();
  await store.close();
});

it('takes over a database of schema version 3, and finds what is to do and who may be locked', async () => {
  const url = await server.createDatabase();
  const before = openUrl(url);
  const judge = await storeForTheBoard(before);
  await before.close();
  const client = await openClient(url);
  await client.query(`${backTo[3]} UPDATE schema_version SET version = 3`);
  await client.end();
  const store = openUrl(url);
  await judge(store);
  await store.close();
});

it('refuses a database that a newer POD has written', async () => {
  const url = await server.createDatabase();
  const client = await openClient(url);
  await client.query('CREATE SCHEMA pod; CREATE TABLE schema_version (version integer NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES (99)');
  await client.end();
  const store = openUrl(url);
  await expect(store.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { message: expect.stringContaining('schema version 99') },
  });
  await store.close();
});

it('B4: keeps its tables apart from what other tools have in the same database', async () => {
  const url = await server.createDatabase();
  const client = await openClient(url, 'public');
  await client.query(`
    CREATE TABLE schema_version (version varchar PRIMARY KEY, applied_at timestamptz);
    INSERT INTO schema_version VALUES ('20260101', now());
    CREATE TABLE orders (id serial PRIMARY KEY, customer_id int, body text);
    CREATE TABLE customers (id text, body text);
    CREATE TABLE notices (what text)`);
  const store = openUrl(url);
  const order = pendingOrder();
  await storeOrders(store, [order]);
  expect(await store.find(order.id)).toEqual(order);
  for (const table of ['orders', 'customers', 'notices']) {
    expect((await client.query(`SELECT * FROM ${table}`)).rows).toEqual([]);
  }
  expect((await client.query('SELECT version FROM schema_version')).rows).toEqual([{ version: '20260101' }]);
  await client.end();
  await store.close();
});

it.each([
  ['CREATE TABLE pod.orders (id int)'],
  ['CREATE TABLE pod.schema_version (installed_rank int); INSERT INTO pod.schema_version VALUES (1)'],
  ["CREATE TABLE pod.schema_version (version text); INSERT INTO pod.schema_version VALUES ('1.0')"],
])('B4: says that a schema "pod" is another\'s: %s', async (made) => {
  const url = await server.createDatabase();
  const client = await openClient(url);
  await client.query(`CREATE SCHEMA pod; ${made}`);
  await client.end();
  const store = openUrl(url);
  await expect(store.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { message: expect.stringContaining("not POD's") },
  });
  await store.close();
});

it.each([
  [1, 'postgres'],
  [2, 'postgres'],
  [3, 'postgres'],
  [4, 'postgres'],
  // The schema of this name is what PostgreSQL looks into first for such a role ("$user").
  [4, 'pod'],
])(
  'B4: moves a database of schema version %i, of the role %s, to where others have no tables, and lets older PODs end in peace',
  async (version, role) => {
    const url = await server.createDatabase(role);
    const client = await openClient(url, 'public');
    for (const migration of migrationsAfter(0, postgres).slice(0, version)) await client.query(migration);
    await client.query('CREATE TABLE schema_version (version integer NOT NULL)');
    await client.query('INSERT INTO schema_version VALUES ($1)', [version]);
    /** As PODs before wrote it, whose processes are still there while the first new one starts. */
    const place = (order: PendingAction<OrderTerms>) =>
      client.query(
        `INSERT INTO orders (id, customer_id, status, placed_at, expires_at, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body
         WHERE orders.customer_id = excluded.customer_id`,
        [
          order.id,
          order.customerId,
          'pending',
          order.placedAt,
          order.expiresAt,
          JSON.stringify(formatAction(order)),
        ],
      );
    const [before, after] = [pendingOrder(), pendingOrder()];
    await place(before);
    const stores = [openUrl(url), openUrl(url)];
    await Promise.all(stores.map((store) => store.ping()));
    await place(after);
    await place(after);
    for (const order of [before, after]) expect(await stores[0]?.find(order.id)).toEqual(order);
    // One that starts later would else begin with empty tables of its own: it knows version 4 at most.
    expect((await client.query('SELECT version FROM public.schema_version')).rows).toEqual([{ version: 5 }]);
    await client.end();
    await Promise.all(stores.map((store) => store.close()));
  },
);

it('B4: says which right is missing, and works in a schema that was made for it', async () => {
  const url = await server.createDatabase();
  const admin = await openClient(url, 'public');
  const role = `pod_role_${new URL(url).pathname.slice(1)}`;
  await admin.query(`CREATE ROLE ${role} LOGIN`);
  const own = new URL(url);
  own.username = role;
  const store = openUrl(own.href);
  await expect(store.ping()).rejects.toMatchObject({ cause: { code: '42501' } });
  await admin.query(`CREATE SCHEMA pod AUTHORIZATION ${role}`);
  await store.ping();
  await admin.end();
  await store.close();
});

it('waits for a migration of another instance that takes longer than a turn may', async () => {
  const url = await server.createDatabase();
  const another = new Client({ connectionString: url });
  await another.connect();
  await another.query('BEGIN; SELECT pg_advisory_xact_lock(7303001)');
  const migrating = another.query('SELECT pg_sleep(3)').then(() => another.query('COMMIT'));
  const store = openUrl(url);
  await store.ping();
  await migrating;
  await another.end();
  await store.close();
});
