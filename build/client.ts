import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { type Assets, createAsset } from '../src/app/assets';

const root = resolve(__dirname, '..');
const source = 'src/app/client';
const output = 'build/client';

/**
 * Builds the back office's page. The same sources give the same names and the same bytes.
 * @returns every file by its path below `/app/`: `index.html`, and the hashed ones in `assets/`
 */
export async function buildClient(): Promise<Assets> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { app: `${source}/main.tsx` },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'file' },
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    outdir: output,
    metafile: true,
    write: false,
  });
  const template = await readFile(join(root, source, 'index.html'), 'utf8');
  const page = createAsset('index.html', fillIn(template, metafile));
  const built = outputFiles.map(({ path, contents }) => {
    const name = relativeToPage(path.slice(root.length + 1));
    return [name, createAsset(name, contents)] as const;
  });
  return new Map([['index.html', page], ...built.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Writes the page to build/client/, in place of what was there. */
async function writeClient(): Promise<void> {
  await rm(join(root, output), { recursive: true, force: true });
  for (const [path, { body }] of await buildClient()) {
    const file = join(root, output, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }
}

function fillIn(template: string, { outputs }: Metafile): string {
  const find = (wanted: (output: Metafile['outputs'][string]) => boolean) =>
    Object.entries(outputs).find(([, output]) => wanted(output)) ?? [];
  const [script, entry] = find(({ entryPoint }) => entryPoint === `${source}/main.tsx`);
  const [icon] = find(({ inputs }) => Object.keys(inputs).join() === `${source}/icon.svg`);
  const names: Record<string, string | undefined> = { script, style: entry?.cssBundle, icon };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => relativeToPage(names[name] ?? name));
}

function relativeToPage(path: string): string {
  if (!path.startsWith(`${output}/`)) throw new Error(`The build of the page left out a file (${path})`);
  return path.slice(output.length + 1);
}

if (require.main === module) void writeClient();
