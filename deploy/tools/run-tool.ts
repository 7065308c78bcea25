import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readIfPresent } from '../../src/runtimes/read-if-present';

/** The programs of Auth0 and Amazon, in a package of their own: POD runs without them. */
const programs = { a0deploy: 'auth0-deploy-cli', ask: 'ask-cli' };

/** A program ended with something else than 0. What it printed has been passed on. */
class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
}

export interface ToolRun {
  /** Besides the environment of this process. */
  environment?: Readonly<Record<string, string>>;
  workingDirectory?: string;
  /** Takes what the program prints, as it comes. */
  print(text: string): void;
}

/**
 * Runs a program of the package, which is installed when it is first used.
 * @throws ToolFailed
 */
export async function runTool(
  program: keyof typeof programs,
  args: readonly string[],
  run: ToolRun,
): Promise<void> {
  if (!isInstalled(program)) {
    run.print(`Installing ${programs[program]} into deploy/tools/node_modules, once ...\n`);
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await start(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      ...run,
      workingDirectory: __dirname,
    });
  }
  await start(process.execPath, [entryOf(program), ...args], run);
}

/** Whether the program is there, in the version that the package names. */
function isInstalled(program: keyof typeof programs): boolean {
  const wanted = readPackage(__dirname)?.dependencies?.[programs[program]];
  return readPackage(folderOf(program))?.version === wanted;
}

function entryOf(program: keyof typeof programs): string {
  const { bin = {} } = readPackage(folderOf(program)) ?? {};
  return join(folderOf(program), bin[program] ?? '');
}

function folderOf(program: keyof typeof programs): string {
  return join(__dirname, 'node_modules', programs[program]);
}

interface Package {
  version?: string;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
}

function readPackage(folder: string): Package | undefined {
  const text = readIfPresent(join(folder, 'package.json'));
  return text === undefined ? undefined : JSON.parse(text);
}

function start(command: string, args: readonly string[], run: ToolRun): Promise<void> {
  const { environment, workingDirectory, print } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: workingDirectory,
      env: { ...process.env, ...environment },
      stdio: ['inherit', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', print);
    child.stderr.setEncoding('utf8').on('data', print);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve();
      else
        reject(new ToolFailed(`${args[0]} ended with ${status ?? signal}. What it printed above says why.`));
    });
  });
}
