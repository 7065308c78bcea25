import { beforeAll, describe, expect, it } from 'vitest';
import {
  issueAlexaChain,
  issueAlexaLeaf,
  issueCertificate,
  type TestCertificate,
} from '../fixtures/certificates';
import { expectRefused, launchRequest, now, openScene } from './verify-request-scene';

const dayMs = 86_400_000;

describe('the certificate chain of a request', () => {
  let root: TestCertificate;
  let intermediate: TestCertificate;
  let leaf: TestCertificate;

  beforeAll(async () => {
    ({ root, intermediate, leaf } = await issueAlexaChain(now));
  });

  const verifyWith = (chain: readonly TestCertificate[], signer = leaf) =>
    openScene({ root, chain, signer }).send(launchRequest());

  it('V01 is accepted when leaf and intermediate lead to a trusted root', async () => {
    const envelope = await verifyWith([leaf, intermediate]);
    expect(envelope.request.type).toBe('LaunchRequest');
  });

  it('V01 is accepted when it holds the trusted root as well', async () => {
    await expect(verifyWith([leaf, intermediate, root])).resolves.toBeDefined();
  });

  it('V02 is accepted when it goes on, above a trusted root, to an authority nobody trusts', async () => {
    const old = await issueCertificate({ name: 'Forgotten root', at: now, authority: true });
    const crossSigned = await issueCertificate({ ...root, at: now, issuer: old, authority: true });
    await expect(verifyWith([leaf, intermediate, crossSigned])).resolves.toBeDefined();
  });

  it('V02 is accepted when only the issuer of its cross-signed root is trusted', async () => {
    const old = await issueCertificate({ name: 'Older root', at: now, authority: true });
    const crossSigned = await issueCertificate({ ...root, at: now, issuer: old, authority: true });
    const scene = openScene({ root: old, chain: [leaf, intermediate, root, crossSigned], signer: leaf });
    await expect(scene.send(launchRequest())).resolves.toBeDefined();
  });

  it('V03 is accepted when the certificates after the leaf come in another order', async () => {
    const lower = await issueCertificate({ name: 'Lower', at: now, issuer: intermediate, authority: true });
    const deepLeaf = await issueAlexaLeaf(lower, now);
    await expect(verifyWith([deepLeaf, root, intermediate, lower], deepLeaf)).resolves.toBeDefined();
  });

  it('V04 is refused when the leaf signed itself, whatever its name', async () => {
    const selfSigned = await issueAlexaLeaf(leaf, now, { keys: leaf.keys });
    await expectRefused(verifyWith([selfSigned]), 'certificate_untrusted');
    await expectRefused(verifyWith([selfSigned, intermediate, root]), 'certificate_untrusted');
  });

  it('V05 is refused when the leaf was issued by another leaf', async () => {
    const site = await issueCertificate({ name: 'a.example', at: now, issuer: intermediate });
    const forged = await issueAlexaLeaf(site, now, { keys: leaf.keys });
    await expectRefused(verifyWith([forged, site, intermediate]), 'certificate_untrusted');
  });

  it('V06 is refused when the intermediate is missing', async () => {
    await expectRefused(verifyWith([leaf]), 'certificate_untrusted');
  });

  it('V07 is refused when the leaf has expired', async () => {
    const expired = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, notAfter: now - 1000 });
    await expectRefused(verifyWith([expired, intermediate]), 'certificate_expired');
  });

  it('V07 is refused when the intermediate has expired', async () => {
    const expired = await issueCertificate({
      ...intermediate,
      at: now,
      issuer: root,
      authority: true,
      notAfter: now - 1000,
    });
    await expectRefused(verifyWith([leaf, expired]), 'certificate_untrusted');
  });

  it('V07 is refused when the root has expired', async () => {
    const expiredRoot = await issueCertificate({ ...root, at: now - 2 * dayMs, authority: true });
    const scene = openScene({ root: expiredRoot, chain: [leaf, intermediate], signer: leaf });
    await expectRefused(scene.send(launchRequest()), 'certificate_untrusted');
  });

  it('V08 is refused when the leaf is not valid yet', async () => {
    const early = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, notBefore: now + 1000 });
    await expectRefused(verifyWith([early, intermediate]), 'certificate_expired');
  });

  it.each([
    'echo-api.amazon.com.evil.example',
    '*.amazon.com',
    'amazon.com',
    'a, DNS:echo-api.amazon.com, b',
    'echo-api.amazon.com\0.evil.example',
  ])('V09 is refused when the alternative name of the leaf is %j', async (dnsName) => {
    const other = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, dnsNames: [dnsName] });
    await expectRefused(verifyWith([other, intermediate]), 'certificate_name_mismatch');
  });

  it('V10 is refused when the leaf has the name as its common name only', async () => {
    const cnOnly = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, dnsNames: [] });
    await expectRefused(verifyWith([cnOnly, intermediate]), 'certificate_name_mismatch');
  });

  it.each([
    ['empty', ''],
    ['junk', 'not a certificate'],
    ['a PEM frame round junk', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['a web page', '<html><body>Not found</body></html>'],
  ])('V11 is refused when the download is %s', async (_what, text) => {
    const scene = openScene({ root, signer: leaf, download: async () => text });
    await expectRefused(scene.send(launchRequest()), 'certificate_malformed');
  });

  it('V11 is refused when a certificate is cut off', async () => {
    const chain = `${leaf.pem}${intermediate.pem}`;
    const scene = openScene({ root, signer: leaf, download: async () => chain.slice(0, -200) });
    await expectRefused(scene.send(launchRequest()), 'certificate_untrusted');
  });

  it('V12 is refused when the root comes first and the leaf last', async () => {
    await expectRefused(verifyWith([root, intermediate, leaf]), 'certificate_name_mismatch');
  });
});
