import type Database from 'libsql';
import { storeRefusal } from './faults';

interface Work {
  run(): void;
  settle(commitFault?: Error): void;
}

/**
 * Makes the function that runs transitions. It runs them one after the other and commits all that wait together, so that a
 * hundred customers at once cost one flush to disk and not a hundred. A transition that throws is undone alone and
 * rejects with what it threw; none resolves before it is durable, and all reject with `store_unavailable` or
 * `store_full` when the commit fails.
 */
export function groupCommits(database: Database.Database): <T>(work: () => T) => Promise<T> {
  let waiting: Work[] = [];
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const savepoint = database.prepare('SAVEPOINT transition');
  const release = database.prepare('RELEASE transition');

  function runAlone(work: Work): void {
    savepoint.run();
    work.run();
    release.run();
  }

  function commitWaiting(): void {
    const batch = waiting;
    waiting = [];
    try {
      begin.run();
      for (const work of batch) runAlone(work);
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
      waiting.push({ run, settle: (fault) => (fault ? reject(fault) : outcome()) });
      if (waiting.length === 1) setImmediate(commitWaiting);
    });
}
