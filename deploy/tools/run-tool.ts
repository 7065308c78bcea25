import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readIfPresent } from '../../src/runtimes/read-if-present';

/** The programs of Auth0 and Amazon, in a package of their own: POD runs without them. */
const programs = { a0deploy: 'auth0-deploy-cli', ask: 'ask-cli' };

/** A program ended with something else than 0. What it printed has been passed on. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';

  constructor(
    command: string,
    /** The exit status, or the signal that ended it. */
    readonly ended: number | NodeJS.Signals | null,
  ) {
    super(`${command} ended with ${ended}. What it printed above says why.`);
  }
}

export interface ToolRun {
  /** Besides the environment of this process. */
  environment?: Readonly<Record<string, string>>;
  workingDirectory?: string;
  /** Takes what the program prints, as it comes. */
  print(text: string): void;
}

/**
 * Installs the package, unless the program is there already.
 * @throws ToolFailed
 */
export async function installTool(
  program: keyof typeof programs,
  print: (text: string) => void,
): Promise<void> {
  if (isInstalled(program)) return;
  print(`Installing ${programs[program]} into deploy/tools/node_modules, once ...\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await start(npm, args, { workingDirectory: __dirname, print });
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
  await installTool(program, run.print);
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
    // Whoever breaks it off ends the program, and then what was written for it is removed as after any failure.
    const pass = (signal: NodeJS.Signals) => void child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.stdout.setEncoding('utf8').on('data', print);
    child.stderr.setEncoding('utf8').on('data', print);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      for (const one of signals) process.off(one, pass);
      if (status === 0) resolve();
      else reject(new ToolFailed(String(args[0]), status ?? signal));
    });
  });
}

const signals = ['SIGINT', 'SIGTERM'] as const;
