import { runCommand } from '../run-command';
import { deploySettings } from '../settings';
import { openSettingsFiles, type SettingsFiles } from '../settings-files';
import { AmazonRefused } from './amazon-refusal';
import { openAsk } from './open-ask';

/**
 * Has the owner of the Amazon developer account sign in, in any browser, and paste the code that is shown there; keeps the refresh
 * token by which the commands reach Amazon from then on. It reads the code from the standard input.
 * @throws AmazonRefused
 */
export async function signInToAmazon(files: SettingsFiles, print: (text: string) => void): Promise<void> {
  const ask = await openAsk({}, print);
  try {
    let printed = '';
    await ask.run(['util', 'generate-lwa-tokens', '--no-browser'], (text) => {
      printed += text;
      // Then it prints the tokens, or an error that is told in other words.
      if (!/LWA tokens|\[Error\]/.test(printed)) print(text);
    });
    const [, refreshToken = ''] = /"refresh_token": "([^"]+)"/.exec(printed) ?? [];
    const { name, read } = deploySettings.refreshToken;
    if (!read(refreshToken))
      throw new AmazonRefused(['Amazon gave no refresh token → run it again, and paste the whole code.']);
    await files.keep({ [name]: refreshToken });
  } finally {
    await ask.close();
  }
}

async function main(): Promise<void> {
  const print = (text: string) => void process.stdout.write(text);
  await signInToAmazon(openSettingsFiles(process.cwd(), process.env), print);
  print('\nYou are signed in. deploy/secrets.ini has the refresh token: nobody else may see it.\n');
}

if (require.main === module) runCommand('You are not signed in at Amazon', main);
