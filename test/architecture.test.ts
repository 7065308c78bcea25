import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { longestMs } from './longest';

const files = ['src', 'local', 'deploy', 'examples', 'test', 'build', 'bench'].flatMap(listFiles);
const sources = files.filter((file) => /^(src|local|deploy|examples)\//.test(file));

/**
 * Rooms and single files of src/, from the centre outwards, and what each imports from src/ besides itself.
 * The page of the back office is a room of its own: it runs in a browser.
 */
const imports: Readonly<Record<string, readonly string[]>> = {
  'step-up': [],
  orders: ['step-up'],
  'mail-settings': [],
  'pusher-settings': [],
  'settings-table': [],
  config: ['mail-settings', 'pusher-settings', 'settings-table'],
  http: ['orders', 'step-up'],
  alexa: ['http', 'orders', 'step-up'],
  api: ['http', 'orders', 'step-up'],
  app: ['http', 'orders', 'step-up'],
  client: ['app', 'orders', 'step-up'],
  auth0: ['step-up'],
  stores: ['step-up'],
  feed: ['orders', 'pusher-settings', 'step-up'],
  mail: ['mail-settings', 'step-up'],
  services: ['alexa', 'api', 'app', 'orders'],
  'create-app': ['alexa', 'api', 'app', 'services', 'step-up'],
  runtimes: [
    'create-app',
    'services',
    'config',
    'settings-table',
    'alexa',
    'app',
    'http',
    'auth0',
    'stores',
    'feed',
    'mail',
    'orders',
    'step-up',
  ],
};

/** Packages with a native part, a browser's page or a vendor behind them, and the only places that may know them. */
const fenced: Record<string, RegExp> = {
  'alexa-sdk': /^src\/alexa\/skill\.ts$/,
  auth0: /^(src\/auth0|deploy\/(auth0|certify|doctor))\//,
  '@auth0/auth0-auth-js': /^src\/auth0\//,
  jsonwebtoken: /^(src\/auth0|local\/webtask)\//,
  'express-jwt': /^src\/api\//,
  'express-openid-connect': /^src\/app\//,
  libsql: /^src\/stores\//,
  pg: /^(src\/stores|local\/postgres)\//,
  nodemailer: /^(src\/mail|deploy\/doctor)\//,
  pusher: /^src\/feed\//,
  'pusher-js': /^src\/app\/client\//,
  preact: /^(src\/app\/client|local\/echo\/page)\//,
  'webtask-tools': /^src\/runtimes\/webtask/,
  'webtask-runtime': /^local\/webtask\//,
  'oidc-provider': /^local\/tenant\//,
};

/** What starts a process or a browser. PostgreSQL is a process of its fixture; esbuild runs a program of its own. */
const startsProcess = /^(node:)?(child_process|cluster)$|^(playwright-core|esbuild)$/;
/** As in vitest.config.mts. */
const isSlowTest = /^test\/e2e\/|\.slow\.test\.ts$/;

/** What judges a test by the time that it takes, which is longer on a busy machine. */
const judgesOfTime: Readonly<Record<string, RegExp>> = {
  'a limit of its own for a test or hook': /\},\s*\d[\d_]{2,},?\s*\)/,
  'a limit that is not the longest': /(?:\btimeout|(?:test|hook)Timeout):(?! (?:\d \* )?longestMs\b)/,
  'a limit for what follows':
    /\bsetDefault\w*Timeout\((?!longestMs\))|\bsetConfig\(|\bAbortSignal\.timeout\(/,
  'another try in place of an answer': /\bretry:/,
  'a time that was measured':
    /\b(?:Date|performance)\.now\(\) -(?! [\d(]| \w*Ms\b)|-\s*(?:Date|performance)\.now\(\)\)\.|\bhrtime\b/,
};

function judgesIn(text: string): string[] {
  return Object.keys(judgesOfTime).filter((name) => judgesOfTime[name]?.test(text));
}

describe('the architecture', () => {
  it('lets imports run one way', () => {
    const trespasses = sources.flatMap((file) =>
      targetsOf(file)
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('has no permission that nobody uses', () => {
    const used = new Set(
      sources.flatMap((file) => targetsOf(file).map((target) => `${roomOf(file)} → ${roomOf(target)}`)),
    );
    const permissions = Object.entries(imports).flatMap(([from, to]) =>
      to.map((room) => `${from} → ${room}`),
    );
    expect(permissions.filter((permission) => !used.has(permission))).toEqual([]);
  });

  it('has no import that runs back up: what a room imports comes before it', () => {
    const order = Object.keys(imports);
    const back = Object.entries(imports).flatMap(([from, to]) =>
      to.filter((room) => order.indexOf(room) > order.indexOf(from)).map((room) => `${from} → ${room}`),
    );
    expect(back).toEqual([]);
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

describe('the tests', () => {
  it('start no process, browser or PostgreSQL where they are quick, not even through what they import', () => {
    const quick = files.filter((file) => file.endsWith('.test.ts') && !isSlowTest.test(file));
    expect(quick.length).toBeGreaterThan(40);
    const trespasses = quick.flatMap((file) =>
      [...reachOf(file)].filter((one) => startsProcess.test(one)).map((one) => `${file} reaches ${one}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('B24: have no time limit that a busy machine can break', () => {
    const judged = files
      .filter((file) => file.startsWith('test/') && file !== 'test/architecture.test.ts')
      .flatMap((file) => judgesIn(readFileSync(file, 'utf8')).map((judge) => `${file}: ${judge}`));
    expect(judged).toEqual([]);
    expect(judgesIn(readFileSync('vitest.config.mts', 'utf8'))).toEqual([]);
    expect(longestMs).toBeGreaterThanOrEqual(600_000);
  });

  it.each([
    ["it('x', async () => {\n}, 5_000);", 'a limit of its own for a test or hook'],
    ["it(\n  'x',\n  async () => {\n  },\n  5000,\n);", 'a limit of its own for a test or hook'],
    ["it('x', { timeout: 5_000 }, async () => {});", 'a limit that is not the longest'],
    ['await expect.poll(count, { timeout: 2 * shortMs }).toBe(0);', 'a limit that is not the longest'],
    ['defineConfig({ test: { testTimeout: 5_000 } })', 'a limit that is not the longest'],
    ['page.setDefaultTimeout(5_000);', 'a limit for what follows'],
    ['vi.setConfig({});', 'a limit for what follows'],
    ['fetch(url, { signal: AbortSignal.timeout(500) })', 'a limit for what follows'],
    ["it('x', { retry: 2 }, test);", 'another try in place of an answer'],
    ['const took = Date.now() - startedAt;', 'a time that was measured'],
    ['expect(performance.now() - before).toBeLessThan(50);', 'a time that was measured'],
    ['expect(endsAt - Date.now()).toBeLessThan(50);', 'a time that was measured'],
    ['process.hrtime.bigint()', 'a time that was measured'],
  ])('B24: would be found to judge by time in %j', (text, judge) => {
    expect(judgesIn(text)).toEqual([judge]);
  });

  it('check properties from one seed', () => {
    const unseeded = files.filter((file) =>
      /\bfc\s*\.\s*(assert|check|sample)\(/.test(readFileSync(file, 'utf8')),
    );
    expect(unseeded).toEqual(['test/fixtures/assert-property.ts']);
    const random = files.filter(
      (file) => file.startsWith('test/') && /Math[.]random/.test(readFileSync(file, 'utf8')),
    );
    expect(random).toEqual([]);
  });
});

/** A file, all files that it imports, those that they import, and so on, with every package on the way. */
function reachOf(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const imported of importsOf(file)) {
    const target = imported.startsWith('.') ? join(dirname(file), imported) : undefined;
    const source = files.find((one) => one === target || one === `${target}.ts` || one === `${target}.tsx`);
    if (source) reachOf(source, reached);
    else reached.add(imported);
  }
  return reached;
}

function isAllowed(file: string, target: string): boolean {
  // The stand-ins may use all of the product, and nothing of the product may use them.
  if (file.startsWith('local/')) return /^(src|local)\//.test(target);
  // What sets POD up reads what POD is, and the model as the Echo reads it.
  if (file.startsWith('deploy/')) return /^(src|local|deploy)\//.test(target);
  if (file.startsWith('examples/'))
    return /^(src\/(alexa|settings-table|step-up)|local|examples)\b/.test(target);
  if (!target.startsWith('src/')) return /\.(json|txt)$/.test(target);
  const [from, to] = [roomOf(file), roomOf(target)];
  return from === to || (imports[from] ?? []).includes(to);
}

function roomOf(path: string): string {
  if (path.startsWith('src/app/client/')) return 'client';
  return (path.split('/')[1] as string).replace(/\.tsx?$/, '');
}

/** The files that a file imports, by their paths from the root. */
function targetsOf(file: string): string[] {
  return importsOf(file)
    .filter((imported) => imported.startsWith('.'))
    .map((imported) => join(dirname(file), imported));
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
    .filter((file) => !/^build\/(client|echo|server)\/|\/node_modules\//.test(file));
}
