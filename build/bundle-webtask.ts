import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { Assets } from '../src/app/assets';
import { buildClient } from './client';

const root = resolve(__dirname, '..');
const absent = join(root, 'build/stubs/bundle/absent.js');

/** Packages that are left out, and why POD never misses them. Each throws if it is touched after all. */
const leftOut: Readonly<Record<string, string>> = {
  // webtask-tools: optional, for C# webtasks, storage by URL, rendering Pug, and its own Auth0 middleware.
  edge: absent,
  request: absent,
  pug: absent,
  superagent: absent,
  boom: absent,
  // alexa-sdk: only for skills with `resources`; POD's sentences are in speech.ts.
  i18next: absent,
  'i18next-sprintf-postprocessor': absent,
  // pusher: a polyfill of what every Node that POD runs on has.
  'node-fetch': join(root, 'build/stubs/bundle/fetch.js'),
};

export interface Bundled {
  bytes: number;
  /** What went into it (esbuild's own account). */
  metafile: Metafile;
}

/**
 * Builds the webtask bundle: the page into it, esbuild over it (types, today's syntax, size), and webtask-bundle last,
 * whose webpack cannot read today's packages by itself. The same sources give the same bytes.
 * @throws Error when any step fails; no older bundle is left then
 */
export async function bundleWebtask({
  entry,
  outfile,
}: {
  entry: string;
  outfile: string;
}): Promise<Bundled> {
  const intermediate = outfile.replace(/\.js$/, '.app.js');
  await Promise.all([rm(outfile, { force: true }), rm(intermediate, { force: true })]);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: intermediate,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Lowers what webpack 4 cannot parse.
    target: 'node10.4',
    mainFields: ['main', 'module'],
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    plugins: [embedAssets(await buildClient()), leaveOut],
  });
  const wtBundle = join(root, 'node_modules/.bin/wt-bundle');
  // It takes every path for one below the folder it runs in.
  const paths = ['-o', relative(root, outfile), relative(root, intermediate)];
  const { stdout, stderr } = await promisify(execFile)(wtBundle, paths, { cwd: root });
  // wt-bundle exits with 0 when it has failed.
  const { size } = await stat(outfile).catch((cause) => {
    throw new Error(`wt-bundle wrote nothing:\n${stdout}${stderr}`, { cause });
  });
  if (size === 0) throw new Error(`wt-bundle wrote an empty file:\n${stdout}${stderr}`);
  await rm(intermediate);
  return { bytes: size, metafile };
}

/**
 * All by one way: what esbuild resolves itself (`alias`) gets a "use strict" out of tsconfig.json, and by two ways to the
 * same file the bytes would depend on which one comes first.
 */
const leaveOut: Plugin = {
  name: 'leave out what POD never uses',
  setup({ onResolve }) {
    const names = Object.keys(leftOut).join('|');
    onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path }) => ({ path: leftOut[path] }));
    // nodemailer: a table of all types of files by their endings, for attachments. POD's mails have none.
    onResolve({ filter: /\/mime-types\.js$/ }, ({ importer }) =>
      /node_modules.nodemailer./.test(importer) ? { path: absent } : undefined,
    );
  },
};

function embedAssets(assets: Assets): Plugin {
  const entries = [...assets].map(([path, { body, ...asset }]) => [
    path,
    { body: Buffer.from(body).toString('utf8'), ...asset },
  ]);
  return {
    name: 'embed the page',
    setup({ onLoad }) {
      onLoad({ filter: /src\/runtimes\/webtask-assets\.ts$/ }, () => ({
        contents: `export const assets = new Map(${JSON.stringify(entries)});`,
      }));
    },
  };
}

async function main(): Promise<void> {
  const outfile = join(root, 'build/bundle.js');
  const { bytes } = await bundleWebtask({ entry: 'src/runtimes/webtask-entry.ts', outfile });
  process.stdout.write(`build/bundle.js: ${(bytes / 1e6).toFixed(2)} MB\n`);
}

if (require.main === module) {
  main().catch((error) => {
    process.stderr.write(`The bundle was not built: ${error.message}\n`);
    process.exitCode = 1;
  });
}
