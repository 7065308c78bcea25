import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../deploy/doctor/finding';
import { openProductionPod, openSettingsFolder } from '../fixtures/production-pod';

const program = 'deploy/doctor/doctor.ts';

it('npm run doctor ends with 0 where there is no fault, with 1 where there is one, and tells machines the same', async () => {
  const { podUrl, run } = await openProductionPod();
  const sound = await run(program);
  expect(sound.errors).toBe('');
  const lines = sound.output.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^(ok {4}|- {5}) [a-z0-9 ]+: /);
  expect(lines).toContain(`ok     public url: ${podUrl}/app/ answers`);
  expect(sound.exitCode).toBe(0);

  const faulty = await run(program, ['--json'], { DATABASE_URL: 'file:/dev/null/orders.db' });
  expect(faulty.errors).toBe('');
  const findings: Finding[] = JSON.parse(faulty.output);
  expect(findings.filter(({ state }) => state === 'fault')).toEqual([
    {
      area: 'database',
      state: 'fault',
      text: expect.stringContaining('SQLite'),
      cure: expect.stringContaining('DATABASE_URL'),
    },
  ]);
  expect(findings.map(({ area }) => area)).toEqual(
    expect.arrayContaining(['settings', 'auth0', 'account linking', 'public url', 'clock', 'mail', 'pusher']),
  );
  expect(faulty.exitCode).toBe(1);
});

it('npm run doctor ends with 2 where it cannot finish, in one line', async () => {
  const { folder, run } = await openSettingsFolder();
  await mkdir(join(folder, 'src', 'runtimes', 'secrets.ini'), { recursive: true });
  const { output, errors, exitCode } = await run(program);
  expect(output).toBe('');
  expect(errors).toMatch(/^The doctor could not finish: EISDIR[^\n]*\n$/);
  expect(exitCode).toBe(2);
});
