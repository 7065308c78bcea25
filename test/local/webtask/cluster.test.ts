import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createCluster } from '../../../local/webtask/create-cluster';
import { FileStorage } from '../../../local/webtask/file-storage';

const log = { info() {}, warn() {}, error() {} };
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pod-cluster-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

describe('the cluster', () => {
  const code = `module.exports = (ctx, req, res) => ctx.storage.get((error, data) => {
    const count = (data ? data.count : 0) + 1;
    ctx.storage.set({ count }, {}, () => res.end(JSON.stringify({ count, secret: ctx.secrets.A, url: req.url })));
  });`;

  async function start() {
    const cluster = await createCluster({ port: 0, dataDirectory: directory, token: 'opaque', log });
    const issue = (body: object, token = 'opaque') =>
      fetch(`${cluster.url}/api/tokens/issue`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return { cluster, issue };
  }

  it('serves what was deployed, with its secrets and its storage, also after a restart', async () => {
    const first = await start();
    const issued = await first.issue({ jtn: 'pod', code, ectx: { A: 'secret' } });
    expect([issued.status, issued.headers.get('location')]).toEqual([200, `${first.cluster.url}/pod`]);
    expect((await issued.text()).split('.')).toHaveLength(3);
    expect(await (await fetch(`${first.cluster.url}/pod/x?y=1`)).json()).toEqual({
      count: 1,
      secret: 'secret',
      url: '/pod/x?y=1',
    });
    await first.cluster.close();

    const second = await start();
    expect(await (await fetch(`${second.cluster.url}/pod`)).json()).toMatchObject({
      count: 2,
      secret: 'secret',
    });
    await second.cluster.close();
  });

  it('lets nobody deploy without its token', async () => {
    const { cluster, issue } = await start();
    expect((await issue({ jtn: 'pod', code }, 'another')).status).toBe(401);
    expect((await fetch(`${cluster.url}/pod`)).status).toBe(404);
    await cluster.close();
  });

  it('B19: answers to this machine’s names only: another one is a page that points its own at 127.0.0.1', async () => {
    const { cluster, issue } = await start();
    await issue({ jtn: 'pod', code });
    const { port } = new URL(cluster.url);
    const statusFor = async (host: string, path: string) => {
      const asking = request({ host: '127.0.0.1', port, path, headers: { host } }).end();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    for (const host of [`evil.example:${port}`, 'localhost.evil.example', `127.0.0.1.evil.example:${port}`])
      expect([await statusFor(host, '/pod'), await statusFor(host, '/api/webtask/wt-00000')]).toEqual([
        421, 421,
      ]);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`])
      expect(await statusFor(host, '/pod')).toBe(200);
    await cluster.close();
  });

  it('B19: lists and removes what is deployed, and says of the rest that it does not do it', async () => {
    const { cluster, issue } = await start();
    const ask = async (method: string, path: string, token = 'opaque') => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${cluster.url}/api/${path}`, { method, headers });
      return { status: answer.status, text: await answer.text() };
    };
    const names = async () =>
      JSON.parse((await ask('GET', 'webtask/wt-00000')).text).map(({ name }: { name: string }) => name);
    await issue({ jtn: 'pod', code });
    await fetch(`${cluster.url}/pod`);
    expect(await names()).toEqual(['pod']);
    expect((await ask('DELETE', 'webtask/wt-00000/pod', 'another')).status).toBe(401);
    expect((await ask('DELETE', 'webtask/wt-00000/pod')).status).toBe(204);
    expect((await ask('DELETE', 'webtask/wt-00000/pod')).status).toBe(404);
    expect(await names()).toEqual([]);
    expect((await fetch(`${cluster.url}/pod`)).status).toBe(404);
    await issue({ jtn: 'pod', code });
    expect(await (await fetch(`${cluster.url}/pod`)).json()).toMatchObject({ count: 1 });
    for (const [method, path] of [
      ['GET', 'webtask/wt-00000/pod'],
      ['PUT', 'webtask/wt-00000/pod'],
      ['GET', 'cron/wt-00000'],
      ['GET', 'tokens/inspect'],
    ] as const)
      expect(await ask(method, path)).toEqual({
        status: 501,
        text: expect.stringContaining('It knows wt create'),
      });
    await cluster.close();
  });

  it('B19: keeps a stream of logs open, which wt create --watch needs, and says there where the logs are', async () => {
    const { cluster } = await start();
    const answer = await fetch(`${cluster.url}/api/logs/tenant/wt-00000?key=opaque`);
    const reader = answer.body?.getReader();
    const { value, done } = (await reader?.read()) ?? {};
    expect([done, new TextDecoder().decode(value)]).toEqual([
      false,
      expect.stringContaining('npm run webtask'),
    ]);
    await reader?.cancel();
    await cluster.close();
  });

  it.each([{ jtn: '../pod', code: '' }, { jtn: 'pod' }, { jtn: 'api', code: '' }, { code: '' }])(
    'refuses to deploy %j',
    async (body) => {
      const { cluster, issue } = await start();
      expect((await issue(body)).status).toBe(400);
      await cluster.close();
    },
  );

  it('goes on after a webtask that does not compile', async () => {
    const { cluster, issue } = await start();
    await issue({ jtn: 'broken', code: 'this is not JavaScript' });
    expect((await fetch(`${cluster.url}/broken`)).status).toBe(404);
    await issue({ jtn: 'pod', code });
    expect((await fetch(`${cluster.url}/pod`)).status).toBe(200);
    await cluster.close();
  });
});

describe('its storage', () => {
  const open = () => new FileStorage(join(directory, 'storage.json'));
  const set = (storage: FileStorage, data: unknown, etag?: string | null) =>
    new Promise<unknown>((resolve) => storage.set(data, { etag }, resolve));
  const get = (storage: FileStorage) =>
    new Promise((resolve) => storage.get((_error, data) => resolve(data)));

  it('refuses a write that relies on an older document, and gives copies', async () => {
    const storage = open();
    expect(await set(storage, { a: 1 }, null)).toBeNull();
    const { etag } = storage;
    expect(await set(storage, { a: 2 }, etag)).toBeNull();
    expect(await set(storage, { a: 3 }, etag)).toMatchObject({ code: 409 });
    ((await get(storage)) as { a: number }).a = 9;
    expect(await get(storage)).toEqual({ a: 2 });
    expect(await get(open())).toEqual({ a: 2 });
  });

  it('takes 500 KB and no more', async () => {
    const storage = open();
    expect(await set(storage, 'x'.repeat(512_001))).toMatchObject({ code: 400 });
    expect(await set(storage, 'x'.repeat(511_000))).toBeNull();
  });

  it('does not take a damaged file for an empty one', async () => {
    await writeFile(join(directory, 'storage.json'), '{"a":');
    expect(open).toThrow();
  });
});
