import { randomUUID } from 'node:crypto';
import type { CustomerId } from '../step-up/customer';
import type { ActionPage, ActionQuery } from '../step-up/ledger';
import type { StepUpServices } from '../step-up/outside';
import { listActions } from '../step-up/read';
import { recordOutcome } from '../step-up/record-outcome';
import type { Pizza } from './pizza-order';
import { scopeOf, type Viewer } from './viewer';

/**
 * A page of the orders that the viewer may see, newest first, each as it truly is now.
 * @throws Refusal `forbidden` for another customer's, `invalid_request` for a cursor that no page gave
 */
export async function listOrders(
  services: Pick<StepUpServices<Pizza>, 'store' | 'clock' | 'feed' | 'kind'>,
  viewer: Viewer,
  query: ActionQuery,
): Promise<ActionPage<Pizza>> {
  return listActions(services, { ...query, customerId: scopeOf(viewer, query.customerId) });
}

/**
 * Clears the confirmed orders from the board: the customer's who is named, or everybody's. Nothing is deleted.
 * @returns how many there were
 * @throws Refusal `forbidden` for another customer's, or `store_unavailable`
 */
export function clearBoard(
  services: Pick<StepUpServices<Pizza>, 'store' | 'clock' | 'feed' | 'recordStep'>,
  viewer: Viewer,
  customer: CustomerId | undefined,
): Promise<number> {
  return recordOutcome(services, { step: 'clear' }, async () => {
    const customerId = scopeOf(viewer, customer);
    const now = services.clock();
    const cleared = await services.store.archiveConfirmed({ customerId }, now);
    if (cleared > 0) void services.feed.publish({ id: randomUUID(), at: now, customerId, cleared });
    return cleared;
  });
}
