import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { type Assets, createAsset } from '../src/app/assets';

const root = resolve(__dirname, '..');

/** A page: the folder of its main.tsx, index.html and icon, and the folder that it is built into. */
interface Page {
  source: string;
  output: string;
}

const backOffice: Page = { source: 'src/app/client', output: 'build/client' };
/** Of a local run alone. */
const echo: Page = { source: 'local/echo/page', output: 'build/echo' };

/** Builds the back office's page: see buildPage. */
export const buildClient = () => buildPage(backOffice);
/** Builds the Echo's page: see buildPage. */
export const buildEchoPage = () => buildPage(echo);

/**
 * Builds a page. The same sources give the same names and the same bytes.
 * @returns every file by its path below the page's address: `index.html`, and the hashed ones in `assets/`
 */
async function buildPage({ source, output }: Page): Promise<Assets> {
  const relativeToPage = (path: string): string => {
    if (!path.startsWith(`${output}/`)) throw new Error(`The build of the page left out a file (${path})`);
    return path.slice(output.length + 1);
  };
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
  const names = namesIn(metafile, source);
  const filledIn = template.replace(/\{\{(\w+)\}\}/g, (_, name) => relativeToPage(names[name] ?? name));
  const page = createAsset('index.html', filledIn);
  const built = outputFiles.map(({ path, contents }) => {
    const name = relativeToPage(path.slice(root.length + 1));
    return [name, createAsset(name, contents)] as const;
  });
  return new Map([['index.html', page], ...built.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Writes a page to its folder, in place of what was there. */
async function writePage(page: Page): Promise<void> {
  await rm(join(root, page.output), { recursive: true, force: true });
  for (const [path, { body }] of await buildPage(page)) {
    const file = join(root, page.output, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }
}

function namesIn({ outputs }: Metafile, source: string): Record<string, string | undefined> {
  const find = (wanted: (output: Metafile['outputs'][string]) => boolean) =>
    Object.entries(outputs).find(([, output]) => wanted(output)) ?? [];
  const [script, entry] = find(({ entryPoint }) => entryPoint === `${source}/main.tsx`);
  const [icon] = find(({ inputs }) => Object.keys(inputs).join().endsWith('/icon.svg'));
  return { script, style: entry?.cssBundle, icon };
}

async function main(names: readonly string[]): Promise<void> {
  await writePage(backOffice);
  if (names.includes('echo')) await writePage(echo);
}

if (require.main === module) void main(process.argv.slice(2));
