import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { downloadCertificateChain } from '../../src/alexa/certificate-download';
import { alexaChainUrl } from '../fixtures/certificates';
import { holdTime } from '../fixtures/held-time';

describe('the download of a signing chain', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Downloads from a server that answers like this; it stands where the URL's host would. */
  async function downloadFrom(answer: RequestListener): Promise<string> {
    const listening = createServer(answer).listen(0, '127.0.0.1');
    server = listening;
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as AddressInfo;
    return downloadCertificateChain(new URL(alexaChainUrl), (url, init) => {
      const { pathname } = new URL(String(url));
      return fetch(`http://127.0.0.1:${port}${pathname}`, init);
    });
  }

  it('gives the text that the URL holds', async () => {
    const text = await downloadFrom((request, response) => response.end(`chain of ${request.url}`));
    expect(text).toBe('chain of /echo.api/echo-api-cert.pem');
  });

  it.each([403, 404, 500, 204, 206])('is refused with status %d', async (status) => {
    const download = downloadFrom((_request, response) => response.writeHead(status).end());
    await expect(download).rejects.toThrow(`status ${status}`);
  });

  it('does not follow a redirect', async () => {
    const asked: (string | undefined)[] = [];
    const download = downloadFrom((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(download).rejects.toThrow();
    expect(asked).toEqual(['/echo.api/echo-api-cert.pem']);
  });

  it('stops at 64 kB, however much would follow', async () => {
    let hungUp: Promise<unknown> | undefined;
    const download = downloadFrom((_request, response) => {
      hungUp = new Promise((resolve) => response.once('close', resolve));
      const pour = () => {
        while (response.write(Buffer.alloc(16_384, 'A')));
      };
      response.on('drain', pour);
      pour();
    });
    await expect(download).rejects.toThrow('larger than 65536 bytes');
    await hungUp;
  });

  it('counts the bytes after decompression', async () => {
    const download = downloadFrom((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000, 'A')));
    });
    await expect(download).rejects.toThrow('larger than 65536 bytes');
  });

  it.each([
    ['does not answer', () => {}],
    ['falls silent in the middle', (_request, response) => void response.write('-----BEGIN')],
  ] satisfies [string, RequestListener][])('gives up on a server that %s', async (_what, answer) => {
    const time = holdTime();
    let isAsked = false;
    const download = downloadFrom((request, response) => {
      answer(request, response);
      isAsked = true;
    });
    const expected = expect(download).rejects.toMatchObject({ name: 'TimeoutError' });
    await time.until(() => isAsked);
    await time.passUntilEnded(download);
    await expected;
  });

  it('is refused when the connection breaks in the middle', async () => {
    const download = downloadFrom((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('-----BEGIN', () => response.destroy());
    });
    await expect(download).rejects.toThrow();
  });
});
