import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploySettings } from '../deploy/settings';
import { pizzaAttacks } from '../local/echo/attacks/pizza-attacks';
import { deployScopes } from '../local/tenant/configuration';
import { seededUsers } from '../local/tenant/seeded-users';
import { openApi } from '../src/api/openapi';
import { shellLines } from './fixtures/printed-commands';

const { scripts, version } = JSON.parse(read('package.json'));
const papers = ['.', 'docs'].flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(directory, name)),
);
/** The settings are those of the template, which a test of the settings compares with the code. */
const settings = all(read('secrets.example.ini'), /^([A-Z0-9_]+)=/gm);
const sources = ['src', 'local']
  .flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => read(join(entry.parentPath, entry.name)))
  .join('\n');

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/** What the pattern's first group finds, each time. */
function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/ /g, '-');
}

it('finds the papers', () => {
  expect(papers).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/api.md']));
});

describe.each(papers)('%s', (paper) => {
  const text = read(paper);
  const commands = shellLines(text);

  it('names only commands that there are', () => {
    for (const name of all(text, /npm run (?:--silent )?([\w:]+)/g)) expect(scripts).toHaveProperty([name]);
    for (const path of all(text, /npx vitest run (\S+)/g)) expect(existsSync(path), path).toBe(true);
  });

  it('names only files that there are, or that are made', () => {
    const made =
      /^(build\/(bundle\.js|client|server|skill-package)|(src\/runtimes|deploy)\/secrets\.ini|deploy\/tools\/node_modules)/;
    const named = [
      ...all(text, /`((?:src|local|deploy|test|docs|build|bench|examples)\/[\w./-]*)`/g),
      ...all(text, /`(Dockerfile|[\w.-]+\.(?:md|example\.ini))`/g),
    ];
    for (const path of named) expect(existsSync(path) || made.test(path), path).toBe(true);
  });

  it('links only to what there is', () => {
    const links = [
      ...all(text, /\]\((?!https?:)([^)\s]+)\)/g),
      ...all(text, /(?:src|srcset)="(?!https?:)([^"]+)"/g),
    ];
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? paper : join(dirname(paper), file);
      expect(existsSync(path), link).toBe(true);
      if (anchor) expect(all(read(path), /^#+ (.+)$/gm).map(anchorOf), link).toContain(anchor);
    }
  });

  it('names only settings, refusals, metrics that there are', () => {
    const localOnes = [
      'POD_PORT',
      'TENANT_PORT',
      'ECHO_PORT',
      'POD_DATA_DIR',
      'WEBTASK_PORT',
      'POSTGRES_PORT',
    ];
    const known = [
      ...settings,
      ...localOnes,
      ...Object.values(deploySettings).map(({ name }) => name),
      'PIZZA_SIZE',
      'PIZZA_TOPPINGS',
      'CODE_DIGIT',
    ];
    for (const name of all(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)) expect(known).toContain(name);
    for (const name of all(text, /`(pod_\w+)`/g)) expect(sources).toContain(`'${name}'`);
  });

  it('prints commands for a shell that has nothing but Node.js and curl, in which nothing is set yet', () => {
    const set = new Set<string>();
    for (const command of commands) {
      expect(command).not.toMatch(/\bjq\b|(?<!npx )\bwt (init|create|serve)\b/);
      for (const name of all(command, /\$\{?([A-Z]\w*)/g)) expect(set, command).toContain(name);
      for (const name of all(command, /^([A-Z]\w*)=/g)) set.add(name);
    }
  });

  it('prints no id and no code of its author in a command', () => {
    for (const command of commands) {
      expect(command).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|order (\d{4}|(one|two|three|four) )/);
    }
  });

  it('prints only addresses of the default ports, paths of the API, and users of the local tenant', () => {
    const ports = all(read('docs/settings.md'), /^\| `\w*PORT`\s*\| (\d+)/gm);
    expect(ports.length).toBeGreaterThan(4);
    for (const port of all(text, /(?:localhost|127\.0\.0\.1):(\d+)/g)) expect(ports).toContain(port);

    const paths = commands.flatMap((command) => all(command, /\$POD(\/[^\s"?]*)/g));
    for (const path of paths) expect(openApi.paths).toHaveProperty([path.replace('$ID', '{id}')]);

    const logins = Object.values(seededUsers).map((user) => Object.values(user).join(' '));
    const links = commands.flatMap((command) => all(command, /say -- link (\S+ \S+)$/g));
    for (const link of links) expect(logins.join('\n')).toContain(link);
  });
});

it('README.md is short enough to be read', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

it('README.md leads to every other paper', () => {
  const links = all(read('README.md'), /\]\(([\w./-]+)\)/g);
  expect(links).toEqual(expect.arrayContaining(papers.filter((paper) => paper !== 'README.md')));
});

it('docs/echo.md has a row for every attack, with its rule', () => {
  const rows = all(read('docs/echo.md'), /^\| (`[\w-]+` +\| .*) \|$/gm).map((row) => row.split(/ *\| /));
  const attacks = pizzaAttacks.map(({ id, name, rule }) => [`\`${id}\``, name, rule]);
  expect(rows.map((row) => row.map((cell) => cell.trim()))).toEqual(attacks);
});

it('docs/settings.md has a row for every setting', () => {
  expect(settings.length).toBeGreaterThan(15);
  const rows = all(read('docs/settings.md'), /^\| `([A-Z0-9_]+)`/gm);
  expect(rows).toEqual(expect.arrayContaining(settings));
});

it('docs/api.md has every problem, under a status that the API answers it with', () => {
  const rows = [...read('docs/api.md').matchAll(/^\| (\d{3})\s*\| ([^|]+) \|/gm)];
  const documented = rows.flatMap(([, status = '', codes = '']) =>
    all(codes, /`(\w+)`/g).map((code) => ({ status, code })),
  );
  const answers = Object.values(openApi.paths)
    .flatMap((path) => Object.values(path))
    .flatMap(({ responses }) => Object.entries(responses))
    .map(([status, response]) => `${status} ${JSON.stringify(response)}`);
  for (const { status, code } of documented) {
    const isAnswered = answers.some((answer) => answer.startsWith(status) && answer.includes(`"${code}"`));
    expect(isAnswered, `${status} ${code}`).toBe(true);
  }
  const codes = openApi.components.schemas.Problem.properties as { code: { enum: readonly string[] } };
  expect(documented.map(({ code }) => code).sort()).toEqual([...codes.code.enum].sort());
});

it('docs/setup.md has the deploy client given what the command needs at the local tenant, and nothing else', () => {
  const scopes = all(read('docs/setup.md'), /((?:read|create|update):[a-z_]+)/g);
  expect([...new Set(scopes)].filter((scope) => !/users$|all$/.test(scope)).sort()).toEqual(
    [...deployScopes].sort(),
  );
});

it('CHANGELOG.md begins with what is not released, and then has the version of package.json', () => {
  expect(all(read('CHANGELOG.md'), /^## (.+)$/gm).slice(0, 2)).toEqual(['Unreleased', version]);
});

it('every symptom in docs/setup.md is one that POD shows, in its own words', () => {
  const [, table = ''] = read('docs/setup.md').split('## Symptoms and cures');
  const symptoms = all(table, /^\| "([^"]+)"/gm);
  expect(symptoms.length).toBeGreaterThanOrEqual(10);
  for (const words of symptoms) expect(sources, words).toContain(words);
});
