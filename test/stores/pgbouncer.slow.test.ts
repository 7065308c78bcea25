import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import { createPostgresStore } from '../../src/stores/postgres';
import { pendingOrder, pizzas, storeOrders } from '../fixtures/orders';
import { type Pgbouncer, startPgbouncer } from '../fixtures/pgbouncer';
import { openClient, type PostgresServer, shareDatabase, startPostgres } from '../fixtures/postgres';
import { provideProgram } from '../fixtures/programs';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';
import { actionStoreContract } from './action-store.contract';

describe('B2: through PgBouncer in transaction mode, with a pool of 5', async () => {
  const program = await provideProgram('pgbouncer');
  if (!program) return void it.skip('needs PgBouncer');

  let server: PostgresServer;
  let shared: Awaited<ReturnType<typeof shareDatabase>>;
  let pgbouncer: Pgbouncer;
  beforeAll(async () => {
    server = await startPostgres();
    shared = await shareDatabase(server);
    pgbouncer = await startPgbouncer(program, server);
  });
  afterAll(async () => {
    await pgbouncer?.stop();
    await shared?.close();
    await server?.stop();
  });

  const openUrl = (url: string) => createPostgresStore(url, pizzaOrder, { warn() {} }, 10);

  async function open(): Promise<OpenStore<OrderTerms>> {
    await shared.empty();
    const url = pgbouncer.urlOf(shared.url);
    let store = openUrl(url);
    return {
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

  actionStoreContract('PostgreSQL behind PgBouncer', open, pizzas);
  stepUpRules('PostgreSQL behind PgBouncer', open, pizzas);
  stepUpRaces('PostgreSQL behind PgBouncer', open, pizzas);

  it('lets six instances that start at once bring the schema up to date once, whatever their connections remember', async () => {
    const directly = await server.createDatabase();
    const url = pgbouncer.urlOf(directly);
    const client = await openClient(directly);
    for (let start = 0; start < 10; start += 1) {
      // Whoever finds no schema is told so again by the same connection, unless it looks.
      await client.query('DROP SCHEMA IF EXISTS pod CASCADE');
      const stores = Array.from({ length: 6 }, () => openUrl(url));
      const order = pendingOrder();
      await Promise.all(stores.map((store) => store.ping()));
      await storeOrders(stores[0] as (typeof stores)[number], [order]);
      expect(await stores[5]?.find(order.id)).toEqual(order);
      await Promise.all(stores.map((store) => store.close()));
    }
    await client.end();
  });
});
