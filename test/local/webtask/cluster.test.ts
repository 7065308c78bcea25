import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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

  it.each([{ jtn: '../pod', code: '' }, { jtn: 'pod' }, { code: '' }])(
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
