import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTool, runTool, ToolFailed } from '../tools/run-tool';
import { AmazonRefused, lastBody, readRefusal } from './amazon-refusal';

export type Ask = Awaited<ReturnType<typeof openAsk>>;

interface AskAccount {
  /** Of Login with Amazon; absent before somebody has signed in. */
  refreshToken?: string;
  vendorId?: string;
}

/**
 * Amazon's program for skills, in a home of its own: it reads and changes nobody's ~/.ask, opens no browser, and sends Amazon no
 * data on how it is used. Close it, or what it knows stays behind.
 * @param print takes what is told while the program is installed
 */
export async function openAsk(account: AskAccount, print: (text: string) => void) {
  await installTool('ask', print);
  const folder = await mkdtemp(join(tmpdir(), 'pod-ask-'));
  await mkdir(join(folder, '.ask'));
  await writeFile(join(folder, '.ask', 'cli_config'), JSON.stringify(profileOf(account)), { mode: 0o600 });
  const environment = {
    HOME: folder,
    USERPROFILE: folder,
    ASK_DEFAULT_PROFILE: 'default',
    ASK_SKIP_NEW_VERSION_REMINDER: 'true',
    ASK_SHARE_USAGE: 'false',
    // With these and AWS's it would take the environment for the profile, and send data on its use whatever it is told.
    ASK_REFRESH_TOKEN: '',
    ASK_ACCESS_TOKEN: '',
  };
  const run = async (args: readonly string[], show: (text: string) => void = () => {}) => {
    let printed = '';
    const take = (text: string) => {
      printed += text;
      show(text);
    };
    try {
      await runTool('ask', args, { environment, workingDirectory: folder, print: take });
      return printed;
    } catch (error) {
      if (!(error instanceof ToolFailed)) throw error;
      throw typeof error.ended === 'number' ? readRefusal(printed) : brokenOff(error);
    }
  };
  return {
    /** Where the program runs. Only its owner can look into it. */
    folder,
    /** Runs it to its end. @returns what it printed @throws AmazonRefused */
    run,
    /** Calls one operation of the Skill Management API. @returns the body of Amazon's answer @throws AmazonRefused */
    callSmapi: async (operation: string, ...args: string[]): Promise<unknown> =>
      // Without --debug it tells the status of a refusal alone. What it tells then has secrets in it, and is not printed.
      lastBody(await run(['smapi', operation, ...args, '--debug'])),
    close: () => rm(folder, { recursive: true }),
  };
}

function brokenOff({ ended }: ToolFailed): AmazonRefused {
  return new AmazonRefused([`It was broken off by ${ended} → run it again: it goes on where it stopped.`]);
}

function profileOf({ refreshToken = '', vendorId = '' }: AskAccount) {
  const token = {
    access_token: '',
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_at: new Date(0).toISOString(),
  };
  return { profiles: { default: { aws_profile: null, token, vendor_id: vendorId } }, share_usage: false };
}
