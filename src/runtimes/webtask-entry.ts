import { rootCertificates } from 'node:tls';
import { downloadCertificateChain } from '../alexa/certificate-download';
import { createWebtask } from './webtask';
import { assets } from './webtask-assets';

// What the bundle exports. The tests bundle an entry of their own, which trusts a test root; this one cannot.
export = createWebtask({
  assets,
  alexaCertificates: { roots: rootCertificates, download: downloadCertificateChain },
});
