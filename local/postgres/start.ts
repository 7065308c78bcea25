import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import { ConfigError, readSettings } from '../../src/settings-table';
import { fromHere } from '../from-here';
import { replaceFile } from '../replace-file';
import { localSettings } from '../settings';
import { createPostgres, giveToServer, letServerPass, queryOnce } from './create-postgres';

void main();

/** Starts a PostgreSQL for POD on loopback, whose data is kept. Only who has the password gets in. */
async function main(): Promise<void> {
  try {
    const { postgres: port, dataDirectory } = readSettings(localSettings, process.env);
    const directory = join(dataDirectory, 'postgres');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await letServerPass(dataDirectory);
    const password = await openPassword(join(directory, 'password'));
    const url = (role: string, database: string) =>
      `postgres://${role}:${password}@localhost:${port}/${database}`;
    await requireFree(port);
    const server = await createPostgres({
      directory,
      initdbFlags: [
        ...['--username=postgres', `--pwfile=${join(directory, 'password')}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--no-locale'],
      ],
      settings: ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='],
      administratorUrl: url('postgres', 'postgres'),
      stopSignal: 'INT',
    });
    let isStopping = false;
    const stop = () => {
      isStopping = true;
      void server.stop();
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
    await server.start();
    await provideDatabase(url('postgres', 'postgres'), password);
    const settingsFile = join(directory, 'pod.env');
    await replaceFile(settingsFile, `DATABASE_URL=${url('pod', 'pod')}\n`);
    print(`
  PostgreSQL   ${url('pod', 'pod')}   (on this machine only)
  Setting      ${fromHere(settingsFile)}   (DATABASE_URL, of POD for this database)

  In the terminal that POD is started in:

    set -a; . ${fromHere(settingsFile)}; set +a

  Ctrl-C stops it; what is in it is kept.

PostgreSQL is ready`);
    await server.ended();
    if (!isStopping) throw new Error(`it ended; ${fromHere(join(directory, 'log'))} says why.`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** Made at the first start, and its owner's alone. */
async function openPassword(path: string): Promise<string> {
  const kept = readIfPresent(path)?.trim();
  if (kept) return kept;
  const password = randomBytes(24).toString('hex');
  await replaceFile(path, `${password}\n`);
  await giveToServer(path);
  return password;
}

/** POD's own role and database, as an administrator makes them. */
async function provideDatabase(administratorUrl: string, password: string): Promise<void> {
  const isThere = async (sql: string) => (await queryOnce(administratorUrl, sql)).rowCount !== 0;
  if (!(await isThere(`SELECT FROM pg_roles WHERE rolname = 'pod'`)))
    await queryOnce(administratorUrl, `CREATE ROLE pod LOGIN PASSWORD '${password}'`);
  if (!(await isThere(`SELECT FROM pg_database WHERE datname = 'pod'`)))
    await queryOnce(administratorUrl, 'CREATE DATABASE pod OWNER pod');
}

/** @throws the server's error when it is taken (`code` EADDRINUSE) */
async function requireFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return 'The port is in use, perhaps by another npm run postgres. Stop it, or set POSTGRES_PORT to a free one.';
  }
  return `PostgreSQL could not start: ${message}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
