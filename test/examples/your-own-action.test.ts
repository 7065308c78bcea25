import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/your-own-action.md', 'utf8');
/** The snippets of the page, each with the file that was named last before it. Those without a language are commands. */
const snippets = page.split(/^```$/m).flatMap((text) => {
  const [, before = '', code] = /^([\s\S]*)^```\w+\n([\s\S]*)$/m.exec(text) ?? [];
  const [file] = [...before.matchAll(/`((?:examples|test)\/[\w./-]+\.\w+)`/g)]
    .map(([, path]) => path)
    .slice(-1);
  return code === undefined ? [] : [{ file, code }];
});

it('docs/your-own-action.md shows the example as it is', () => {
  expect(snippets.length).toBeGreaterThan(6);
  for (const { file, code } of snippets) expect(readFileSync(file ?? '', 'utf8'), file).toContain(code);
});
