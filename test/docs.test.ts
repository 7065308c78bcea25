import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingShapes } from '../src/config';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const texts = { 'README.md': read('README.md'), 'docs/setup.md': read('docs/setup.md') };
const sources = ['src', 'local']
  .flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => read(join(entry.parentPath, entry.name)))
  .join('\n');

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

describe.each(Object.entries(texts))('%s', (_name, text) => {
  it('names only commands that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name as string);
    for (const name of named) expect(scripts, name).toHaveProperty([name]);
  });

  it('names only files that there are, or that are made', () => {
    const made = /^(build\/(bundle\.js|client|server)|src\/runtimes\/secrets\.ini)/;
    const named = [...text.matchAll(/`((?:src|test|docs|build|bench)\/[\w./-]+)`/g)].map(
      ([, path]) => path as string,
    );
    for (const path of named) expect(existsSync(path) || made.test(path), path).toBe(true);
  });

  it('names only settings that there are', () => {
    const starts = ['POD_PORT', 'TENANT_PORT', 'ECHO_PORT', 'POD_DATA_DIR', 'WEBTASK_PORT'];
    const known = new Set([...Object.keys(settingShapes), ...starts, 'PIZZA_SIZE', 'PIZZA_TOPPINGS']);
    const named = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(known, name).toContain(name);
  });
});

it('the README names every setting', () => {
  for (const name of Object.keys(settingShapes)) expect(texts['README.md'], name).toContain(`\`${name}\``);
});

it('every symptom in docs/setup.md is one that POD shows, in its own words', () => {
  const [, table = ''] = texts['docs/setup.md'].split('## Symptoms and cures');
  const symptoms = [...table.matchAll(/^\| "([^"]+)"/gm)].map(([, words]) => words as string);
  expect(symptoms.length).toBeGreaterThanOrEqual(10);
  for (const words of symptoms) expect(sources, words).toContain(words);
});
