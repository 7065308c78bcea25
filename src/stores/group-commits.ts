import type Database from 'libsql';
import { storeRefusal } from './faults';

interface Work {
  giveUpAt: number;
  run(): void;
  settle(commitFault?: Error): void;
}

/**
 * Another process may hold the file, a backup for example. A turn's calls to Auth0 end after 6 s: what is written after
 * them must be in time for its 7.
 */
export const longestWaitMs = 900;
/** While it waits the process does its other work: SQLite's own way to wait would stop it. */
export const pollMs = 20;

/** Whether another process holds the file. */
export function isBusy(fault: unknown): boolean {
  return (fault as { code?: string }).code === 'SQLITE_BUSY';
}

/**
 * Makes the function that runs transitions. It runs them one after the other and commits all that wait together, so that a
 * hundred customers at once cost one flush to disk and not a hundred. A transition that throws is undone alone and
 * rejects with what it threw; none resolves before it is durable, and all reject with `store_unavailable` or
 * `store_full` when the commit fails. One that waits too long for another process rejects with `store_unavailable`.
 * @param assertKept throws when what is written would be lost; asked before each commit
 */
export function groupCommits(
  database: Database.Database,
  assertKept: () => void,
): <T>(work: () => T) => Promise<T> {
  let waiting: Work[] = [];
  const commit = database.prepare('COMMIT');
  const savepoint = database.prepare('SAVEPOINT transition');
  const release = database.prepare('RELEASE transition');

  function runAlone(work: Work): void {
    savepoint.run();
    work.run();
    release.run();
  }

  /** Ends the waiting of all of them, or of those that have waited for too long. */
  function giveUp(fault: unknown): void {
    const now = performance.now();
    const mayWait = ({ giveUpAt }: Work) => isBusy(fault) && now < giveUpAt;
    const ended = waiting.filter((work) => !mayWait(work));
    waiting = waiting.filter(mayWait);
    for (const work of ended) work.settle(storeRefusal(fault));
  }

  function commitWaiting(): void {
    try {
      // Not prepared: a statement that found the file held would keep it open.
      database.exec('BEGIN IMMEDIATE');
    } catch (fault) {
      giveUp(fault);
      if (waiting.length > 0) setTimeout(commitWaiting, pollMs);
      return;
    }
    const batch = waiting;
    waiting = [];
    try {
      for (const work of batch) runAlone(work);
      assertKept();
      commit.run();
    } catch (fault) {
      if (database.inTransaction) database.exec('ROLLBACK');
      for (const work of batch) work.settle(storeRefusal(fault));
      return;
    }
    for (const work of batch) work.settle();
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      let outcome: () => void;
      const run = () => {
        try {
          const value = work();
          outcome = () => resolve(value);
        } catch (error) {
          database.exec('ROLLBACK TO transition');
          outcome = () => reject(error);
        }
      };
      const giveUpAt = performance.now() + longestWaitMs;
      waiting.push({ giveUpAt, run, settle: (fault) => (fault ? reject(fault) : outcome()) });
      if (waiting.length === 1) setImmediate(commitWaiting);
    });
}
