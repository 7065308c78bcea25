import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyCertificateChain } from '../../src/alexa/certificate-chain';
import {
  ecKeys,
  issueAlexaChain,
  issueAlexaLeaf,
  issueCertificate,
  rsaKeys,
  type TestCertificate,
} from '../fixtures/certificates';

const now = Date.parse('2030-01-01T12:00:00Z');
const dayMs = 86_400_000;

describe('a signing chain', () => {
  let root: TestCertificate;
  let intermediate: TestCertificate;
  let leaf: TestCertificate;

  beforeAll(async () => {
    ({ root, intermediate, leaf } = await issueAlexaChain(now));
  });

  const verify = (chain: readonly TestCertificate[], at = now) =>
    verifyCertificateChain(chain.map(({ pem }) => pem).join(''), [new X509Certificate(root.pem)], at);
  const refusal = (reason: string) => expect.objectContaining({ name: 'RequestNotVerified', reason });

  it("gives the leaf's key, and the time in which the whole chain is valid", async () => {
    const short = { ...intermediate, at: now, issuer: root, authority: true, notAfter: now + 1000 };
    const certificate = verify([leaf, await issueCertificate(short)]);
    expect(certificate.publicKey.equals(new X509Certificate(leaf.pem).publicKey)).toBe(true);
    expect(certificate).toMatchObject({ notBefore: now - dayMs, notAfter: now + 1000 });
  });

  it('finds the valid one of two certificates of the same authority', async () => {
    const sameAuthority = { ...intermediate, at: now, issuer: root, authority: true };
    const expired = await issueCertificate({ ...sameAuthority, notAfter: now - 1000 });
    expect(() => verify([leaf, expired, intermediate])).not.toThrow();
    expect(() => verify([leaf, expired])).toThrow(refusal('certificate_untrusted'));
  });

  it('is refused when a certificate only claims the name of its issuer', async () => {
    const impostor = await issueCertificate({ name: intermediate.name, at: now, authority: true });
    const forged = await issueAlexaLeaf(impostor, now, { keys: leaf.keys });
    expect(() => verify([forged, intermediate])).toThrow(refusal('certificate_untrusted'));
  });

  it('is refused when an authority in it may not sign certificates', async () => {
    const authority = { ...intermediate, at: now, issuer: root, authority: true };
    const mute = await issueCertificate({ ...authority, maySign: false });
    expect(() => verify([leaf, mute])).toThrow(refusal('certificate_untrusted'));
  });

  it('is refused when an issuer in it may sign certificates but is no authority', async () => {
    const site = { name: 'a.example', at: now, issuer: intermediate, authority: false, maySign: true };
    const issuer = await issueCertificate(site);
    const forged = await issueAlexaLeaf(issuer, now, { keys: leaf.keys });
    expect(() => verify([forged, issuer, intermediate])).toThrow(refusal('certificate_untrusted'));
  });

  it('ends in a refusal when authorities certify one another in a circle', async () => {
    const a = await issueCertificate({ name: 'A', at: now, authority: true });
    const b = await issueCertificate({ name: 'B', at: now, authority: true });
    const aByB = await issueCertificate({ ...a, at: now, issuer: b, authority: true });
    const bByA = await issueCertificate({ ...b, at: now, issuer: a, authority: true });
    const circular = await issueAlexaLeaf(a, now, { keys: leaf.keys });
    expect(() => verify([circular, aByB, bByA, a, b])).toThrow(refusal('certificate_untrusted'));
  });

  it('is refused when it is longer than any genuine one', () => {
    expect(() => verify([leaf, ...Array.from({ length: 7 }, () => intermediate)])).not.toThrow();
    const tooMany = Array.from({ length: 8 }, () => intermediate);
    expect(() => verify([leaf, ...tooMany])).toThrow(refusal('certificate_malformed'));
  });

  it.each([
    ['an RSA key of 1024 bits', () => rsaKeys(1024)],
    ['an elliptic-curve key', ecKeys],
  ])('is refused when the leaf has %s', async (_what, makeKeys) => {
    const weak = await issueAlexaLeaf(intermediate, now, { keys: await makeKeys() });
    expect(() => verify([weak, intermediate])).toThrow(refusal('certificate_key_refused'));
  });

  it.each([
    ['DSA', () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })],
    ['RSA-PSS', () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
  ])('is refused when the leaf has a %s key, however long', async (_what, makeKeys) => {
    const spki = makeKeys().publicKey.export({ type: 'spki', format: 'der' });
    const other = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, spki });
    expect(() => verify([other, intermediate])).toThrow(refusal('certificate_key_refused'));
  });

  it('is refused outside its validity, and taken at both ends of it', () => {
    for (const at of [now - dayMs, now + dayMs]) expect(() => verify([leaf, intermediate], at)).not.toThrow();
    for (const at of [now - dayMs - 1, now + dayMs + 1, Number.NaN]) {
      expect(() => verify([leaf, intermediate], at)).toThrow(refusal('certificate_expired'));
    }
  });
});
