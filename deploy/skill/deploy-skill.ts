import { cp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { v1 } from 'ask-smapi-model';
import { settings } from '../../src/config';
import { readSettings } from '../../src/settings-table';
import { runCommand } from '../run-command';
import { skillDeploymentSettings } from '../settings';
import { openSettingsFiles, type SettingsFiles } from '../settings-files';
import { AmazonRefused } from './amazon-refusal';
import { buildSkill } from './build-skill';
import { type Ask, openAsk } from './open-ask';
import { redirectFault } from './redirect-fault';

const linkingFile = 'accountLinking.json';

/**
 * Builds the skill package and brings it to Amazon, whose models are built then: a skill is made the first time, and its id kept as
 * soon as it is known; later it is updated. Then its account linking is set.
 * @throws ConfigError naming every setting that is missing or malformed, PackageRefused, and AmazonRefused
 */
export async function deploySkill(files: SettingsFiles, print: (text: string) => void): Promise<void> {
  const texts = files.read();
  const values = readSettings(skillDeploymentSettings, texts);
  const built = join('build', 'skill-package');
  await buildSkill(texts, built);
  const ask = await openAsk(values, print);
  try {
    await layProject(ask, built, values.skillId);
    print('Amazon takes the skill package and builds the models of it, which takes some minutes ...\n');
    const skillId = await deployPackage(ask, files, values.skillId);
    print(`${values.skillId ? 'Updated' : 'Made'} the skill ${skillId}.\n`);
    await linkAccounts(ask, skillId, values.vendorId);
    print('Account linking is set.\n');
  } finally {
    await ask.close();
  }
}

/** What `ask deploy` reads. The client secret is no part of a package. */
async function layProject({ folder }: Ask, built: string, skillId: string | undefined): Promise<void> {
  const isPublic = (path: string) => basename(path) !== linkingFile;
  await cp(built, join(folder, 'skill-package'), { recursive: true, filter: isPublic });
  await cp(join(built, linkingFile), join(folder, linkingFile));
  const resources = { default: { skillMetadata: { src: './skill-package' } } };
  const states = { default: { ...(skillId && { skillId }) } };
  await writeJson('ask-resources.json', { askcliResourcesVersion: '2020-03-31', profiles: resources });
  await writeJson('.ask/ask-states.json', { askcliStatesVersion: '2020-03-31', profiles: states });

  function writeJson(name: string, value: object): Promise<void> {
    return writeFile(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  }
}

/** Keeps the id at first sight: Amazon has made the skill before it has built the models, which may fail. */
async function deployPackage(ask: Ask, files: SettingsFiles, known: string | undefined): Promise<string> {
  let skillId = known;
  let kept = Promise.resolve();
  let printed = '';
  const take = (text: string) => {
    printed += text;
    const [found] = /amzn1\.ask\.skill\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(printed) ?? [];
    if (skillId || !found) return;
    skillId = found;
    kept = files.keep({ [settings.alexaSkillId.name]: found });
  };
  try {
    await ask.run(['deploy'], take);
  } finally {
    await kept;
  }
  if (!skillId)
    throw new AmazonRefused([
      'Amazon names no skill → look at https://developer.amazon.com/alexa/console/ask.',
    ]);
  return skillId;
}

/** Sets it, and looks whether the tenant lets customers go back to the addresses that Amazon gives for it. */
async function linkAccounts(ask: Ask, skillId: string, vendorId: string): Promise<void> {
  const skill = ['--skill-id', skillId, '--stage', 'development'];
  const request = ['--account-linking-request', `file:${linkingFile}`];
  await ask.callSmapi('update-account-linking-info', ...skill, ...request);
  const linking = (await ask.callSmapi('get-account-linking-info', ...skill)) as
    | v1.skill.accountLinking.AccountLinkingResponse
    | undefined;
  const fault = redirectFault(linking?.redirectUrls ?? [], vendorId);
  if (fault) throw new AmazonRefused([fault]);
}

async function main(): Promise<void> {
  const print = (text: string) => void process.stdout.write(text);
  await deploySkill(openSettingsFiles(process.cwd(), process.env), print);
  print('The skill is at Amazon, in development. src/runtimes/secrets.ini has its id.\n');
}

if (require.main === module) runCommand('The skill could not be deployed', main);
