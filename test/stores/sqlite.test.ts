import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { createSqliteStore } from '../../src/stores/sqlite';
import { newCustomerId } from '../fixtures/shop';
import { orderRaces } from '../orders/order-races.contract';
import { orderRules } from '../orders/order-rules.contract';
import { type OpenStore, orderStoreContract } from './order-store.contract';

async function open(): Promise<OpenStore> {
  const directory = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(directory, 'data', 'orders.db');
  let store = createSqliteStore(path);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = createSqliteStore(path);
      return store;
    },
    another: async () => createSqliteStore(path),
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

orderStoreContract('SQLite', open);
orderRules('SQLite', open);
orderRaces('SQLite', open);

it('refuses a file that a newer POD has written', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(directory, 'orders.db');
  const database = new Database(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => createSqliteStore(path)).toThrow('schema version 99');
  rmSync(directory, { recursive: true });
});

it('says that the store is unavailable while another process holds the file, and recovers', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(directory, 'orders.db');
  const store = createSqliteStore(path);
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  const customerId = newCustomerId();
  const writing = store.transact(customerId, () => ({ result: 'written' }));
  await expect(writing).rejects.toMatchObject({ code: 'store_unavailable' });
  other.exec('ROLLBACK');
  expect(await store.transact(customerId, () => ({ result: 'written' }))).toBe('written');
  other.close();
  await store.close();
  rmSync(directory, { recursive: true });
});
