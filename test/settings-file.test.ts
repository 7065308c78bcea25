import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseEnv } from 'node:util';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { settings } from '../src/config';
import { faultsOf } from './fixtures/faults-of';
import { testSettings } from './fixtures/settings';

describe('B11: the settings file', () => {
  const template = readFileSync('secrets.example.ini', 'utf8');
  const values: Record<string, string> = {
    ...testSettings,
    MAIL_FROM: 'Pizza on Demand <orders@pod.example>',
    MAIL_URL: 'smtp://user:pass%23word@mail.example:587',
    PHONE_COUNTRIES: '+1 +44',
    DATABASE_URL: 'postgres://pod:pass%24word@db.example/pod?sslmode=verify-full',
  };
  const filledIn = template.replace(/^([A-Z0-9_]+)=$/gm, (line, name) => `${line}${values[name] ?? ''}`);
  const fromWt: typeof import('dotenv') = createRequire(require.resolve('wt-cli'))('dotenv');

  /** What Docker's documentation says of `--env-file`, and systemd's of `EnvironmentFile=` for lines without quotes. */
  const parseLines = (text: string) =>
    Object.fromEntries(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => /^([A-Z0-9_]+)=([^"'\\]*)$/.exec(line)?.slice(1) ?? [line, 'refused']),
    );

  it.each([
    ['POD', parse],
    ['node --env-file', parseEnv],
    ['wt --secrets-file', fromWt.parse],
    ['docker run --env-file, and systemd', parseLines],
  ])('is read alike by %s', (_reader, read) => {
    const names = Object.values(settings).map(({ name }) => [name, values[name] ?? '']);
    expect(read(filledIn)).toEqual(Object.fromEntries(names));
    expect(faultsOf(read(filledIn) as Record<string, string>)).toEqual([]);
  });
});
