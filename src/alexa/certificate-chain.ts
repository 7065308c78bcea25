import { type KeyObject, X509Certificate } from 'node:crypto';
import { type NotVerifiedReason, RequestNotVerified } from './verify-error';

/** The key that may sign requests, and the time (ms since the epoch) in which its whole chain is valid. */
export interface SigningCertificate {
  publicKey: KeyObject;
  notBefore: number;
  notAfter: number;
}

const signerName = 'echo-api.amazon.com';
const minKeyBits = 2048;
const maxCertificates = 8;

/**
 * Takes a PEM bundle, leaf first, and gives the leaf's key if Alexa may sign with it at `now` (ms since the epoch):
 * the leaf has the DNS name `echo-api.amazon.com`, an RSA key of 2048 bits or more, and a path to one of `roots`,
 * every certificate of which is within its validity (RFC 5280 §6.1).
 *
 * The walk ends at the first certificate that a root has issued. Whatever the bundle holds above it is ignored:
 * Amazon's own ends in a cross-signed root whose issuer newer Node versions no longer trust.
 * node:crypto shows neither path length nor name constraints. They would narrow what a trusted authority may issue;
 * the URL rules, by which only Amazon can place a chain, narrow it further than they could.
 * @throws RequestNotVerified `certificate_…`
 */
export function verifyCertificateChain(
  pem: string,
  roots: readonly X509Certificate[],
  now: number,
): SigningCertificate {
  const bundle = parseBundle(pem);
  const leaf = bundle[0] as X509Certificate;
  if (!isValidAt(leaf, now)) throw refused('certificate_expired', 'is not valid now');
  if (!isNamed(leaf)) throw refused('certificate_name_mismatch', `is not for ${signerName}`);
  const path = pathToRoot(leaf, new Set(bundle), roots, now);
  if (!path) throw refused('certificate_untrusted', 'has no valid path to a trusted root');
  return {
    publicKey: signingKeyOf(leaf),
    notBefore: Math.max(...path.map(({ validFrom }) => Date.parse(validFrom))),
    notAfter: Math.min(...path.map(({ validTo }) => Date.parse(validTo))),
  };
}

function parseBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || blocks.length > maxCertificates) {
    throw refused('certificate_malformed', `comes in a bundle of ${blocks.length} certificates`);
  }
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw refused('certificate_malformed', 'or one of its issuers cannot be read', cause);
  }
}

/** Takes each certificate out of `unused` as it looks at it, so that cross-signed authorities cannot lead it in circles. */
function pathToRoot(
  certificate: X509Certificate,
  unused: Set<X509Certificate>,
  roots: readonly X509Certificate[],
  now: number,
): X509Certificate[] | undefined {
  unused.delete(certificate);
  if (!isValidAt(certificate, now)) return undefined;
  const root = roots.find((candidate) => isIssuedBy(certificate, candidate) && isValidAt(candidate, now));
  if (root) return [certificate, root];
  for (const issuer of unused) {
    if (!issuer.ca || !isIssuedBy(certificate, issuer)) continue;
    const path = pathToRoot(issuer, unused, roots, now);
    if (path) return [certificate, ...path];
  }
  return undefined;
}

/** `checkIssued` compares names, key identifiers and the issuer's right to sign certificates, but no signature. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValidAt(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
}

/** Not by reading `subjectAltName`: as a text it has been misread before (CVE-2021-44532). */
function isNamed(leaf: X509Certificate): boolean {
  return leaf.checkHost(signerName, { subject: 'never', wildcards: false }) !== undefined;
}

function signingKeyOf(leaf: X509Certificate): KeyObject {
  const { publicKey } = leaf;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < minKeyBits) {
    throw refused('certificate_key_refused', `has no RSA key of ${minKeyBits} bits`);
  }
  return publicKey;
}

function refused(reason: NotVerifiedReason, what: string, cause?: unknown): RequestNotVerified {
  return new RequestNotVerified(reason, `The signing certificate ${what}.`, { cause });
}
