import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const files = ['src', 'local', 'test', 'build', 'bench'].flatMap(listFiles);
const sources = files.filter((file) => /^(src|local)\//.test(file));

/** Rooms and single files of src/, and what each may import from src/. A room may always import from itself. */
const mayImport: Record<string, readonly string[]> = {
  errors: ['orders'],
  services: ['errors', 'config', 'orders'],
  config: ['errors'],
  'live-channels': ['services', 'orders', 'config'],
  orders: ['services', 'errors', 'config'],
  alexa: ['orders', 'services', 'errors', 'config'],
  api: ['orders', 'services', 'errors', 'config'],
  app: ['orders', 'services', 'errors', 'config', 'live-channels'],
  auth0: ['orders', 'services', 'errors', 'config'],
  stores: ['orders', 'services', 'errors', 'config'],
  feed: ['orders', 'services', 'errors', 'config', 'live-channels'],
  'create-app': ['alexa', 'api', 'app', 'services'],
  runtimes: [
    'create-app',
    'alexa',
    'app',
    'auth0',
    'stores',
    'feed',
    'services',
    'errors',
    'config',
    'orders',
  ],
};

/** Packages with a native part, a browser's page or a vendor behind them, and the only places that may know them. */
const fenced: Record<string, RegExp> = {
  'alexa-sdk': /^src\/alexa\/skill\.ts$/,
  auth0: /^src\/auth0\//,
  '@auth0/auth0-auth-js': /^src\/auth0\//,
  jsonwebtoken: /^(src\/auth0|local\/webtask)\//,
  'express-jwt': /^src\/api\//,
  'express-openid-connect': /^src\/app\//,
  libsql: /^src\/stores\//,
  pg: /^src\/stores\//,
  pusher: /^src\/feed\//,
  'pusher-js': /^src\/app\/client\//,
  preact: /^src\/app\/client\//,
  'webtask-tools': /^src\/runtimes\/webtask/,
  'webtask-runtime': /^local\/webtask\//,
  'oidc-provider': /^local\/tenant\//,
};

describe('the architecture', () => {
  it('lets imports run one way', () => {
    const trespasses = sources.flatMap((file) =>
      importsOf(file)
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => join(dirname(file), imported))
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('keeps each fenced package in its place', () => {
    const trespasses = sources.flatMap((file) =>
      importsOf(file)
        .filter((imported) => {
          const place = fenced[packageOf(imported)];
          return place && !place.test(file);
        })
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('has no file past 250 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 251);
    expect(long).toEqual([]);
  });

  it('has no switch for an environment, for TLS or for request verification', () => {
    const forbidden = /NODE_ENV|NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized|skipVerif|disableVerif/i;
    const others = files.filter((file) => file !== 'test/architecture.test.ts');
    expect(others.filter((file) => forbidden.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

function isAllowed(file: string, target: string): boolean {
  // The stand-ins may use all of the product, and nothing of the product may use them.
  if (file.startsWith('local/')) return /^(src|local)\//.test(target);
  if (!target.startsWith('src/')) return /\.(json|txt)$/.test(target);
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to) return true;
  return (mayImport[from] ?? []).includes(to);
}

function roomOf(path: string): string {
  return (path.split('/')[1] as string).replace(/\.tsx?$/, '');
}

function packageOf(imported: string): string {
  const [scope, name] = imported.split('/');
  return imported.startsWith('@') ? `${scope}/${name}` : (scope as string);
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const matches = text.matchAll(/(?:\bfrom\s+|\bimport\(\s*|\brequire\(\s*|^import\s+)['"]([^'"]+)['"]/gm);
  return [...matches].map((match) => match[1] as string);
}

function listFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^build\/(client|server)\//.test(file));
}
