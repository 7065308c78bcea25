import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { createSqliteStore } from '../../src/stores/sqlite';
import { pendingOrder, storeOrders } from '../fixtures/orders';

const root = resolve(__dirname, '../..');

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pod-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('B5: cannot be written when there is no room for more, and says so', async () => {
  const program = ['--import', 'tsx', 'test/fixtures/sqlite-until-full.ts', join(makeFolder(), 'orders.db')];
  // No file of this process may become larger.
  const limited = ['-c', 'ulimit -f 400; exec "$0" "$@"', process.execPath, ...program];
  const { stdout } = await promisify(execFile)('sh', limited, { cwd: root });
  expect(JSON.parse(stdout)).toEqual({
    writes: expect.any(Number),
    code: expect.stringMatching(/^store_(full|unavailable)$/),
    reason: expect.stringMatching(/disk/),
    page: { actions: [] },
    again: expect.stringMatching(/^store_(full|unavailable)$/),
  });
});

it('B10: is backed up while it runs by the command of the docs', async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'data'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const store = createSqliteStore(join(folder, 'data', 'orders.db'), pizzaOrder);
  const [before, after] = [pendingOrder(), pendingOrder()];
  await storeOrders(store, [before]);
  const [command = ''] =
    /^node -e .*VACUUM.*$/m.exec(readFileSync(join(root, 'docs/server.md'), 'utf8')) ?? [];
  execFileSync('sh', ['-c', command], { cwd: folder });
  await storeOrders(store, [after]);
  await store.close();
  const restored = createSqliteStore(join(folder, 'data', 'backup.db'), pizzaOrder);
  expect(await restored.find(before.id)).toEqual(before);
  expect(await restored.find(after.id)).toBeUndefined();
  await restored.close();
});
