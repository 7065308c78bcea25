import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  issueAlexaChain,
  issueAlexaLeaf,
  signatureHeaders,
  type TestCertificate,
} from '../fixtures/certificates';
import { expectRefused, launchRequest, now, openScene, type Scene } from './verify-request-scene';

describe('the signature of a request', () => {
  const body = Buffer.from(JSON.stringify(launchRequest()));
  let root: TestCertificate;
  let intermediate: TestCertificate;
  let leaf: TestCertificate;
  let scene: Scene;

  beforeAll(async () => {
    ({ root, intermediate, leaf } = await issueAlexaChain(now));
  });

  beforeEach(() => {
    scene = openScene({ root, chain: [leaf, intermediate], signer: leaf });
  });

  const signed = (changes: object) => ({ ...signatureHeaders(leaf, body), ...changes });

  it.each([
    ['no signature headers at all', { signaturecertchainurl: undefined, 'signature-256': undefined }],
    ['no Signature-256, only the SHA-1 Signature', { 'signature-256': undefined }],
    ['no certificate URL', { signaturecertchainurl: undefined }],
    ['Signature-256 as a list', { 'signature-256': ['AAAA', 'AAAA'] }],
    ['an empty certificate URL', { signaturecertchainurl: '' }],
    ['an empty signature', { 'signature-256': '' }],
  ])('S01 is refused for %s, and nothing is downloaded', async (_what, changes) => {
    await expectRefused(scene.verify(signed(changes), body), 'header_missing');
    expect(scene.downloads).toEqual([]);
  });

  it.each(['not base64!', 'AAA', 'AAAA AAAA', '-_-_', '===='])(
    'S02 is refused for the signature %j, and nothing is downloaded',
    async (signature) => {
      await expectRefused(scene.verify(signed({ 'signature-256': signature }), body), 'signature_malformed');
      expect(scene.downloads).toEqual([]);
    },
  );

  it('S02 is refused for a genuine signature with something beside it', async () => {
    const genuine = signatureHeaders(leaf, body)['signature-256'] as string;
    await expectRefused(
      scene.verify(signed({ 'signature-256': `${genuine}\t` }), body),
      'signature_malformed',
    );
    await expectRefused(
      scene.verify(signed({ 'signature-256': `${genuine}, ${genuine}` }), body),
      'signature_malformed',
    );
  });

  it('S03 is refused when Signature-256 holds the SHA-1 signature', async () => {
    const { signature } = signatureHeaders(leaf, body);
    await expectRefused(scene.verify(signed({ 'signature-256': signature }), body), 'signature_mismatch');
  });

  it('S04 is refused when the body was changed by one byte', async () => {
    const changed = Buffer.from(body.toString().replace('en-US', 'en-GB'));
    await expectRefused(scene.verify(signed({}), changed), 'signature_mismatch');
  });

  it('S04 is refused when a space was added to the body', async () => {
    await expectRefused(
      scene.verify(signed({}), Buffer.concat([body, Buffer.from(' ')])),
      'signature_mismatch',
    );
  });

  it('S04 is refused when another key signed it', async () => {
    const other = await issueAlexaLeaf(intermediate, now);
    await expectRefused(scene.verify(signatureHeaders(other, body), body), 'signature_mismatch');
  });

  it('S05 is accepted over the bytes of a body with characters of several bytes', async () => {
    const envelope = await scene.send(launchRequest({ locale: 'jalapeño 🍕' }));
    expect(envelope.request.locale).toBe('jalapeño 🍕');
  });

  it('S05 is accepted over bytes that are not the ones JSON.stringify would write', async () => {
    const spaced = JSON.stringify(launchRequest({ locale: 'ñ' }), undefined, 2).replace('ñ', '\\u00f1');
    const envelope = await scene.send(spaced);
    expect(envelope.request.locale).toBe('ñ');
  });

  it('S06 looks at the URL of each request, whatever was accepted before', async () => {
    await scene.send(launchRequest());
    const bad = scene.send(launchRequest(), 'https://s3.amazonaws.com/echo.api/../other-bucket/x.pem');
    await expectRefused(bad, 'certificate_url_refused');
    expect(scene.downloads).toHaveLength(1);
  });

  it.each([
    ['an empty body', ''],
    ['bad JSON', '{"version":"1.0"'],
    ['JSON that is no envelope', '[]'],
    ['JSON null', 'null'],
  ])('B01 is refused for %s, though signed, and nothing is downloaded', async (_what, text) => {
    await expectRefused(scene.send(text), 'malformed');
    expect(scene.downloads).toEqual([]);
  });
});
