import { X509Certificate } from 'node:crypto';
import { type SigningCertificate, verifyCertificateChain } from './certificate-chain';
import { RequestNotVerified } from './verify-error';

const maxKept = 8;
const maxDownloads = 32;

/** How the signing certificates of Alexa requests are found and trusted. Verification itself has no switch. */
export interface CertificateSource {
  /** PEM of the trusted root certificates. */
  roots: readonly string[];
  /** Downloads the PEM chain, leaf first. `url` has been checked; it must be fetched as given, without redirects. */
  download(url: URL): Promise<string>;
}

/** Signing certificates by the URL of their chain. */
export interface SigningCertificates {
  /** The certificate behind a checked URL, if one is kept that is valid at `now` (ms since the epoch). */
  known(url: URL, now: number): SigningCertificate | undefined;
  /**
   * The trusted certificate behind a checked URL, valid at `now`: downloaded, or kept since.
   * @throws RequestNotVerified `certificate_…`
   */
  find(url: URL, now: number): Promise<SigningCertificate>;
  /** To be called only once a signature of it was right: nobody but Amazon can fill the places. */
  keep(url: URL, certificate: SigningCertificate): void;
}

/**
 * Remembers the eight certificates used last. A failure is never remembered, and a certificate that has expired
 * is downloaded anew, since Amazon may put another one under the same URL. Requests that come while their chain
 * is being downloaded share it. Roots are parsed once, at first use: a cold start need not wait for them.
 */
export function createCertificateCache({ roots, download }: CertificateSource): SigningCertificates {
  const kept = new Map<string, SigningCertificate>();
  const downloads = new Map<string, Promise<SigningCertificate>>();
  let trusted: X509Certificate[] | undefined;

  async function downloadPem(url: URL): Promise<string> {
    try {
      return await download(url);
    } catch (cause) {
      throw unavailable('could not be downloaded', cause);
    }
  }

  async function downloadAndVerify(url: URL, now: number): Promise<SigningCertificate> {
    trusted ??= roots.map((root) => new X509Certificate(root));
    return verifyCertificateChain(await downloadPem(url), trusted, now);
  }

  function share(url: URL, now: number): Promise<SigningCertificate> {
    // Anybody can name any number of paths: without a bound, each would be a connection at once.
    if (downloads.size >= maxDownloads) throw unavailable('has to wait: too many are being downloaded');
    const download = downloadAndVerify(url, now).finally(() => downloads.delete(url.href));
    downloads.set(url.href, download);
    return download;
  }

  const known: SigningCertificates['known'] = (url, now) => {
    const certificate = kept.get(url.href);
    return certificate && certificate.notBefore <= now && now <= certificate.notAfter
      ? certificate
      : undefined;
  };

  return {
    known,
    async find(url, now) {
      return known(url, now) ?? downloads.get(url.href) ?? share(url, now);
    },
    keep(url, certificate) {
      kept.delete(url.href);
      kept.set(url.href, certificate);
      const [oldest] = kept.keys();
      if (kept.size > maxKept && oldest) kept.delete(oldest);
    },
  };
}

function unavailable(what: string, cause?: unknown): RequestNotVerified {
  return new RequestNotVerified('certificate_unavailable', `The certificate chain ${what}.`, { cause });
}
