import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openTlsCertificate } from '../../../local/tenant/tls-certificate';
import { openTenant } from '../../fixtures/tenant';

const pod = 'http://localhost:7100/app/oidc/callback';

it.each([
  [pod, true],
  ['http://localhost:3000/callback', true],
  ['http://127.0.0.1:49152/', true],
  ['https://localhost:8443/api/auth/callback/auth0', true],
  ['http://localhost.evil.example/', false],
  ['http://localhost@evil.example/', false],
  ['http://localhost:1@evil.example/', false],
  ['https://evil.example/?http://localhost/', false],
  ['javascript://localhost/%0aalert(1)', false],
])(
  'B18: sends a browser back to any address of this machine, and to no other: %s',
  async (uri, isAllowed) => {
    const tenant = await openTenant({ redirectUris: [pod], anyLoopbackRedirect: true });
    onTestFinished(tenant.close);
    const asked = { client_id: 'pod-local', response_type: 'code', scope: 'openid', redirect_uri: uri };
    const answer = await fetch(`${tenant.url}/authorize?${new URLSearchParams(asked)}`, {
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')?.includes('/u/login/')]).toEqual(
      isAllowed ? [303, true] : [400, undefined],
    );
  },
);

it('B18: keeps the certificate, and makes another before it ends', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pod-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const day = 86_400_000;
  const certificateAt = async (days: number) => {
    const now = Date.now() + days * day;
    const { tls } = await openTlsCertificate(directory, () => now);
    const { validTo, subjectAltName } = new X509Certificate(tls.cert);
    expect(Date.parse(validTo)).toBeGreaterThan(now + 29 * day);
    expect(subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    return tls.cert;
  };
  const first = await certificateAt(0);
  expect(await certificateAt(300)).toBe(first);
  expect(await certificateAt(340)).not.toBe(first);
});
