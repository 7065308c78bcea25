import { rm } from 'node:fs/promises';
import { type BuildOptions, build } from 'esbuild';

/** How POD becomes JavaScript that Node runs beside its packages. */
export const forNode: BuildOptions = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  sourcesContent: false,
};

/** Builds the production server into build/server/. Packages stay packages: `npm ci --omit=dev` brings them. */
async function buildServer(): Promise<void> {
  await rm('build/server', { recursive: true, force: true });
  await build({ ...forNode, entryPoints: ['src/runtimes/server-start.ts'], outdir: 'build/server' });
}

// The bench builds its own process by the same options, and not this one.
if (require.main === module) void buildServer();
