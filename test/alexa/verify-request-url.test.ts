import { beforeAll, describe, expect, it } from 'vitest';
import { alexaChainUrl, issueAlexaChain, type TestCertificate } from '../fixtures/certificates';
import { expectRefused, launchRequest, now, openScene } from './verify-request-scene';

describe('the certificate URL of a request', () => {
  let root: TestCertificate;
  let intermediate: TestCertificate;
  let leaf: TestCertificate;

  beforeAll(async () => {
    ({ root, intermediate, leaf } = await issueAlexaChain(now));
  });

  const open = () => openScene({ root, chain: [leaf, intermediate], signer: leaf });

  it.each([
    ['U01', 'as Amazon sends it', alexaChainUrl],
    ['U02', 'with port 443', 'https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem'],
    [
      'U03',
      'with dot segments that stay inside',
      'https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem',
    ],
    ['U04', 'with scheme and host in upper case', 'HTTPS://S3.AMAZONAWS.COM/echo.api/echo-api-cert.pem'],
    ['U14', 'with dot segments that lead inside', 'https://s3.amazonaws.com/x/../echo.api/echo-api-cert.pem'],
    ['A18', 'with a query, which says nothing', `${alexaChainUrl}?versionId=1`],
    ['R2', 'with a fragment, which no server ever sees', `${alexaChainUrl}#top`],
  ])('%s is accepted %s, and downloaded normalised', async (_id, _what, url) => {
    const scene = open();
    await scene.send(launchRequest(), url);
    expect(scene.downloads).toEqual([alexaChainUrl]);
  });

  it.each([
    ['U05', 'plain http', 'http://s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['U05', 'another scheme', 'ftp://s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['U06', 'another host', 'https://notamazon.com/echo.api/echo-api-cert.pem'],
    ['U06', 'a host with a trailing dot', 'https://s3.amazonaws.com./echo.api/echo-api-cert.pem'],
    ['U07', 'a path in another case', 'https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem'],
    ['U08', 'another path', 'https://s3.amazonaws.com/invalid.path/echo-api-cert.pem'],
    ['U08', 'a path that only begins alike', 'https://s3.amazonaws.com/echo.api.evil/x.pem'],
    ['U09', 'another port', 'https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem'],
    ['U10', 'dot segments into another bucket', 'https://s3.amazonaws.com/echo.api/../other-bucket/x.pem'],
    ['U10', 'backslashes into another bucket', 'https://s3.amazonaws.com/echo.api/..\\other-bucket\\x.pem'],
    [
      'U11',
      'encoded dots into another bucket',
      'https://s3.amazonaws.com/echo.api/%2e%2e/other-bucket/x.pem',
    ],
    ['U11', 'encoded dots and slash', 'https://s3.amazonaws.com/echo.api/%2e%2e%2fother-bucket/x.pem'],
    ['U11', 'dots encoded twice', 'https://s3.amazonaws.com/echo.api/%252e%252e/other-bucket/x.pem'],
    ['U12', 'the host as a user name', 'https://s3.amazonaws.com@evil.example/echo.api/x.pem'],
    ['U12', 'the host as a prefix', 'https://s3.amazonaws.com.evil.example/echo.api/x.pem'],
    ['U12', 'a wildcard after the host', 'https://s3.amazonaws.com*evil.example/echo.api/x.pem'],
    ['U13', 'user name and password', 'https://user:pw@s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['U13', 'a user name alone', 'https://user@s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['U13', 'a password alone', 'https://:pw@s3.amazonaws.com/echo.api/echo-api-cert.pem'],
    ['U14', 'a doubled first slash', 'https://s3.amazonaws.com//echo.api/echo-api-cert.pem'],
    ['U15', 'what is not a URL', 'echo-api-cert.pem'],
    ['U15', 'two URLs', `${alexaChainUrl}, https://evil.example/x.pem`],
  ])('%s is refused for %s, and nothing is downloaded', async (_id, _what, url) => {
    const scene = open();
    await expectRefused(scene.send(launchRequest(), url), 'certificate_url_refused');
    expect(scene.downloads).toEqual([]);
  });
});
