import { Refusal } from '../errors';

/**
 * Runs a statement.
 * @throws Refusal `store_full` or `store_unavailable` for whatever SQLite throws: nothing was written then
 */
export function reachable<T>(statement: () => T): T {
  try {
    return statement();
  } catch (error) {
    throw storeRefusal(error);
  }
}

/** What an SQLite fault means for the customer: try again, or make room (sqlite.org/rescode.html). */
export function storeRefusal(error: unknown): Refusal {
  const isFull = (error as { code?: string }).code === 'SQLITE_FULL';
  if (isFull) return new Refusal('store_full', 'The disk is full.', {}, { cause: error });
  const message = 'The order store did not answer.';
  return new Refusal('store_unavailable', message, { retryAfterSeconds: 5 }, { cause: error });
}
