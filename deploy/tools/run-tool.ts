import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { readIfPresent } from '../../src/runtimes/read-if-present';

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
  /** Ends a program that would run on. */
  signal?: AbortSignal;
  /** Takes what the program prints, as it comes. */
  print(text: string): void;
}

interface Package {
  version?: string;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
}

/** The programs of Auth0 and Amazon, in a package of their own: POD runs without them. */
export const { install: installTool, run: runTool } = openTools(__dirname, {
  a0deploy: 'auth0-deploy-cli',
  ask: 'ask-cli',
});

/**
 * Programs from npm that are fetched when they are first used.
 * @param folder of a package that depends on them, each in one version, and has its lock file
 * @param programs the name of each, and the package that brings it
 */
export function openTools<Program extends string>(folder: string, programs: Record<Program, string>) {
  const folderOf = (program: Program) => join(folder, 'node_modules', programs[program]);

  /** Whether the program is there, in the version that the package names. */
  function isInstalled(program: Program): boolean {
    const wanted = readPackage(folder)?.dependencies?.[programs[program]];
    return readPackage(folderOf(program))?.version === wanted;
  }

  function entryOf(program: Program): string {
    const { bin = {} } = readPackage(folderOf(program)) ?? {};
    return join(folderOf(program), bin[program] ?? '');
  }

  /**
   * Installs the package, unless the program is there already.
   * @throws ToolFailed
   */
  async function install(program: Program, print: ToolRun['print']): Promise<void> {
    if (isInstalled(program)) return;
    const place = join(relative(process.cwd(), folder), 'node_modules');
    print(`Installing ${programs[program]} into ${place}, once ...\n`);
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await start(npm, args, { workingDirectory: folder, print });
  }

  return {
    install,
    /**
     * Runs a program of the package, which is installed when it is first used.
     * @throws ToolFailed, or an AbortError when the signal has ended it
     */
    async run(program: Program, args: readonly string[], run: ToolRun): Promise<void> {
      await install(program, run.print);
      await start(process.execPath, [entryOf(program), ...args], run);
    },
  };
}

function readPackage(folder: string): Package | undefined {
  const text = readIfPresent(join(folder, 'package.json'));
  return text === undefined ? undefined : JSON.parse(text);
}

function start(command: string, args: readonly string[], run: ToolRun): Promise<void> {
  const { environment, workingDirectory, signal, print } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: workingDirectory,
      env: { ...process.env, ...environment },
      signal,
      stdio: ['inherit', 'pipe', 'pipe'],
    });
    // Whoever breaks it off ends the program, and then what was written for it is removed as after any failure.
    const pass = (taken: NodeJS.Signals) => void child.kill(taken);
    for (const one of signals) process.on(one, pass);
    child.stdout.setEncoding('utf8').on('data', print);
    child.stderr.setEncoding('utf8').on('data', print);
    child.on('error', reject);
    child.on('close', (status, endedBy) => {
      for (const one of signals) process.off(one, pass);
      if (status === 0) resolve();
      else reject(new ToolFailed(String(args[0]), status ?? endedBy));
    });
  });
}

const signals = ['SIGINT', 'SIGTERM'] as const;
