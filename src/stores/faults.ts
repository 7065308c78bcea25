import { Refusal } from '../step-up/refusal';

/**
 * Nothing was written, or it is not known; either way an action's state is what the store says next.
 * @param cause why; a body that cannot be read is a reason too
 */
export function unavailable(cause?: unknown): Refusal {
  return new Refusal(
    'store_unavailable',
    'The order store did not answer.',
    { retryAfterSeconds: 5 },
    { cause },
  );
}

/** A decision wrote what it must not. It is a bug and no fault of the store, so it is no Refusal. */
export function mustNotWrite(): Error {
  return new Error(
    'A decision must not write an action of another customer, nor change the status of an archived one.',
  );
}

/** SQLite's code (sqlite.org/rescode.html), and PostgreSQL's (appendix A of its manual). */
const noRoom = new Set(['SQLITE_FULL', '53100', '53200']);

/** What a fault of the database means for the customer: try again, or make room. A Refusal stays what it is. */
export function storeRefusal(cause: unknown): Refusal {
  if (cause instanceof Refusal) return cause;
  const code = (cause as { code?: string }).code ?? '';
  if (noRoom.has(code)) return new Refusal('store_full', 'The database has no room left.', {}, { cause });
  return unavailable(cause);
}

/** Works with a database. @throws Refusal `store_full` or `store_unavailable` for whatever goes wrong there */
export async function reach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeRefusal(error);
  }
}

/** The same without waiting, for a database in this process. */
export function reachNow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeRefusal(error);
  }
}
