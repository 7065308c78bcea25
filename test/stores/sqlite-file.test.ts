import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import Database from 'libsql';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { ActionStore } from '../../src/step-up/ledger';
import { createSqliteStore } from '../../src/stores/sqlite';
import { newCustomerId, pendingOrder, storeOrders } from '../fixtures/orders';
import { serve } from '../fixtures/serve';

const openFile = (path: string) => createSqliteStore(path, pizzaOrder);

/** A store in a folder of its own. */
function open() {
  const folder = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  const path = join(folder, 'orders.db');
  const store = openFile(path);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, path, store };
}

const write = (store: ActionStore<OrderTerms>) =>
  store.transact(newCustomerId(), () => ({ result: 'written' })).catch(({ code }) => code);

it('says that the store is unavailable while another process holds the file, and recovers', async () => {
  const { path, store } = open();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await write(store)).toBe('store_unavailable');
  await expect(store.ping()).rejects.toMatchObject({ cause: { code: 'SQLITE_BUSY' } });
  // What can be read is read.
  expect(await store.list({ limit: 1 })).toEqual({ actions: [] });
  other.exec('ROLLBACK');
  expect(await write(store)).toBe('written');
  other.close();
});

it('B7: does its other work while it waits for another process, and writes as soon as it may', async () => {
  const { path, store } = open();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  // What is measured by the clock has no end, whatever this machine has to do.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const writing = write(store);
  const alive = await serve(
    '/',
    Router().get('/', (_request, response) => void response.send('alive')),
  );
  expect(await (await fetch(alive)).text()).toBe('alive');
  other.exec('ROLLBACK');
  other.close();
  expect(await writing).toBe('written');
});

it('B7: lets what comes later wait for as long as what came before', async () => {
  const { path, store } = open();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const first = write(store);
  await vi.advanceTimersByTimeAsync(500);
  const later = write(store);
  await vi.advanceTimersByTimeAsync(500);
  expect(await first).toBe('store_unavailable');
  other.exec('ROLLBACK');
  other.close();
  await vi.advanceTimersByTimeAsync(50);
  expect(await later).toBe('written');
});

it.each<[string, (path: string) => void]>([
  ['moved away', (path) => renameSync(path, `${path}.away`)],
  ['removed', (path) => rmSync(path)],
  [
    'replaced by a copy',
    (path) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  ],
])('B6: writes nothing into a file that was %s, and is not ready', async (_what, happen) => {
  const { path, store } = open();
  const order = pendingOrder();
  await storeOrders(store, [order]);
  happen(path);
  expect(await write(store)).toBe('store_unavailable');
  await expect(store.ping()).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { message: expect.stringContaining('was moved, removed or replaced while POD runs') },
  });
  expect(await store.find(order.id)).toEqual(order);
});

it('B6: goes on when its file is put back', async () => {
  const { path, store } = open();
  renameSync(path, `${path}.away`);
  expect(await write(store)).toBe('store_unavailable');
  renameSync(`${path}.away`, path);
  await store.ping();
  expect(await write(store)).toBe('written');
});

it('B5: is tried without leaving a trace', async () => {
  const { path, store } = open();
  await storeOrders(store, [pendingOrder()]);
  const dump = () => {
    const database = new Database(path);
    const rows = ['customers', 'orders', 'notices'].map((table) =>
      database.prepare(`SELECT * FROM ${table}`).all(),
    );
    const version = database.prepare('PRAGMA user_version').all();
    database.close();
    return [rows, version];
  };
  const before = dump();
  for (let times = 0; times < 5; times += 1) await store.ping();
  expect(dump()).toEqual(before);
});

it('B10: leaves one whole file behind when it is closed', async () => {
  const { folder, path, store } = open();
  const order = pendingOrder();
  await storeOrders(store, [order]);
  await store.close();
  expect(readdirSync(folder)).toEqual(['orders.db']);
  const copy = join(folder, 'copy', 'orders.db');
  mkdirSync(join(folder, 'copy'));
  copyFileSync(path, copy);
  const restored = openFile(copy);
  expect(await restored.find(order.id)).toEqual(order);
  await restored.close();
});

it('B10: leaves one whole file behind after another process held it', async () => {
  const { folder, path, store } = open();
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await write(store)).toBe('store_unavailable');
  other.exec('ROLLBACK');
  other.close();
  await store.close();
  expect(readdirSync(folder)).toEqual(['orders.db']);
});

it('B10: loses nothing when it is closed while another process reads', async () => {
  const { path, store } = open();
  const order = pendingOrder();
  await storeOrders(store, [order]);
  const reader = new Database(path);
  reader.exec('BEGIN; SELECT * FROM orders');
  await store.close();
  reader.exec('COMMIT');
  reader.close();
  const again = openFile(path);
  expect(await again.find(order.id)).toEqual(order);
  await again.close();
});
