import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { ActionKind } from '../step-up/action';
import { type ActionStore, everybody } from '../step-up/ledger';
import { mustNotWrite, reachNow } from './faults';
import { groupCommits } from './group-commits';
import { createSqlOutbox } from './sql-outbox';
import {
  type ActionRow,
  createSqlMarks,
  createSqlReads,
  type LedgerRow,
  parseLedger,
  type RecordRow,
} from './sql-reads';
import { migrationsAfter, schemaVersion, sqlite } from './sql-schema';
import { type Statement, selectAction, selectLedger, selectRecord, writeDecision } from './sql-statements';

/**
 * The embedded store: one SQLite file, durable before it answers (WAL, synchronous=FULL).
 * @param path the file, made if missing, or `:memory:`
 * @throws Error when the file cannot be opened or was written by a newer POD
 */
export function createSqliteStore<Terms>(path: string, kind: ActionKind<Terms>): ActionStore<Terms> {
  const database = openDatabase(path);
  const inTransaction = groupCommits(database);
  const prepared = new Map<string, Database.Statement>();

  function prepare(text: string): Database.Statement {
    // SQLite numbers `$2` by where it stands first, and `?2` by its number.
    const statement = prepared.get(text) ?? database.prepare(text.replaceAll('$', '?'));
    prepared.set(text, statement);
    return statement;
  }

  const rows = <Row>({ text, values }: Statement) => prepare(text).all(...values) as Row[];
  const run = ({ text, values }: Statement) => reachNow(() => prepare(text).run(...values).changes);

  const change = <Row>(statement: Statement) => inTransaction(() => reachNow(() => rows<Row>(statement)));

  return {
    ...createSqlReads(kind, async (statement) => rows(statement)),
    ...createSqlMarks(kind, change),
    ...createSqlOutbox(change),
    transact: (customerId, decide, scope = {}) =>
      inTransaction(() => {
        const ledger = reachNow(() =>
          parseLedger(kind, customerId, {
            newest: rows<LedgerRow>(selectLedger(customerId)),
            named: scope.named ? rows<ActionRow>(selectAction(scope.named)) : [],
            everybody: scope.everybody && rows<RecordRow>(selectRecord(everybody)),
          }),
        );
        const decision = decide(ledger);
        for (const statement of writeDecision(customerId, decision)) {
          if (run(statement) === 0) throw mustNotWrite();
        }
        return decision.result;
      }),
    close: async () => {
      database.close();
    },
  };
}

function openDatabase(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  // NORMAL may lose the last commits at a power cut, and an acknowledged action must not be lost.
  database.pragma('synchronous = FULL');
  // Another process may hold the file for a moment, a backup for example.
  database.pragma('busy_timeout = 2000');
  migrate(database);
  return database;
}

/** Brings the file's schema up to date, all or nothing. */
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
