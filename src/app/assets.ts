import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { exactPaths } from '../http/exact-paths';

/** One file of the page, ready to be sent. */
export interface Asset {
  body: string | Uint8Array;
  contentType: string;
  /** Its name holds a hash of its content, so that it may be cached for ever. */
  immutable: boolean;
}

/** The built page by path below `/app/`, for example `index.html` or `assets/app-3f2a.js`. */
export type Assets = ReadonlyMap<string, Asset>;

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the built page. Files below `assets/` carry a hash of their content in their name. */
export function createAsset(path: string, body: Asset['body']): Asset {
  const contentType = contentTypes[extname(path)];
  if (!contentType) throw new Error(`The page holds a file of an unknown type: ${path}`);
  return { body, contentType, immutable: path.startsWith('assets/') };
}

/** Reads the page that `npm run build:client` wrote to `directory`. */
export async function loadAssets(directory: string): Promise<Assets> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  const read = async (path: string) =>
    [path, createAsset(path, await readFile(join(directory, path)))] as const;
  return new Map(await Promise.all(paths.map(read)));
}

/** Serves the page: hashed files may be cached for ever, the others are asked for again each time (RFC 9111 §5.2.2.4). */
export function assetsRouter(assets: Assets): Router {
  const router = Router(exactPaths);
  // Not `get`, which would answer OPTIONS by itself.
  router.all(
    '/',
    serve(assets, () => 'index.html'),
  );
  router.all(
    '/*path',
    serve(assets, (params) => ([] as string[]).concat(params.path ?? []).join('/')),
  );
  return router;
}

type Params = Record<string, string | string[]>;

function serve(assets: Assets, pathFrom: (params: Params) => string): RequestHandler<Params> {
  return (request, response, next) => {
    const asset = assets.get(pathFrom(request.params));
    if (!asset || !['GET', 'HEAD'].includes(request.method)) return next();
    response.set({
      'Content-Type': asset.contentType,
      'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.send(typeof asset.body === 'string' ? asset.body : Buffer.from(asset.body));
  };
}
