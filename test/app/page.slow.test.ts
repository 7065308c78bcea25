import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../build/client';
import { loadAssets } from '../../src/app/assets';
import { type OpenApp, openApp, phoebe } from './open-app';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp({}, await buildClient());
});
afterAll(() => app.close());

const bytes = (body: string | Uint8Array) => Buffer.from(body as Uint8Array).toString('base64');

describe('the built page', () => {
  it('is the same from the same sources, names and bytes', async () => {
    const [one, other] = await Promise.all([buildClient(), buildClient()]);
    expect([...one].map(([path, { body }]) => [path, bytes(body)])).toEqual(
      [...other].map(([path, { body }]) => [path, bytes(body)]),
    );
  });

  it('is read from a directory as it was built', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pod-assets-'));
    const built = await buildClient();
    for (const [path, { body }] of built) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), body);
    }
    const loaded = await loadAssets(directory);
    await rm(directory, { recursive: true });
    expect([...loaded.keys()].sort()).toEqual([...built.keys()].sort());
    for (const [path, asset] of built) {
      const { contentType, immutable, body } = loaded.get(path) ?? { body: '' };
      expect([contentType, immutable, bytes(body)]).toEqual([
        asset.contentType,
        asset.immutable,
        bytes(asset.body),
      ]);
    }
  });

  it('stays small, and loads Pusher only where it is used', async () => {
    const assets = await buildClient();
    const html = String(Buffer.from(assets.get('index.html')?.body as Uint8Array));
    const sizeOf = (kind: string) =>
      [...assets]
        .filter(([path]) => path.endsWith(kind) && html.includes(path))
        .reduce((sum, [, { body }]) => sum + body.length, 0);
    // Every view is in it, and it is loaded once for as long as the release lives: a kitchen waits for no second file.
    expect(sizeOf('.js')).toBeLessThan(80_000);
    expect(sizeOf('.css')).toBeLessThan(110_000);
    const pusher = [...assets.keys()].find((path) => path.startsWith('assets/listen-'));
    expect(pusher).toBeDefined();
    expect(html).not.toContain(pusher);
  });

  it('holds nothing inline and nothing from elsewhere', async () => {
    const html = (await app.visitor().get('')).text;
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)| on\w+=|https?:/i);
  });
});

describe('the files', () => {
  it('may be kept for ever where their names hold a hash, and are asked for again where not', async () => {
    const page = await app.visitor().get('');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const names = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name as string);
    expect(names).toHaveLength(3);
    for (const name of names) {
      const file = await app.visitor().get(name);
      expect([name, file.status]).toEqual([name, 200]);
      expect(name).toMatch(/^assets\/\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('are not sent again while they are the same', async () => {
    const { headers } = await app.visitor().get('');
    const again = { headers: { 'if-none-match': headers.get('etag') ?? '', 'cache-control': 'max-age=0' } };
    expect((await app.visitor().send('', again)).status).toBe(304);
  });

  it('answer HEAD without a body', async () => {
    const answer = await app.visitor().send('', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(100);
  });

  it.each(['assets/none.js', 'assets/', 'assets/..%2findex.html', '%2e%2e/index.html', 'index.html%00'])(
    'are not found outside the page (%s)',
    async (path) => {
      expect((await app.visitor().get(path)).status).toBe(404);
    },
  );
});

describe('the headers', () => {
  it('allow the page its own files and nothing else', async () => {
    const policy = (await app.visitor().get('')).headers.get('content-security-policy') ?? '';
    expect(policy.split(';')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      `form-action 'self' ${app.tenant.url}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it('stand on every answer, errors too', async () => {
    for (const path of ['', 'me', 'orders', 'oidc/start', 'nothing']) {
      const { headers } = await app.visitor().get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-frame-options') ?? 'DENY').toBe('DENY');
    }
  });
});

describe('the address', () => {
  it('gains its slash, and keeps its query', async () => {
    const bare = await app.visitor().get(`${app.origin}/pod/app`);
    expect([bare.status, bare.headers.get('location')]).toEqual([302, '/pod/app/']);
    const query = await app.visitor().get(`${app.origin}/pod/app?a=1`);
    expect(query.headers.get('location')).toBe('/pod/app/?a=1');
  });

  it('is never taken from a Host header that could be anybody’s', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:80',
    ]) {
      const { status, body } = await getWithHost('/pod/app/oidc/start', { host });
      expect([host, status]).toEqual([host, 503]);
      expect(body).toContain('PUBLIC_ORIGIN');
    }
    const forwarded = { host: new URL(app.origin).host, 'x-forwarded-host': 'evil.example' };
    const { status, location } = await getWithHost('/pod/app/oidc/start', forwarded);
    expect(status).toBe(302);
    expect(location).not.toContain('evil');
  });

  it('is the setting, whatever the proxy in front calls us', async () => {
    const other = await openApp({ PUBLIC_ORIGIN: 'https://pod.example' });
    const start = await other.visitor().get('oidc/start');
    const redirectUri = new URL(start.headers.get('location') ?? '').searchParams.get('redirect_uri');
    expect(redirectUri).toBe('https://pod.example/pod/app/oidc/callback');
    for (const cookie of start.headers.getSetCookie()) {
      expect(cookie).toMatch(/; Path=\/pod\/app; HttpOnly; Secure; SameSite=Lax$/);
    }
    const refused = await other.visitor().post('oidc/logout', {}, { origin: other.origin });
    expect(refused.status).toBe(403);
    const own = await other.visitor().post('oidc/logout', {}, { origin: 'https://pod.example' });
    expect(own.headers.get('location')).toBe('https://pod.example/pod/app/');
    await other.close();
  });

  it('may be localhost or 127.0.0.1 without a setting', async () => {
    const { port } = new URL(app.origin);
    const { location } = await getWithHost('/pod/app/oidc/start', { host: `127.0.0.1:${port}` });
    expect(location).toContain(encodeURIComponent(`http://127.0.0.1:${port}/pod/app/oidc/callback`));
    expect((await app.signedIn(phoebe)).cookies().some(({ path }) => path === '/pod/app')).toBe(true);
  });
});

/** fetch does not let its caller choose the Host header. */
function getWithHost(path: string, headers: Record<string, string>) {
  return new Promise<{ status?: number; location?: string; body: string }>((resolve, reject) => {
    const { port } = new URL(app.origin);
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, location: response.headers.location, body }),
      );
    })
      .on('error', reject)
      .end();
  });
}
