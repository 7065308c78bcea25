import type { IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import type { CertificateSource } from '../../src/alexa/certificate-cache';
import type { Envelope } from '../../src/alexa/envelope';
import type { NotVerifiedReason } from '../../src/alexa/verify-error';
import { createRequestVerifier } from '../../src/alexa/verify-request';
import type { Clock } from '../../src/step-up/outside';
import { alexaRequest, skillId } from '../fixtures/alexa-request';
import { alexaChainUrl, signatureHeaders, type TestCertificate } from '../fixtures/certificates';

export const now = Date.parse('2030-01-01T12:00:00Z');

/** The time `seconds` away from now, as Alexa writes it. */
export function timestamp(seconds = 0): string {
  return new Date(now + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Always of the same bytes, so that a test can be repeated. */
export function launchRequest(request: object = {}) {
  return alexaRequest({ type: 'LaunchRequest', requestId: 'amzn1.echo-api.request.1', ...request }, { now });
}

export interface Scene {
  verify: (headers: IncomingHttpHeaders, body: Buffer) => Promise<Envelope>;
  /** Signs with the scene's signer and verifies. A string is sent as it is. */
  send(envelope: unknown, url?: string): Promise<Envelope>;
  /** The URLs that were downloaded, in order. */
  downloads: string[];
}

/** A verifier that trusts `root` and downloads `chain` from wherever it is told to, or what `download` gives. */
export function openScene({
  root,
  chain = [],
  signer,
  download = async () => chain.map(({ pem }) => pem).join(''),
  clock = () => now,
  applicationId = skillId,
}: {
  root: TestCertificate;
  chain?: readonly TestCertificate[];
  signer: TestCertificate;
  download?: CertificateSource['download'];
  clock?: Clock;
  applicationId?: string | null;
}): Scene {
  const downloads: string[] = [];
  const verify = createRequestVerifier({
    certificates: {
      roots: [root.pem],
      download: (url) => {
        downloads.push(url.href);
        return download(url);
      },
    },
    clock,
    applicationId: applicationId ?? undefined,
  });
  return {
    verify,
    downloads,
    send(envelope, url = alexaChainUrl) {
      const body = Buffer.from(typeof envelope === 'string' ? envelope : JSON.stringify(envelope));
      return verify(signatureHeaders(signer, body, url), body);
    },
  };
}

export async function expectRefused(
  verification: Promise<unknown>,
  reason: NotVerifiedReason,
): Promise<void> {
  await expect(verification).rejects.toMatchObject({ name: 'RequestNotVerified', reason });
}
