import { Refusal } from '../errors';

/** PostgreSQL's codes (appendix A of its manual) for what another transaction was given precedence over. */
const givenWay = new Set(['40001', '40P01']);
const noRoom = new Set(['53100', '53200']);

/** Whether the database undid a transaction so that another could go on: the same one may succeed next time. */
export function isRetriable(error: unknown): boolean {
  return givenWay.has((error as { code?: string }).code ?? '');
}

/**
 * What a fault of the database means for the customer: nothing was written, or it is not known; either way the order's
 * state is what the store says next. A Refusal stays what it is.
 */
export function storeRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = (error as { code?: string }).code ?? '';
  if (noRoom.has(code))
    return new Refusal('store_full', 'The database has no room left.', {}, { cause: error });
  const message = 'The order store did not answer.';
  return new Refusal('store_unavailable', message, { retryAfterSeconds: 5 }, { cause: error });
}
