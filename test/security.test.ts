import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/security.md', 'utf8');

/** The rows of the tables that say what shows them, without heads and rulers. */
const rows = page
  .split('\n\n')
  .filter((block) => /^\|.*\| shown by +\|/.test(block.trim()))
  .flatMap((table) => table.trim().split('\n').slice(2));
const named = rows.flatMap((row) => testsIn(row));
const testFiles = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => readFileSync(`test/${path}`, 'utf8'));

interface Named {
  file: string;
  title: string;
}

function testsIn(row: string): Named[] {
  const cells = row.split(' | ');
  const shown = [...(cells.at(-1) ?? '').matchAll(/`(test\/[\w./-]+)`: "([^"]+)"/g)];
  return shown.map(([, file = '', title = '']) => ({ file, title }));
}

/** How the test of this title is begun: `it`, `test.each` or `describe.skip`; undefined where there is none. */
function beginningOf({ file, title }: Named): string | undefined {
  const source = readFileSync(file, 'utf8');
  const place = ["'", '"', '`']
    .map((quote) => source.indexOf(`${quote}${title}${quote}`))
    .find((at) => at >= 0);
  if (place === undefined) return undefined;
  return [...source.slice(0, place).matchAll(/^\s*((?:it|test|describe)\b[\w.]*)/gm)].at(-1)?.[1];
}

it('finds the rows', () => {
  expect(rows.length).toBeGreaterThan(50);
});

it.each(rows)('names tests for each row: %s', (row) => {
  expect(testsIn(row)).not.toEqual([]);
});

describe.each(named)('$file: "$title"', ({ file, title }) => {
  it('is a test that there is, and that is not skipped', () => {
    expect(existsSync(file), file).toBe(true);
    expect(beginningOf({ file, title }), title).toMatch(/^(it|test|describe)(\.each|\.concurrent)?$/);
    expect(readFileSync(file, 'utf8')).not.toMatch(
      /\b(describe|it|test)\.(skip|skipIf|runIf|todo|fails|only)\b/,
    );
  });

  it('runs', () => {
    const contract = /([^/]+\.contract)\.ts$/.exec(file)?.[1];
    const runs = contract
      ? testFiles.some((source) => source.includes(`${contract}'`))
      : file.endsWith('.test.ts');
    expect(runs).toBe(true);
  });
});
