import type { CustomerId } from '../step-up/customer';
import { isLocked } from '../step-up/limits';
import type { StepUpServices } from '../step-up/outside';
import type { Order, OrderTerms } from './pizza-order';
import { requireStaff, type Viewer } from './viewer';

const shownAtMost = 100;

/**
 * The customers whose ordering is locked, with the newest order of each, and since when: they said that an order was not theirs
 * (`disowned`), or the newest wrong code was tried then.
 * @throws Refusal `forbidden` for everybody but staff
 */
export async function lockedCustomers(
  { store, clock }: Pick<StepUpServices<OrderTerms>, 'store' | 'clock'>,
  viewer: Viewer,
): Promise<{ customerId: CustomerId; since?: number; disowned: boolean; latest?: Order }[]> {
  requireStaff(viewer);
  const records = await store.maybeLocked(shownAtMost);
  const locked = records.filter((record) => isLocked(record, clock()));
  return Promise.all(
    locked.map(async ({ id, wrongCodesAt, disownedAt }) => {
      const { latest } = await store.read(id);
      const since = disownedAt ?? wrongCodesAt.at(-1);
      return { customerId: id, since, disowned: disownedAt !== undefined, latest };
    }),
  );
}
