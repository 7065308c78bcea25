import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { Refusal } from '../../src/step-up/refusal';
import { createPostgresStore } from '../../src/stores/postgres';
import { newCustomerId, pendingOrder, pizzas, storeOrders } from '../fixtures/orders';
import { openClient, type PostgresServer, shareDatabase, startPostgres } from '../fixtures/postgres';
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
import { type OpenMedium, storedBodies } from './stored-bodies.contract';

let server: PostgresServer;
let shared: Awaited<ReturnType<typeof shareDatabase>>;
beforeAll(async () => {
  server = await startPostgres();
  shared = await shareDatabase(server);
});
afterAll(async () => {
  await shared?.close();
  await server?.stop();
});

const openUrl = (url: string) => createPostgresStore(url, pizzaOrder, { warn() {} }, 10);

async function open(): Promise<OpenStore<OrderTerms>> {
  await shared.empty();
  return openOn(shared.url);
}

async function openOn(url: string): Promise<OpenStore<OrderTerms> & { url: string }> {
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
  const client = await openClient(shared.url);
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

it('B3: holds no more connections than it may, whatever is asked at once', async () => {
  const url = await server.createDatabase();
  const store = createPostgresStore(url, pizzaOrder, { warn() {} }, 2);
  const orders = Array.from({ length: 20 }, () => pendingOrder());
  await Promise.all(orders.map((order) => storeOrders(store, [order])));
  const client = await openClient(url);
  const held = async () => {
    const { rows } = await client.query(
      'SELECT count(*)::int AS held FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return rows;
  };
  // PostgreSQL still lists for a moment the connection that brought the tables up to date and was closed.
  await expect.poll(held).toEqual([{ held: 2 }]);
  expect(await store.find(orders[19]?.id ?? '')).toEqual(orders[19]);
  await client.end();
  await store.close();
});

it('B5: finds that nothing can be written, and that it can again, without leaving a trace', async () => {
  const { url, store, dispose } = await openOn(await server.createDatabase());
  await store.ping();
  const client = await openClient(url);
  const database = new URL(url).pathname.slice(1);
  const rowVersion = async () => (await client.query('SELECT xmin, version FROM schema_version')).rows;
  const before = await rowVersion();
  await store.ping();
  expect(await rowVersion()).toEqual(before);
  await client.query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
  const readOnly = openUrl(url);
  await expect(readOnly.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { code: '25006' },
  });
  // What can be read is read.
  expect(await readOnly.list({ limit: 1 })).toEqual({ actions: [] });
  await client.query('SET default_transaction_read_only = off');
  await client.query(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
  await readOnly.close();
  await client.end();
  await dispose();
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
