import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createTenant } from '../../local/tenant/create-tenant';
import { seededUsers } from '../../local/tenant/seeded-users';
import { issueTlsCertificate } from '../fixtures/tls-certificate';

const phoebe = seededUsers.customerWithPhone.userId;

/** A tenant that speaks TLS, and the file of the authority that vouches for it. */
async function startTlsTenant() {
  const { authority: pem, tls } = await issueTlsCertificate();
  const directory = await mkdtemp(join(tmpdir(), 'pod-auth0-'));
  const authority = join(directory, 'ca.pem');
  await writeFile(authority, pem);
  const tenant = await createTenant({ tls });
  onTestFinished(async () => {
    await tenant.close();
    await rm(directory, { recursive: true });
  });
  return { tenant, authority };
}

async function orderOnce(env: Record<string, string>) {
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'order-once.ts'), phoebe, '0123'],
    { env: { ...inherited, ...env } },
  );
  return JSON.parse(stdout);
}

test('over TLS a code is sent and checked, by the platform’s own fetch', async () => {
  const { tenant, authority } = await startTlsTenant();
  tenant.forceNextCode('0123');
  expect(await orderOnce({ ...tenant.settings, NODE_EXTRA_CA_CERTS: authority })).toEqual({
    delivery: { channel: 'sms', maskedContact: '•••• 0101' },
    verdict: 'right',
  });
});

test('a tenant whose certificate nobody vouches for is not spoken to', async () => {
  const { tenant } = await startTlsTenant();
  const outcome = await orderOnce(tenant.settings);
  expect(outcome.refused).toBe('upstream_unavailable');
  expect(outcome.reason).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(Object.values(tenant.calls.get()).every((count) => count === 0)).toBe(true);
});
