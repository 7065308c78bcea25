import { request } from 'node:http';
import { expect, it } from 'vitest';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { startEcho, statement } from './start-echo';

const jsonType = { 'Content-Type': 'application/json' };

it('says at its front door how to talk to it', async () => {
  const { url } = await startEcho();
  const response = await fetch(url);
  expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/);
  expect(await response.text()).toContain('npm run say');
});

it.each<[string, Uint8Array<ArrayBuffer>]>([
  ['an envelope with odd spaces', new Uint8Array(Buffer.from('{ "request" :{}}\r\n'))],
  ['bytes that are no text', new Uint8Array([0, 255, 254, 0xc3, 0x28, 10])],
  ['nothing', new Uint8Array()],
])('sends %s to the app byte for byte, and tells what it answers', async (_what, bytes) => {
  const { post, app } = await startEcho();
  app.answers.push({ status: 400, body: { refused: true } });
  const response = await post('/requests', bytes);
  expect(await response.json()).toEqual({ status: 400, body: { refused: true } });
  expect(app.received.map(({ body }) => body)).toEqual([Buffer.from(bytes)]);
});

it('signs what it is given: a genuine envelope is taken for Alexa’s', async () => {
  const { post, say, app } = await startEcho();
  const { request } = await say('open pizza on demand');
  app.answers.push({ body: statement('Hello.') });
  const again = await post('/requests', JSON.stringify(request, null, 2), jsonType);
  expect(await again.json()).toEqual({ status: 200, body: statement('Hello.') });
  expect(app.received.at(-1)?.isVerified).toBe(true);
});

it('gives the access token as JSON, or as text to those who ask for text', async () => {
  const { url, link, token } = await startEcho();
  expect((await fetch(`${url}/token`)).status).toBe(404);
  await link(seededUsers.customerWithPhone);
  const response = await fetch(`${url}/token`, { headers: { Accept: 'text/plain' } });
  expect(await response.text()).toBe(await token());
  expect(response.headers.get('Cache-Control')).toBe('no-store');
});

it.each<[string, string, string, Record<string, string>]>([
  ['no text', '/utterances', '{}', jsonType],
  ['a number for a text', '/utterances', '{"text":1}', jsonType],
  ['silence', '/utterances', '{"text":"  "}', jsonType],
  ['a speech', '/utterances', JSON.stringify({ text: 'x'.repeat(301) }), jsonType],
  ['broken JSON', '/utterances', '{"text"', jsonType],
  ['JSON that does not say so', '/utterances', '{"text":"help"}', {}],
  ['no password', '/link', '{"email":"phoebe@example.com"}', jsonType],
])('refuses %s', async (_what, path, body, headers) => {
  const { post, app } = await startEcho();
  const refused = await post(path, body, headers);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toEqual({ error: expect.any(String) });
  expect(app.received).toEqual([]);
});

it('refuses web pages of other sites, by whatever name they call this machine', async () => {
  const { url, post, app } = await startEcho();
  for (const Origin of ['https://evil.example', 'http://localhost:1', 'null']) {
    expect((await post('/utterances', '{"text":"help"}', { ...jsonType, Origin })).status).toBe(403);
    expect((await post('/requests', '{}', { Origin })).status).toBe(403);
  }
  for (const path of ['/', '/token']) expect(await statusWithHost(url + path, 'evil.example')).toBe(403);
  expect(app.received).toEqual([]);
});

it('has no other doors', async () => {
  const { url } = await startEcho();
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
});

it('does not start on a port that is taken', async () => {
  const { url, start } = await startEcho();
  await expect(start(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

/** fetch does not let its caller choose the Host header. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
