import { setTimeout as pause } from 'node:timers/promises';
import type Database from 'libsql';
import type { ActionKind } from '../step-up/action';
import { type ActionStore, everybody } from '../step-up/ledger';
import { mustNotWrite, reachNow } from './faults';
import { groupCommits, isBusy, longestWaitMs, pollMs } from './group-commits';
import { openSqlite } from './open-sqlite';
import { createSqlOutbox } from './sql-outbox';

import {
  type ActionRow,
  createSqlMarks,
  createSqlReads,
  type LedgerRow,
  parseLedger,
  type RecordRow,
} from './sql-reads';
import { type Statement, selectAction, selectLedger, selectRecord, writeDecision } from './sql-statements';

/** The same number as before, committed: nothing less shows that there is room for more. */
function tryToWrite(database: Database.Database): void {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  database.exec(`PRAGMA user_version = ${user_version}`);
}

/** Reads wait for another process only in the moment in which that opens or closes the file. */
async function whenFree<Result>(read: () => Result): Promise<Result> {
  const giveUpAt = performance.now() + longestWaitMs;
  for (;;) {
    try {
      return read();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
    }
    await pause(pollMs);
  }
}

/**
 * The embedded store: one SQLite file, durable before it answers (WAL, synchronous=FULL).
 * @param path the file, made if missing, or `:memory:`
 * @throws Error when the file cannot be opened or was written by a newer POD
 */
export function createSqliteStore<Terms>(path: string, kind: ActionKind<Terms>): ActionStore<Terms> {
  const { database, assertKept, close } = openSqlite(path);
  const inTransaction = groupCommits(database, assertKept);
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
    ...createSqlReads(kind, (statement) => whenFree(() => rows(statement))),
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
    ping: () => inTransaction(() => reachNow(() => tryToWrite(database))),
    close: async () => close(),
  };
}
