import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settings } from '../../src/config';
import { deploySettings } from '../settings';
import type { Texts } from '../settings-files';
import { buildSkill } from '../skill/build-skill';
import { deploySkill } from '../skill/deploy-skill';
import { signInToAmazon } from '../skill/sign-in-to-amazon';
import { askSetting } from './ask-settings';
import type { SetUp } from './setup';

const built = join('build', 'skill-package');
/** The hash of the package that was brought to Amazon last: a second run has nothing to do. */
const deployedName = 'ALEXA_SKILL_DEPLOYED';
const { alexaSkillId } = settings;
const { refreshToken } = deploySettings;

/**
 * Builds the skill package, and brings it to Amazon if it is another than the one that is there.
 * @returns whether Amazon has it
 * @throws NoAnswer, ConfigError, PackageRefused and AmazonRefused
 */
export async function setUpSkill(parts: SetUp): Promise<boolean> {
  const { files, terminal, print } = parts;
  const isSkillDeployed = isOnThisMachine(files.read()) ? tellOutOfReach(print) : await bringSkill(parts);
  if (terminal && !isSet(files.read(), alexaSkillId)) {
    print('A skill that is made by hand has its id in the console, Build, Endpoint.\n');
    await askSetting({ setting: alexaSkillId, text: 'Skill ID' }, { files, terminal }, true);
  }
  return isSkillDeployed;
}

async function bringSkill({ files, terminal, print }: SetUp): Promise<boolean> {
  const hash = await hashOf((await buildSkill(files.read(), built)).files);
  const isMade = isSet(files.read(), alexaSkillId);
  if (isMade && files.read()[deployedName] === hash) {
    print('The skill at Amazon is of these settings. Nothing is to be changed.\n');
    return true;
  }
  const what = isMade ? 'updates the skill' : 'makes a skill';
  print(
    `Bringing ${built} to Amazon ${what} in development, in five Englishes, and sets its account linking.\n`,
  );
  const isWanted = terminal
    ? await terminal.confirm('Shall it be brought there?')
    : isSet(files.read(), refreshToken);
  if (!isWanted) return false;
  if (terminal && !isSet(files.read(), refreshToken)) {
    print(`By the refresh token of your account; an empty answer signs you in at Amazon now, to get one.\n`);
    const question = { setting: refreshToken, text: 'Refresh token', isSecret: true };
    const token = await askSetting(question, { files, terminal }, true);
    if (token === '') await signInToAmazon(files, print);
  }
  await deploySkill(files, print);
  await files.keep({ [deployedName]: hash });
  return true;
}

function tellOutOfReach(print: SetUp['print']): false {
  print('Amazon reaches no tenant and no POD on this machine: nothing is brought there.\n');
  return false;
}

function isOnThisMachine({ AUTH0_DOMAIN, POD_URL = '' }: Texts): boolean {
  return [`https://${AUTH0_DOMAIN}`, POD_URL].some((url) =>
    /^https?:\/\/(localhost|127\.0\.0\.1)\b/.test(url),
  );
}

function isSet(texts: Texts, { name }: { name: string }): boolean {
  return Boolean(texts[name]?.trim());
}

async function hashOf(names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(join(built, name)));
  return hash.digest('hex');
}
