import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
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

it('warns of secrets that others on the machine can read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pod-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'src', 'runtimes', 'secrets.ini');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    Object.entries(testSettings)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );

  await chmod(file, 0o640);
  expect((await run({}, folder)).text).toContain('others on this machine can read the secrets');
  await chmod(file, 0o600);
  expect((await run({}, folder)).text).not.toContain('others');
});

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
