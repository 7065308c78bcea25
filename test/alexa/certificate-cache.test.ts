import { beforeAll, describe, expect, it } from 'vitest';
import {
  alexaChainUrl,
  issueAlexaChain,
  issueAlexaLeaf,
  signatureHeaders,
  type TestCertificate,
} from '../fixtures/certificates';
import { expectRefused, launchRequest, now, openScene, timestamp } from './verify-request-scene';

const hourMs = 3_600_000;

describe('the certificates that are kept', () => {
  let root: TestCertificate;
  let intermediate: TestCertificate;
  let leaf: TestCertificate;
  let chainPem: string;

  beforeAll(async () => {
    ({ root, intermediate, leaf } = await issueAlexaChain(now));
    chainPem = leaf.pem + intermediate.pem;
  });

  const openWith = (download: (url: URL) => Promise<string>) => openScene({ root, signer: leaf, download });
  const urlOf = (n: number) => alexaChainUrl.replace('.pem', `-${n}.pem`);

  it('are downloaded once for many requests', async () => {
    const scene = openWith(async () => chainPem);
    for (let turn = 0; turn < 3; turn++) await scene.send(launchRequest());
    expect(scene.downloads).toEqual([alexaChainUrl]);
  });

  it('C01 are looked at anew on each use: an expired one is refused', async () => {
    const shortLived = await issueAlexaLeaf(intermediate, now, { notAfter: now + hourMs });
    let time = now;
    const scene = openScene({
      root,
      chain: [shortLived, intermediate],
      signer: shortLived,
      clock: () => time,
    });
    await scene.send(launchRequest());
    time = now + hourMs + 1000;
    const later = launchRequest({ timestamp: timestamp(3601) });
    await expectRefused(scene.send(later), 'certificate_expired');
  });

  it('C01 are downloaded anew when they have expired, since the URL may hold their successor', async () => {
    const old = await issueAlexaLeaf(intermediate, now, { keys: leaf.keys, notAfter: now + hourMs });
    let time = now;
    let pem = old.pem + intermediate.pem;
    const scene = openScene({ root, signer: leaf, download: async () => pem, clock: () => time });
    await scene.send(launchRequest());
    time = now + hourMs + 1000;
    pem = chainPem;
    await expect(scene.send(launchRequest({ timestamp: timestamp(3601) }))).resolves.toBeDefined();
  });

  it.each([
    ['cut off', async () => chainPem.slice(0, leaf.pem.length / 2), 'certificate_malformed'],
    ['not there', () => Promise.reject(new Error('404')), 'certificate_unavailable'],
    [
      'not even begun',
      () => {
        throw new Error('no network');
      },
      'certificate_unavailable',
    ],
  ] as const)('C02 recover from a download that was %s', async (_what, failure, reason) => {
    let failed = false;
    const scene = openWith(async () => {
      if (failed) return chainPem;
      failed = true;
      return failure();
    });
    await expectRefused(scene.send(launchRequest()), reason);
    await expect(scene.send(launchRequest())).resolves.toBeDefined();
  });

  it('C03 are eight at the most: the one used longest ago leaves', async () => {
    const scene = openWith(async () => chainPem);
    for (let n = 1; n <= 8; n++) await scene.send(launchRequest(), urlOf(n));
    await scene.send(launchRequest(), urlOf(1));
    await scene.send(launchRequest(), urlOf(9));
    expect(scene.downloads).toHaveLength(9);
    await scene.send(launchRequest(), urlOf(1));
    expect(scene.downloads).toHaveLength(9);
    await scene.send(launchRequest(), urlOf(2));
    expect(scene.downloads).toHaveLength(10);
  });

  it('C03 cannot be driven out by requests that nobody signed', async () => {
    const scene = openWith(async () => chainPem);
    await scene.send(launchRequest());
    const body = Buffer.from(JSON.stringify(launchRequest()));
    for (let n = 1; n <= 20; n++) {
      const forged = { ...signatureHeaders(leaf, 'something else', urlOf(n)) };
      await expectRefused(scene.verify(forged, body), 'signature_mismatch');
    }
    const before = scene.downloads.length;
    await scene.send(launchRequest());
    expect(scene.downloads).toHaveLength(before);
  });

  it('share one download among the requests that wait for it, and its failure poisons nothing', async () => {
    const waiting: PromiseWithResolvers<string>[] = [];
    const scene = openWith(() => {
      const download = withResolvers<string>();
      waiting.push(download);
      return download.promise;
    });
    const first = [1, 2, 3].map(() => expectRefused(scene.send(launchRequest()), 'certificate_unavailable'));
    waiting[0]?.reject(new Error('connection reset'));
    await Promise.all(first);
    const second = [1, 2, 3].map(() => scene.send(launchRequest()));
    waiting[1]?.resolve(chainPem);
    await Promise.all(second);
    expect(scene.downloads).toHaveLength(2);
  });

  it('A18: are downloaded once for any number of query strings, and refuse no genuine request', async () => {
    const download = withResolvers<string>();
    const scene = openWith(() => download.promise);
    const queries = Array.from({ length: 40 }, (_, n) => `${alexaChainUrl}?acl&n=${n}#${n}`);
    const requests = [...queries, alexaChainUrl].map((url) => scene.send(launchRequest(), url));
    download.resolve(chainPem);
    await Promise.all(requests);
    expect(scene.downloads).toEqual([alexaChainUrl]);
    await scene.send(launchRequest(), `${alexaChainUrl}?another`);
    expect(scene.downloads).toHaveLength(1);
  });

  it('A18: are used before anything is made of a body that nobody signed', async () => {
    const scene = openWith(async () => chainPem);
    const headers = signatureHeaders(leaf, 'something else');
    await expectRefused(scene.verify(headers, Buffer.from('no JSON')), 'malformed');
    await scene.send(launchRequest());
    await expectRefused(scene.verify(headers, Buffer.from('no JSON')), 'signature_mismatch');
    await expectRefused(scene.send('no JSON, but signed'), 'malformed');
  });

  it('C03 are not downloaded from any number of URLs at once', async () => {
    const download = withResolvers<string>();
    const scene = openWith(() => download.promise);
    const requests = Array.from({ length: 40 }, (_, n) => scene.send(launchRequest(), urlOf(n)));
    const outcomes = Promise.allSettled(requests);
    download.resolve(chainPem);
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(scene.downloads).toHaveLength(32);
    await expect(scene.send(launchRequest(), urlOf(40))).resolves.toBeDefined();
  });
});

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

// Promise.withResolvers came with Node 22.
function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<PromiseWithResolvers<T>, 'promise'>) };
}
