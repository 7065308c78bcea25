import { KeyObject } from 'node:crypto';
import { createServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkEndpoint } from '../../deploy/doctor/check-endpoint';
import { listen } from '../../src/runtimes/listen';
import { issueCertificate, type TestCertificate } from '../fixtures/certificates';
import { fetchTrusting } from '../fixtures/fetch-trusting';
import { testConfig } from '../fixtures/settings';

const day = 86_400_000;
const now = Date.now();
const longLived = { at: now, notAfter: now + 90.5 * day };

/** An authority that Amazon is said to trust, and one below it that issues certificates. */
async function openAuthority() {
  const root = await issueCertificate({ name: 'Trusted root', ...longLived, authority: true });
  const issuer = await issueCertificate({
    name: 'Test authority',
    ...longLived,
    issuer: root,
    authority: true,
  });
  return { root, issuer };
}

/** What the doctor says of the certificate of a host that shows these, its own first. */
async function check(shown: readonly TestCertificate[], trusted: TestCertificate, more = {}) {
  const key = KeyObject.from((shown[0] ?? expect.unreachable()).keys.privateKey);
  const tls = {
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: shown.map(({ pem }) => pem).join(''),
  };
  const server = createServer(tls, (_req, res) => void res.writeHead(404).end());
  const { port, cut } = await listen(server, 0, '127.0.0.1');
  onTestFinished(cut);
  const [finding] = await checkEndpoint({
    podUrl: `https://localhost:${port}`,
    certificate: 'Trusted',
    config: testConfig,
    fetch: fetchTrusting(trusted.pem),
    clock: () => now,
    authorities: [trusted.pem],
    ...more,
  });
  return finding;
}

const leafOf = (issuer: TestCertificate | undefined, changes = {}) =>
  issueCertificate({ name: 'localhost', dnsNames: ['localhost'], ...longLived, issuer, ...changes });

const refused = (reason: RegExp, cure: RegExp) => ({
  state: 'fault',
  text: expect.stringMatching(
    new RegExp(`^the certificate of localhost is not one that Alexa takes: .*${reason.source}`),
  ),
  cure: expect.stringMatching(cure),
});

describe('the doctor, on the certificate of a host', () => {
  it('takes one of an authority that Amazon trusts, with the one between', async () => {
    const { root, issuer } = await openAuthority();
    expect(await check([await leafOf(issuer), issuer], root)).toEqual({
      area: 'public url',
      state: 'ok',
      text: 'the certificate of localhost is of Test authority, for 90 days (Trusted)',
    });
  });

  it('names one whose chain is not sent', async () => {
    const { root, issuer } = await openAuthority();
    expect(await check([await leafOf(issuer)], root)).toMatchObject(
      refused(/verify the first/, /full chain/),
    );
  });

  it('names one that nobody trusts, also where this machine does', async () => {
    const { root, issuer } = await openAuthority();
    const cure = /authority that Amazon trusts/;
    expect(await check([await leafOf(undefined)], root)).toMatchObject(refused(/self-signed/, cure));
    const chain = [await leafOf(issuer), issuer, root];
    const others = { authorities: undefined };
    expect(await check(chain, root, others)).toMatchObject(refused(/self-signed certificate in/, cure));
  });

  it('names one of another host', async () => {
    const { root, issuer } = await openAuthority();
    const leaf = await leafOf(issuer, { dnsNames: ['localhost.evil.example'] });
    expect(await check([leaf, issuer], root)).toMatchObject(refused(/altnames/, /for its name/));
  });

  it('names one that has ended, and one that soon does', async () => {
    const { root, issuer } = await openAuthority();
    const ended = await leafOf(issuer, { notBefore: now - 9 * day, notAfter: now - day });
    expect(await check([ended, issuer], root)).toMatchObject(refused(/expired/, /authority/));
    const ending = await leafOf(issuer, { notAfter: now + 5.5 * day });
    expect(await check([ending, issuer], root)).toMatchObject({
      state: 'fault',
      text: 'the certificate of localhost ends in 5 days',
    });
  });

  it('names one of another kind than Amazon is told of', async () => {
    const { root, issuer } = await openAuthority();
    expect(await check([await leafOf(issuer), issuer], root, { certificate: 'Wildcard' })).toMatchObject({
      state: 'fault',
      text: 'the certificate of localhost is Trusted, and Amazon is told Wildcard',
      cure: 'Set ALEXA_CERTIFICATE=Trusted, and run npm run deploy:skill.',
    });
  });

  it('says of a host that does not answer nothing but that', async () => {
    const { root } = await openAuthority();
    const podUrl = 'https://localhost:1';
    expect(await check([await leafOf(undefined)], root, { podUrl })).toMatchObject({
      state: 'fault',
      text: expect.stringMatching(/^https:\/\/localhost:1 does not answer: .*ECONNREFUSED/),
    });
  });
});
