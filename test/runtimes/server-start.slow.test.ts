import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { testSettings } from '../fixtures/settings';

const root = resolve(__dirname, '../..');

it('says what to do, without a stack, when it cannot start', async () => {
  const taken = createServer().listen(0);
  await once(taken, 'listening');
  const port = String((taken.address() as AddressInfo).port);
  onTestFinished(() => void taken.close());

  const faulty = await run({ PORT: 'x' });
  expect(faulty).toMatchObject({ code: 1 });
  expect(faulty.text).toContain('API_ID is missing');
  expect(faulty.text).toContain('PORT is malformed');
  expect(faulty.text).not.toMatch(/\n\s+at /);

  const busy = await run({
    ...testSettings,
    PORT: port,
    DATABASE_URL: `file:${join(tmpdir(), `pod-busy-${port}`, 'o.db')}`,
  });
  expect(busy).toMatchObject({ code: 1 });
  expect(busy.text).toContain(`Port ${port} is in use`);
  await rm(join(tmpdir(), `pod-busy-${port}`), { recursive: true, force: true });
});

it('B20: says where it looked for settings', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pod-no-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { code, text } = await run({}, folder);
  expect(code).toBe(1);
  expect(text).toContain('API_ID is missing');
  expect(text).toContain(
    `There is no ${join('src', 'runtimes', 'secrets.ini')} in ${await realpath(folder)}`,
  );
});

it('B20: is told nothing by a blank variable of the environment', async () => {
  const { folder } = await writeSecrets({ ...testSettings, PORT: 'x' });
  const { text } = await run({ API_ID: '', PORT: ' ', APP_CLIENT_ID: '  ' }, folder);
  expect(text).toContain('PORT is malformed');
  expect(text).not.toContain('is missing');
  expect(text).not.toContain('There is no');
});

it('B20: names folder and user when its file cannot be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pod-no-folder-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'data'), 'a file where the folder should be');
  const { code, text } = await run({
    ...testSettings,
    DATABASE_URL: `file:${join(folder, 'data', 'orders.db')}`,
  });
  expect(code).toBe(1);
  expect(text).toContain(`cannot be opened for writing by the user ${userInfo().username}`);
  expect(text).toContain(`the folder ${join(folder, 'data')}`);
  expect(text).not.toMatch(/\n\s+at /);
});

it('warns of secrets that others on the machine can read', async () => {
  const { folder, file } = await writeSecrets(testSettings);
  await chmod(file, 0o640);
  expect((await run({}, folder)).text).toContain('others on this machine can read the secrets');
  await chmod(file, 0o600);
  expect((await run({}, folder)).text).not.toContain('others');
});

/** A folder in which POD finds these settings. */
async function writeSecrets(settings: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'pod-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'src', 'runtimes', 'secrets.ini');
  await mkdir(dirname(file), { recursive: true });
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(file, lines.join('\n'));
  return { folder, file };
}

async function run(env: Record<string, string>, cwd = root): Promise<{ code: number | null; text: string }> {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const program = join(root, 'src', 'runtimes', 'server-start.ts');
  const child = spawn(process.execPath, ['--import', tsx, program], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const [code] = await once(child, 'exit');
  return { code, text };
}
