import { randomBytes } from 'node:crypto';
import { settings } from '../../src/config';
import { runCommand } from '../run-command';
import { deploySettings } from '../settings';
import { openSettingsFiles, type SettingsFiles } from '../settings-files';
import { askSettings, tellOpen, verifySettings } from './ask-settings';
import { listByHand } from './by-hand';
import { openTerminal, type Terminal } from './open-terminal';
import { setUpSkill } from './set-up-skill';
import { setUpTenant } from './set-up-tenant';

export interface SetUp {
  files: SettingsFiles;
  /** Absent where nobody is asked, and everything is done that the settings allow. */
  terminal?: Terminal;
  print(text: string): void;
  fetch: typeof fetch;
}

/**
 * Leads from nothing to a POD with real accounts. Each step looks at what is there first, so that a second run changes nothing,
 * and one that was broken off goes on.
 * @throws ConfigError, NoAnswer, Declined, ToolFailed, PackageRefused and AmazonRefused
 */
export async function setUp(parts: SetUp): Promise<void> {
  const { files, terminal, print } = parts;
  print('1 of 4  What only you know\n');
  if (terminal) await askSettings({ ...parts, terminal });
  else await verifySettings(parts);
  print('\n2 of 4  Auth0\n');
  await setUpTenant(parts);
  await keepOwnSettings(files);
  print('\n3 of 4  The skill\n');
  const isSkillDeployed = await setUpSkill(parts);
  print('\n4 of 4  What stays to be done by hand\n');
  for (const [place, step] of listByHand(files.read(), isSkillDeployed).entries()) {
    print(`  ${place + 1}. ${step}\n`);
  }
  print('\nsrc/runtimes/secrets.ini has all that POD needs. npm run doctor tells what is not right yet.\n');
}

/** What follows from the answers, and what is made up once. */
async function keepOwnSettings(files: SettingsFiles): Promise<void> {
  const { publicOrigin, sessionSecret } = settings;
  const texts = files.read();
  const podUrl = deploySettings.podUrl.read(String(texts[deploySettings.podUrl.name]));
  await files.keep({
    ...(podUrl && !files.isGiven(publicOrigin.name) && { [publicOrigin.name]: new URL(podUrl).origin }),
    ...(!texts[sessionSecret.name]?.trim() && {
      [sessionSecret.name]: randomBytes(32).toString('base64url'),
    }),
  });
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--yes');
  if (unknown.length > 0) throw new Error(`It takes --yes and nothing else, not ${unknown.join(' ')}.`);
  const files = openSettingsFiles(process.cwd(), process.env);
  const print = (text: string) => void process.stdout.write(text);
  if (args.length > 0) return setUp({ files, print, fetch });
  const terminal = openTerminal(process.stdin, process.stdout);
  print(
    'Every answer is kept at once: stop by Ctrl-C when you like, and run this again. Secrets are not shown.\n\n',
  );
  try {
    await setUp({ files, terminal, print, fetch });
  } catch (error) {
    throw tellOpen(error, files);
  } finally {
    terminal.close();
  }
}

if (require.main === module) runCommand('POD is not set up yet', () => main(process.argv.slice(2)));
