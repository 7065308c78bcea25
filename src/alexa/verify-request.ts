import { verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../step-up/outside';
import { type CertificateSource, createCertificateCache } from './certificate-cache';
import type { SigningCertificate } from './certificate-chain';
import { parseCertificateUrl } from './certificate-url';
import { type AlexaRequest, applicationIdsOf, type Envelope, parseEnvelope } from './envelope';
import { RequestNotVerified } from './verify-error';

const toleranceMs = 150_000;
/** Skill events are delivered again and again until they are answered: Amazon's SDK takes them for an hour. */
const eventToleranceMs = 3_600_000;

/**
 * Gives the envelope of a request that Alexa signed, just now, for this skill; throws for every other request.
 * @throws RequestNotVerified with the reason; nothing else.
 */
type RequestVerifier = (headers: IncomingHttpHeaders, body: Buffer) => Promise<Envelope>;

/**
 * Makes the verifier of one skill; it remembers the certificates it has seen (see `createCertificateCache`).
 * Its `headers` are those of node:http (names in lower case), its `body` the raw bytes as they were received.
 * Without an `applicationId` any skill's requests are taken, so set it wherever strangers can reach the door.
 *
 * The rules (Amazon, "Host a custom skill as a web service"). Where the certificate is known, the signature comes right after
 * the headers, so that nothing is made of what nobody signed; where it is not, in the order of their cost, the network last:
 * 1. `Signature-256` and `SignatureCertChainUrl` are there, once. The SHA-1 `Signature` is never looked at.
 * 2. The URL is Amazon's, after normalising it (`parseCertificateUrl`).
 * 3. The signature is base64.
 * 4. The body is an Alexa envelope (`parseEnvelope`).
 * 5. Its timestamp is at most 150 s away from now, on either side; a skill event may be an hour old.
 * 6. Every application id it names is this skill's, and it names one.
 * 7. The chain at the URL is downloaded and leads to a trusted root, each certificate being valid now, and
 * 8. its leaf is for `echo-api.amazon.com` (`verifyCertificateChain`).
 * 9. The leaf's key signed exactly these bytes (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017 §8.2).
 */
export function createRequestVerifier({
  certificates,
  clock,
  applicationId,
}: {
  certificates: CertificateSource;
  clock: Clock;
  applicationId?: string;
}): RequestVerifier {
  const signingCertificates = createCertificateCache(certificates);

  return async (headers, body) => {
    const now = clock();
    const url = parseCertificateUrl(headerOf(headers, 'signaturecertchainurl'));
    const signature = parseSignature(headerOf(headers, 'signature-256'));
    const verifySignature = (certificate: SigningCertificate) => {
      if (!verify('sha256', body, certificate.publicKey, signature)) {
        throw new RequestNotVerified('signature_mismatch', 'The body is not what the certificate signed.');
      }
      signingCertificates.keep(url, certificate);
    };

    const known = signingCertificates.known(url, now);
    if (known) verifySignature(known);
    const envelope = parseEnvelope(parseJson(body));
    verifyTimestamp(envelope.request, now);
    if (applicationId) verifyApplication(envelope, applicationId);
    if (!known) verifySignature(await signingCertificates.find(url, now));
    return envelope;
  };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value !== 'string' || value === '') {
    throw new RequestNotVerified('header_missing', `The request has no ${name} header.`);
  }
  return value;
}

function parseSignature(header: string): Buffer {
  // Buffer.from skips what is not base64, so that many texts would be the same signature.
  if (!/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(header)) {
    throw new RequestNotVerified('signature_malformed', 'The signature-256 header is not base64.');
  }
  return Buffer.from(header, 'base64');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new RequestNotVerified('malformed', 'The body is not JSON.', { cause });
  }
}

function verifyTimestamp({ type, timestamp }: AlexaRequest, now: number): void {
  const age = now - parseTimestamp(String(timestamp));
  const maxAge = type.startsWith('AlexaSkillEvent.') ? eventToleranceMs : toleranceMs;
  // Stated as what must hold: NaN fails every comparison.
  if (!(-toleranceMs <= age && age <= maxAge)) {
    throw new RequestNotVerified('stale', 'The timestamp is no time of about now.');
  }
}

/** Milliseconds since the epoch of an ISO date, or of such milliseconds; NaN for anything else. */
function parseTimestamp(timestamp: string): number {
  if (/^\d{13}$/.test(timestamp)) return Number(timestamp);
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(timestamp);
  return isIso ? Date.parse(timestamp) : Number.NaN;
}

function verifyApplication(envelope: Envelope, applicationId: string): void {
  const named = applicationIdsOf(envelope);
  if (named.length === 0 || named.some((id) => id !== applicationId)) {
    throw new RequestNotVerified('other_skill', 'The request is not for this skill.');
  }
}
