import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Builds the production server into build/server/. Packages stay packages: `npm ci --omit=dev` brings them. */
async function buildServer(): Promise<void> {
  await rm('build/server', { recursive: true, force: true });
  await build({
    entryPoints: ['src/runtimes/server-start.ts'],
    outdir: 'build/server',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    sourcesContent: false,
  });
}

void buildServer();
