import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const lines = readFileSync('Dockerfile', 'utf8').split('\n');
const { dependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

it('copies only what the repository has, or what an earlier stage has built', () => {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  const copied = lines.filter((line) => line.startsWith('COPY') && !line.includes('--from'));
  const sources = copied.flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect(sources.length).toBeGreaterThan(5);
  for (const source of sources) {
    expect(existsSync(source), source).toBe(true);
    expect(tracked, source).toMatch(new RegExp(`^${source.replace(/\/$/, '')}(/|$)`, 'm'));
  }
  const fromStages = lines
    .filter((line) => line.includes('COPY --from=build'))
    .map((line) => line.split(' ').at(-1));
  expect(fromStages).toEqual(['build/client', 'build/server']);
  expect(scripts['build:server']).toContain('build:client');
});

it('B23: has no compiler in it, whoever asks for one', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const compilers = Object.entries<{ dev?: boolean }>(packages)
    .filter(([path, { dev }]) => !dev && /typescript|esbuild|\/tsx$|@babel/.test(path))
    .map(([path]) => path.split('/').slice(0, 2).join('/'));
  const removed = /rm -r (.+)$/.exec(
    lines.find((line) => line.startsWith('RUN npm ci --omit=dev')) ?? '',
  )?.[1];
  expect([...new Set(compilers)].sort()).toEqual(removed?.split(' ').sort());
});

it('B23: is of the Node.js that the papers recommend', () => {
  expect(lines.filter((line) => line.startsWith('FROM')).map((line) => line.split(' ')[1])).toEqual(
    Array(3).fill('node:24-slim'),
  );
  expect(readFileSync('docs/server.md', 'utf8')).toContain('Node.js 24');
});

it('runs as nobody in particular, and starts what is built', () => {
  expect(lines).toContain('USER node');
  const start = lines.find((line) => line.startsWith('CMD')) ?? '';
  expect(start).toContain(scripts.serve.split(' ').at(-1));
});

it('has every package that the built server requires among the production dependencies', async () => {
  const { metafile } = await build({
    entryPoints: ['src/runtimes/server-start.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    metafile: true,
    write: false,
    outdir: 'build/server',
  });
  const required = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports.map(({ path }) => path))
    .filter((path) => !path.startsWith('node:') && !builtinModules.includes(path))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(required).toContain('pg');
  expect(required.filter((name) => !(name in dependencies))).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((path) => path.startsWith('local/'))).toEqual([]);
});
