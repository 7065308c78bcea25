import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openSigningChain,
  type SignatureHeaders,
  type SigningChain,
} from '../../../local/echo/signing-chain';
import { createRequestVerifier } from '../../../src/alexa/verify-request';

const now = Date.parse('2030-01-01T12:00:00Z');
const dayMs = 86_400_000;
const body = JSON.stringify({
  context: { System: { application: {}, user: {} } },
  request: { type: 'LaunchRequest', requestId: 'r', timestamp: '2030-01-01T12:00:00Z', locale: 'ñ' },
});

describe("the Echo's signing chain", () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'signing-chain-')), 'echo');
    file = join(directory, 'signing-chain.json');
  });

  afterEach(() => rm(join(directory, '..'), { recursive: true }));

  const open = (at = now) => openSigningChain({ directory, clock: () => at });
  const verifierOf = ({ certificates }: SigningChain) =>
    createRequestVerifier({ certificates, clock: () => now });
  const received = (headers: SignatureHeaders) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

  it.each([
    ['a text', body],
    ['bytes', Buffer.from(body)],
  ])("signs %s as Alexa does: POD's own verification takes it", async (_what, toSign) => {
    const chain = await open();
    const envelope = await verifierOf(chain)(received(chain.sign(toSign)), Buffer.from(body));
    expect(envelope.request.requestId).toBe('r');
  });

  it('is refused by everybody who does not trust its root', async () => {
    const chain = await open();
    const stranger = await openSigningChain({
      directory: join(directory, 'stranger'),
      clock: () => now,
      beside: { roots: [], download: async () => chain.chainPem },
    });
    const certificates = { roots: [stranger.rootPem], download: chain.certificates.download };
    const verify = createRequestVerifier({ certificates, clock: () => now });
    const verification = verify(received(chain.sign(body)), Buffer.from(body));
    await expect(verification).rejects.toMatchObject({ reason: 'certificate_untrusted' });
  });

  it('is the same after a restart', async () => {
    const first = await open();
    const second = await open(now + 300 * dayMs);
    expect(second.chainPem).toBe(first.chainPem);
    const verify = verifierOf(first);
    await expect(verify(received(second.sign(body)), Buffer.from(body))).resolves.toBeDefined();
  });

  it.each([
    ['less than 30 days before it ends', now + 336 * dayMs],
    ['after it has ended', now + 400 * dayMs],
    ['when the clock was set back before its beginning', now - 2 * dayMs],
  ])('is made anew %s', async (_what, later) => {
    const first = await open();
    const second = await open(later);
    expect(second.rootPem).not.toBe(first.rootPem);
    expect(Date.parse(new X509Certificate(second.chainPem).validTo)).toBeGreaterThan(later + 360 * dayMs);
    expect((await open(later)).chainPem).toBe(second.chainPem);
  });

  it.each(['', '{', '{}', 'null', '{"rootPem":1,"chainPem":2,"privateKeyPem":3}'])(
    'is made anew when its file holds %j',
    async (damage) => {
      const first = await open();
      await writeFile(file, damage);
      const second = await open();
      expect(second.chainPem).not.toBe(first.chainPem);
      expect((await open()).chainPem).toBe(second.chainPem);
    },
  );

  it('leaves its private key to its owner alone, and no other file', async () => {
    await open();
    await chmod(file, 0o644);
    await open(now + 400 * dayMs);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['signing-chain.json']);
  });

  it('keeps no key that could issue another certificate', async () => {
    const { rootPem, chainPem } = await open();
    const stored = JSON.parse(await readFile(file, 'utf8'));
    expect(Object.keys(stored).sort()).toEqual(['chainPem', 'privateKeyPem', 'rootPem']);
    expect(stored).toMatchObject({ rootPem, chainPem });
    expect(stored.privateKeyPem.match(/BEGIN PRIVATE KEY/g)).toHaveLength(1);
  });

  it('gives its chain for its own URL, and asks the source beside it for every other one', async () => {
    const beside = { roots: ['another root'], download: async (url: URL) => `chain of ${url}` };
    const { certificates, chainPem, rootPem, sign } = await openSigningChain({
      directory,
      clock: () => now,
      beside,
    });
    const other = new URL('https://s3.amazonaws.com/echo.api/echo-api-cert.pem');
    expect(await certificates.download(new URL(sign('').SignatureCertChainUrl))).toBe(chainPem);
    expect(await certificates.download(other)).toBe(`chain of ${other}`);
    expect(certificates.roots).toEqual(['another root', rootPem]);
  });

  it('refuses every other URL when there is no source beside it', async () => {
    const { certificates } = await open();
    const other = new URL('https://s3.amazonaws.com/echo.api/echo-api-cert.pem');
    await expect(certificates.download(other)).rejects.toThrow('Only the development chain');
  });
});
