import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createPostgresStore } from '../../src/stores/postgres';
import { type PostgresServer, startPostgres } from '../fixtures/postgres';
import { newCustomerId } from '../fixtures/shop';
import { orderRaces } from '../orders/order-races.contract';
import { orderRules } from '../orders/order-rules.contract';
import { type OpenStore, orderStoreContract } from './order-store.contract';

const log = { warn() {} };
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

async function open(): Promise<OpenStore> {
  const url = await server.createDatabase();
  let store = createPostgresStore(url, log);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = createPostgresStore(url, log);
      return store;
    },
    another: async () => createPostgresStore(url, log),
    dispose: () => store.close(),
  };
}

orderStoreContract('PostgreSQL', open);
orderRules('PostgreSQL', open);
orderRaces('PostgreSQL', open);

it('brings the schema up to date once when several instances start at once', async () => {
  const url = await server.createDatabase();
  const stores = Array.from({ length: 6 }, () => createPostgresStore(url, log));
  await Promise.all(stores.map((store) => store.ping()));
  await Promise.all(stores.map((store) => store.close()));
});

it('refuses a database that a newer POD has written', async () => {
  const url = await server.createDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE schema_version (version integer NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES (99)');
  await client.end();
  const store = createPostgresStore(url, log);
  await expect(store.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { message: expect.stringContaining('schema version 99') },
  });
  await store.close();
});

it('waits for a migration of another instance that takes longer than a turn may', async () => {
  const url = await server.createDatabase();
  const another = new Client({ connectionString: url });
  await another.connect();
  await another.query('BEGIN; SELECT pg_advisory_xact_lock(7303001)');
  const migrating = another.query('SELECT pg_sleep(3)').then(() => another.query('COMMIT'));
  const store = createPostgresStore(url, log);
  await store.ping();
  await migrating;
  await another.end();
  await store.close();
});

it('says that the store is unavailable while the database is away, and recovers by itself', async () => {
  // A server of its own: one with the databases of all other tests takes long to recover on a busy disk.
  const mortal = await startPostgres();
  onTestFinished(() => mortal.stop());
  const store = createPostgresStore(await mortal.createDatabase(), log);
  const customerId = newCustomerId();
  const write = () => store.transact(customerId, () => ({ result: 'written' }));
  expect(await write()).toBe('written');
  await mortal.kill();
  // A backend may outlive the server for a moment, and still write.
  const outcome = () => write().catch(({ code }) => code);
  await expect.poll(outcome).toBe('store_unavailable');
  await expect(store.read(customerId)).rejects.toMatchObject({ code: 'store_unavailable' });
  await mortal.start();
  expect(await write()).toBe('written');
  await store.close();
});
