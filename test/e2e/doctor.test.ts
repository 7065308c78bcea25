import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../deploy/doctor/finding';
import { openSettingsFiles } from '../../deploy/settings-files';
import { createTenant } from '../../local/tenant/create-tenant';
import { skillId } from '../fixtures/alexa-request';
import { runProgram, startProgram } from '../fixtures/npm-start';
import { issueTlsCertificate } from '../fixtures/tls-certificate';

/** A folder, and what `npm run doctor` prints in it. */
async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'pod-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { authority, tls } = await issueTlsCertificate();
  const environment = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
  await writeFile(environment.NODE_EXTRA_CA_CERTS, authority);
  return {
    folder,
    tls,
    environment,
    examine: (words: string[], more: Record<string, string> = {}) =>
      runProgram('deploy/doctor/doctor.ts', words, folder, { ...environment, ...more }),
  };
}

/** The production server, at a tenant that speaks TLS, by settings in a folder. */
async function openPod() {
  const { folder, tls, environment, examine } = await openFolder();
  const tenant = await createTenant({ tls });
  onTestFinished(tenant.close);
  await openSettingsFiles(folder, {}).keep({
    ...tenant.settings,
    ALEXA_SKILL_ID: skillId,
    DATABASE_URL: `file:${join(folder, 'orders.db')}`,
  });
  const { child, ended } = startProgram('test/fixtures/pod-with-echo.ts', [], folder, environment);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const [line] = await once(child.stdout, 'data');
  const { podUrl } = JSON.parse(String(line));
  await openSettingsFiles(folder, {}).keep({ POD_URL: podUrl });
  return { podUrl, examine };
}

it('npm run doctor ends with 0 where there is no fault, with 1 where there is one, and tells machines the same', async () => {
  const { podUrl, examine } = await openPod();
  const sound = await examine([]);
  expect(sound.errors).toBe('');
  const lines = sound.output.trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^(ok {4}|- {5}) [a-z0-9 ]+: /);
  expect(lines).toContain(`ok     public url: ${podUrl}/app/ answers`);
  expect(sound.exitCode).toBe(0);

  const faulty = await examine(['--json'], { DATABASE_URL: 'file:/dev/null/orders.db' });
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
  const { folder, examine } = await openFolder();
  await mkdir(join(folder, 'src', 'runtimes', 'secrets.ini'), { recursive: true });
  const { output, errors, exitCode } = await examine([]);
  expect(output).toBe('');
  expect(errors).toMatch(/^The doctor could not finish: EISDIR[^\n]*\n$/);
  expect(exitCode).toBe(2);
});
