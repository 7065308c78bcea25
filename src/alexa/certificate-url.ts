import { RequestNotVerified } from './verify-error';

/**
 * Takes the `SignatureCertChainUrl` header and gives the URL to download: https, `s3.amazonaws.com`, port 443,
 * a path below `/echo.api/` (Amazon, "Host a custom skill as a web service", checking the certificate URL).
 * The rules are applied to the parsed URL, and that very object is what may be fetched: a text that is checked
 * before its dot segments are resolved can name somebody else's bucket. Stricter than Amazon asks: no user info,
 * and no percent sign in the path, which somebody further on might decode into another path.
 *
 * The query is dropped: it says nothing about which chain is meant, and whatever S3 would make of one (`?acl`, say) must not
 * become the answer to everybody who waits for that chain.
 * @throws RequestNotVerified `certificate_url_refused`
 */
export function parseCertificateUrl(header: string): URL {
  const url = URL.canParse(header) ? new URL(header) : undefined;
  const isAmazons =
    url?.protocol === 'https:' &&
    url.hostname === 's3.amazonaws.com' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    url.pathname.startsWith('/echo.api/') &&
    !url.pathname.includes('%');
  if (!isAmazons) {
    throw new RequestNotVerified(
      'certificate_url_refused',
      'SignatureCertChainUrl is not a URL of Amazon Alexa.',
    );
  }
  url.hash = '';
  url.search = '';
  return url;
}
