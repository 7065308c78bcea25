import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import { createSqliteStore } from '../../src/stores/sqlite';
import { pendingOrder, pizzas, storeOrders } from '../fixtures/orders';
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

const openFile = (path: string) => createSqliteStore(path, pizzaOrder);

async function open(): Promise<OpenStore<OrderTerms> & { path: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(directory, 'data', 'orders.db');
  let store = openFile(path);
  return {
    path,
    store,
    reopen: async () => {
      await store.close();
      store = openFile(path);
      return store;
    },
    another: async () => openFile(path),
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function openMedium(): Promise<OpenMedium> {
  const opened = await open();
  const database = new Database(opened.path);
  const bodyIn = (table: string, column: string, id: string) => {
    const row = database.prepare(`SELECT body FROM ${table} WHERE ${column} = ?`).get(id);
    return JSON.parse((row as { body: string }).body);
  };
  return {
    ...opened,
    lay: async (customerId, { record, order, archivedAt = null }) => {
      const values = [order.id, customerId, order.placedAt, archivedAt, JSON.stringify(order)];
      database
        .prepare('INSERT INTO customers (id, body) VALUES (?, ?)')
        .run(customerId, JSON.stringify(record));
      const columns = 'id, customer_id, status, placed_at, archived_at, body';
      database.prepare(`INSERT INTO orders (${columns}) VALUES (?, ?, 'confirmed', ?, ?, ?)`).run(...values);
    },
    look: async (customerId) => ({
      record: bodyIn('customers', 'id', customerId),
      order: bodyIn('orders', 'customer_id', customerId),
    }),
    dispose: async () => {
      database.close();
      await opened.dispose();
    },
  };
}

actionStoreContract('SQLite', open, pizzas);
storedBodies('SQLite', openMedium);
stepUpMeaning('SQLite', open, pizzas);
stepUpNotices('SQLite', open, pizzas);
stepUpTerms('SQLite', open, pizzas);
stepUpLimits('SQLite', open, pizzas);
stepUpRules('SQLite', open, pizzas);
stepUpRaces('SQLite', open, pizzas);
stepUpCancelling('SQLite', open, pizzas);
stepUpApproval('SQLite', open, pizzas);
stepUpArrows('SQLite', open, pizzas);

it('takes over a file of schema version 1', async () => {
  const { path, store, reopen, dispose } = await open();
  const order = pendingOrder();
  await storeOrders(store, [order]);
  const database = new Database(path);
  database.exec(`${backTo[1]} PRAGMA user_version = 1`);
  expect(await (await reopen()).find(order.id)).toEqual(order);
  expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 4 });
  database.close();
  await dispose();
});

it('takes over a file of schema version 3, and finds what is to do and who may be locked', async () => {
  const { path, store, reopen, dispose } = await open();
  const judge = await storeForTheBoard(store);
  const database = new Database(path);
  database.exec(`${backTo[3]} PRAGMA user_version = 3`);
  database.close();
  await judge(await reopen());
  await dispose();
});

it('refuses a file that a newer POD has written', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(directory, 'orders.db');
  const database = new Database(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openFile(path)).toThrow('schema version 99');
  rmSync(directory, { recursive: true });
});
