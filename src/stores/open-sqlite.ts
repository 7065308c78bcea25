import { mkdirSync, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { migrationsAfter, schemaVersion, sqlite } from './sql-schema';

/** Only for the start, at which nothing else waits: another process may be about to stop. */
const openingMs = 2_000;

/**
 * How far the log grows, 16 MB, before its pages are copied into the file. Busy pages are copied once however often they were
 * written: by SQLite's own 1,000 pages this is half of what writing costs.
 */
const checkpointPages = 4_000;

/**
 * Opens a file of POD's, and brings its schema up to date, all or nothing.
 * @param path made if missing; or `:memory:`
 * @throws Error that says what to do when it cannot be opened or written, or was written by a newer POD
 */
export function openSqlite(path: string) {
  const database = openWritable(path);
  migrate(database);
  database.pragma('busy_timeout = 0');
  const opened = path === ':memory:' ? undefined : statSync(path);
  return {
    database,
    /** @throws Error when the file is not any more where it was: the next start would not find what is written now */
    assertKept(): void {
      if (opened && !isSame(opened, statSync(path, { throwIfNoEntry: false }))) {
        throw new Error(
          `The SQLite file ${path} was moved, removed or replaced while POD runs: put it back, or restart POD to go on with what is there now.`,
        );
      }
    },
    /** Leaves one whole file behind, unless another process has it open. */
    close(): void {
      try {
        database.pragma('journal_mode = DELETE');
      } catch {
        // What is missing in the file is in the one beside it, which belongs to it.
      }
      database.close();
    },
  };
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}

function openWritable(path: string): Database.Database {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Database(path);
    database.pragma(`busy_timeout = ${openingMs}`);
    database.pragma('journal_mode = WAL');
    // NORMAL may lose the last commits at a power cut, and an acknowledged action must not be lost.
    database.pragma('synchronous = FULL');
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    return database;
  } catch (cause) {
    throw new Error(
      `The SQLite file ${resolve(path)} cannot be opened for writing by the user ${nameOfUser()} (${(cause as Error).message}): let them write in the folder ${dirname(resolve(path))}, or name another place in DATABASE_URL.`,
      { cause },
    );
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container a user may have no name.
    return String(process.getuid?.());
  }
}

function migrate(database: Database.Database): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    for (const migration of migrationsAfter(user_version, sqlite)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
