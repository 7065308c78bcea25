import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLoopbackFetch } from '../../../local/tenant/loopback-fetch';

const server = createServer(async (req, res) => {
  const body = Buffer.concat(await req.toArray()).toString();
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }));
});
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

test('it is made for loopback alone', () => {
  const foreign = [
    'pod.eu.auth0.com',
    'localhost.evil.example',
    'localhost:1/x',
    '127.0.0.2',
    'evil@localhost',
    '',
  ];
  for (const domain of foreign) expect(() => createLoopbackFetch(domain), domain).toThrow(/without TLS/);
  for (const domain of ['localhost', 'localhost:7101', '127.0.0.1:7101']) createLoopbackFetch(domain);
});

test('a request to the tenant goes by http, with everything it carries, and says that it meant https', async () => {
  const loopbackFetch = createLoopbackFetch(`localhost:${port}`);
  const url = `https://localhost:${port}/path?q=1`;
  const init = { method: 'POST', body: 'a=b', headers: { 'x-more': '1' } };
  for (const input of [url, new URL(url), new Request(url, init)]) {
    const response = await loopbackFetch(input, input instanceof Request ? undefined : init);
    expect(await response.json()).toMatchObject({
      method: 'POST',
      url: '/path?q=1',
      body: 'a=b',
      headers: { 'x-more': '1', 'x-forwarded-proto': 'https' },
    });
  }
});

test('other addresses go to the platform untouched', async () => {
  const loopbackFetch = createLoopbackFetch('localhost:1');
  const response = await loopbackFetch(`http://127.0.0.1:${port}/`);
  expect((await response.json()).headers).not.toHaveProperty('x-forwarded-proto');
  await expect(loopbackFetch(`https://localhost:${port}/`), 'another port: TLS').rejects.toThrow();
});
