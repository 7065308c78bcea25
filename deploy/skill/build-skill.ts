import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readSettings, type SettingsTable, type ValuesOf } from '../../src/settings-table';
import { runCommand } from '../run-command';
import { skillSettings } from '../settings';
import { openSettingsFiles, type Texts } from '../settings-files';
import { createAccountLinking } from './account-linking';
import { createInteractionModels } from './interaction-model';
import { lintSkillPackage, type SkillPackage } from './lint-skill-package';
import { createManifest } from './manifest';

export interface BuiltSkill {
  /** Written, by their paths in the package. */
  files: string[];
  /** Not written, and the settings that each waits for. */
  leftOut: { file: string; missing: string[] }[];
}

/** Amazon does not take the package, and says so, or would. */
export class PackageRefused extends Error {
  override readonly name = 'PackageRefused';

  constructor(readonly faults: readonly string[]) {
    super(`Amazon would not take this skill:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Makes the skill package of POD anew in a folder: what of it the settings are there for.
 * @throws ConfigError for a setting that is malformed, and PackageRefused; the folder is as it was then
 */
export async function buildSkill(texts: Texts, directory: string): Promise<BuiltSkill> {
  const { codeLength } = readSettings(skillSettings.models, texts);
  const leftOut: BuiltSkill['leftOut'] = [];
  const made = <Table extends SettingsTable, File>(
    file: string,
    table: Table,
    make: (values: ValuesOf<Table>) => File,
  ): File | undefined => {
    const missing = Object.values(table).filter(({ name, blank }) => !blank && !texts[name]?.trim());
    if (missing.length === 0) return make(readSettings(table, texts));
    leftOut.push({ file, missing: missing.map(({ name }) => name) });
    return undefined;
  };
  const skill: SkillPackage = {
    models: createInteractionModels(codeLength),
    icons: new Map(await Promise.all(iconNames.map(readIcon))),
    manifest: made('skill.json', skillSettings.manifest, createManifest),
    accountLinking: made('accountLinking.json', skillSettings.accountLinking, createAccountLinking),
  };
  const faults = lintSkillPackage(skill);
  if (faults.length > 0) throw new PackageRefused(faults);
  return { files: await writePackage(skill, directory), leftOut };
}

const iconNames = ['small', 'large'];

async function readIcon(name: string): Promise<[string, Buffer]> {
  return [`assets/images/${name}.png`, await readFile(join(__dirname, 'images', `${name}.png`))];
}

async function writePackage({ models, icons, manifest, accountLinking }: SkillPackage, directory: string) {
  const files = new Map<string, object | undefined>([
    ['skill.json', manifest],
    ['accountLinking.json', accountLinking],
    ...[...models].map(([locale, model]) => [`interactionModels/custom/${locale}.json`, model] as const),
    ...icons,
  ]);
  const written = [...files].filter((entry): entry is [string, object] => entry[1] !== undefined);
  await rm(directory, { recursive: true, force: true });
  for (const [name, content] of written) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    const bytes = Buffer.isBuffer(content) ? content : `${JSON.stringify(content, null, 2)}\n`;
    // One of them has the client secret in it.
    await writeFile(path, bytes, { mode: 0o600 });
  }
  return written.map(([name]) => name);
}

async function main(): Promise<void> {
  const texts = openSettingsFiles(process.cwd(), process.env).read();
  const { files, leftOut } = await buildSkill(texts, join('build', 'skill-package'));
  const lines = [
    ...files.map((file) => `build/skill-package/${file}`),
    ...leftOut.map(({ file, missing }) => `not written: ${file}, which needs ${missing.join(', ')}`),
    '',
    'To paste the model into the console: Build, Interaction Model, JSON Editor takes interactionModels/custom/en-US.json.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (require.main === module) runCommand('The skill package could not be built', main);
