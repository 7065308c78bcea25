import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'dotenv';
import { replaceFile } from '../local/replace-file';
import { settings } from '../src/config';
import { readIfPresent } from '../src/runtimes/read-if-present';

export type Texts = Readonly<Record<string, string | undefined>>;

/** Where settings are kept between two commands, and what the environment says. */
export type SettingsFiles = ReturnType<typeof openSettingsFiles>;

/**
 * POD's settings in src/runtimes/secrets.ini, and in deploy/secrets.ini what only setting it up takes: a deployed POD never
 * holds the key to its own tenant. The environment goes before both.
 * @param root the folder of POD's sources
 */
export function openSettingsFiles(root: string, environment: Texts) {
  const own = join(root, 'src', 'runtimes', 'secrets.ini');
  const others = join(root, 'deploy', 'secrets.ini');
  const podNames = new Set(Object.values(settings).map(({ name }) => name));
  const textOf = (path: string) => readIfPresent(path) ?? '';

  return {
    /** All settings, as they are now. */
    read: (): Texts => ({ ...parse(textOf(others)), ...parse(textOf(own)), ...filledIn(environment) }),

    /** Whether the environment says it: what is kept does not count then. */
    isGiven: (name: string): boolean => Boolean(environment[name]?.trim()),

    /** Keeps these; what else is in the files stays as it is, with its comments. Readable by their owner alone. */
    async keep(values: Readonly<Record<string, string>>): Promise<void> {
      for (const path of [own, others]) {
        const entries = Object.entries(values).filter(([name]) => podNames.has(name) === (path === own));
        const template =
          existsSync(path) || path === others ? textOf(path) : textOf(join(root, 'secrets.example.ini'));
        const next = entries.reduce((text, [name, value]) => withSetting(text, name, value), template);
        if (entries.length === 0 || next === textOf(path)) continue;
        await mkdir(dirname(path), { recursive: true });
        await replaceFile(path, next);
      }
    },
  };
}

/** A blank variable of the environment hides nothing. */
function filledIn(environment: Texts): Texts {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

function withSetting(text: string, name: string, value: string): string {
  const line = `${name}=${quoted(value)}`;
  const present = new RegExp(`^${name}=.*$`, 'm');
  if (present.test(text)) return text.replace(present, () => line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}

/** As dotenv reads it: a bare value ends at a `#`, and loses blanks around it. */
function quoted(value: string): string {
  if (/^[\w.:/@+-]*$/.test(value)) return value;
  const quote = [`'`, '`', '"'].find((one) => !value.includes(one) && !(one === '"' && value.includes('\\')));
  if (!quote || value.includes('\n'))
    throw new Error('A setting may have one line, without all three kinds of quotes.');
  return `${quote}${value}${quote}`;
}
