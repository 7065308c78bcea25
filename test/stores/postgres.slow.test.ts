import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { Refusal } from '../../src/step-up/refusal';
import { createPostgresStore } from '../../src/stores/postgres';
import { newCustomerId, pendingOrder, pizzas, storeOrders } from '../fixtures/orders';
import { type PostgresServer, startPostgres } from '../fixtures/postgres';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpApproval } from '../step-up/step-up-approval.contract';
import { stepUpArrows } from '../step-up/step-up-arrows.contract';
import { stepUpCancelling } from '../step-up/step-up-cancelling.contract';
import { stepUpLimits } from '../step-up/step-up-limits.contract';
import { stepUpMeaning } from '../step-up/step-up-meaning.contract';
import { stepUpNotices } from '../step-up/step-up-notices.contract';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';
import { stepUpTerms } from '../step-up/step-up-terms.contract';
import { actionStoreContract } from './action-store.contract';
import { backTo, storeForTheBoard } from './older-schema';
import { type OpenMedium, storedBodies } from './stored-bodies.contract';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

const openUrl = (url: string) => createPostgresStore(url, pizzaOrder, { warn() {} });

async function open(): Promise<OpenStore<OrderTerms> & { url: string }> {
  const url = await server.createDatabase();
  let store = openUrl(url);
  return {
    url,
    store,
    reopen: async () => {
      await store.close();
      store = openUrl(url);
      return store;
    },
    another: async () => openUrl(url),
    dispose: () => store.close(),
  };
}

async function openMedium(): Promise<OpenMedium> {
  const opened = await open();
  await opened.store.ping();
  const client = new Client({ connectionString: opened.url });
  await client.connect();
  const bodyIn = async (table: string, column: string, id: string) => {
    const { rows } = await client.query(`SELECT body FROM ${table} WHERE ${column} = $1`, [id]);
    return JSON.parse(rows[0].body);
  };
  return {
    ...opened,
    lay: async (customerId, { record, order, archivedAt = null }) => {
      const values = [order.id, customerId, order.placedAt, archivedAt, JSON.stringify(order)];
      await client.query('INSERT INTO customers (id, body) VALUES ($1, $2)', [
        customerId,
        JSON.stringify(record),
      ]);
      const columns = 'id, customer_id, status, placed_at, archived_at, body';
      await client.query(`INSERT INTO orders (${columns}) VALUES ($1, $2, 'confirmed', $3, $4, $5)`, values);
    },
    look: async (customerId) => ({
      record: await bodyIn('customers', 'id', customerId),
      order: await bodyIn('orders', 'customer_id', customerId),
    }),
    dispose: async () => {
      await client.end();
      await opened.dispose();
    },
  };
}

actionStoreContract('PostgreSQL', open, pizzas);
storedBodies('PostgreSQL', openMedium);
stepUpMeaning('PostgreSQL', open, pizzas);
stepUpNotices('PostgreSQL', open, pizzas);
stepUpTerms('PostgreSQL', open, pizzas);
stepUpLimits('PostgreSQL', open, pizzas);
stepUpRules('PostgreSQL', open, pizzas);
stepUpRaces('PostgreSQL', open, pizzas);
stepUpCancelling('PostgreSQL', open, pizzas);
stepUpApproval('PostgreSQL', open, pizzas);
stepUpArrows('PostgreSQL', open, pizzas);

it('brings the schema up to date once when several instances start at once', async () => {
  const url = await server.createDatabase();
  const stores = Array.from({ length: 6 }, () => openUrl(url));
  await Promise.all(stores.map((store) => store.ping()));
  await Promise.all(stores.map((store) => store.close()));
});

it('takes over a database of schema version 1', async () => {
  const { url, store, reopen, dispose } = await open();
  const order = pendingOrder();
  await storeOrders(store, [order]);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(backTo[1]);
  await client.query('UPDATE schema_version SET version = 1');
  expect(await (await reopen()).find(order.id)).toEqual(order);
  expect((await client.query('SELECT version FROM schema_version')).rows).toEqual([{ version: 4 }]);
  await client.end();
  await dispose();
});

it('takes over a database of schema version 3, and finds what is to do and who may be locked', async () => {
  const { url, store, reopen, dispose } = await open();
  const judge = await storeForTheBoard(store);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`${backTo[3]} UPDATE schema_version SET version = 3`);
  await client.end();
  await judge(await reopen());
  await dispose();
});

it('refuses a database that a newer POD has written', async () => {
  const url = await server.createDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE schema_version (version integer NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES (99)');
  await client.end();
  const store = openUrl(url);
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
  const store = openUrl(url);
  await store.ping();
  await migrating;
  await another.end();
  await store.close();
});

it('says that the store is unavailable while the database is away, and recovers by itself', async () => {
  // A server of its own: one with the databases of all other tests takes long to recover on a busy disk.
  const mortal = await startPostgres();
  onTestFinished(() => mortal.stop());
  const store = openUrl(await mortal.createDatabase());
  const customerId = newCustomerId();
  const write = () => store.transact(customerId, () => ({ result: 'written' }));
  expect(await write()).toBe('written');
  await mortal.kill();
  // A backend may outlive the server for a moment, and still write.
  const outcome = () => write().catch((error: Refusal) => error.code);
  await expect.poll(outcome).toBe('store_unavailable');
  await expect(store.read(customerId)).rejects.toMatchObject({ code: 'store_unavailable' });
  await mortal.start();
  expect(await write()).toBe('written');
  await store.close();
});
