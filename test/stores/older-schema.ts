import { expect } from 'vitest';
import type { OrderTerms } from '../../src/orders/pizza-order';
import { type ActionStore, newCustomer } from '../../src/step-up/ledger';
import { endedOrder, newCustomerId, storeOrders } from '../fixtures/orders';

/** Takes a database of today's schema back to an older one, without the version that it states. */
export const backTo = {
  3: `DROP INDEX orders_to_do; DROP INDEX customers_locked; ALTER TABLE orders DROP COLUMN ended_at;
    ALTER TABLE orders DROP COLUMN archived_by; ALTER TABLE customers DROP COLUMN may_be_locked;`,
  get 1() {
    return `${this[3]} DROP TABLE notices; ALTER TABLE orders DROP COLUMN hidden_at;`;
  },
};

/** Writes what columns of today are about, and gives a check of what is found of it after they were made anew. */
export async function storeForTheBoard(store: ActionStore<OrderTerms>) {
  const [second, first] = [50, 20].map((endedAt) => endedOrder({ endedAt }));
  const done = endedOrder({ endedAt: 10 });
  if (!first || !second) throw new Error('There are two.');
  await storeOrders(store, [second, first, done]);
  await store.archive(done.id, { at: 70, by: 'Stella' });
  const locked = [{ wrongCodesInARow: 5 }, { wrongCodesAt: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }].map(
    (record) => ({
      ...newCustomer(newCustomerId()),
      ...record,
    }),
  );
  for (const customer of locked) await store.transact(customer.id, () => ({ customer, result: undefined }));
  return async (later: ActionStore<OrderTerms>) => {
    expect(await later.toDo(50)).toEqual({ actions: [first, second], count: 2 });
    expect(await later.find(done.id)).toEqual({ ...done, archivedAt: 70 });
    const found = await later.maybeLocked(50);
    expect(found.map(({ id }) => id).sort()).toEqual(locked.map(({ id }) => id).sort());
    expect(found).toEqual(expect.arrayContaining(locked));
  };
}
