import { randomUUID } from 'node:crypto';
import type { CustomerId } from '../step-up/customer';
import type { ActionPage, ActionQuery } from '../step-up/ledger';
import type { StepUpServices } from '../step-up/outside';
import { listActions } from '../step-up/read';
import { recordedWith, recordOutcome } from '../step-up/record-outcome';
import type { OrderTerms } from './pizza-order';
import { requireManager, scopeOf, type Viewer } from './viewer';

/**
 * A page of the orders that the viewer may see, newest first, each as it truly is now.
 * @throws Refusal `forbidden` for another customer's, `invalid_request` for a cursor that no page gave
 */
export async function listOrders(
  services: Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'kind'>,
  viewer: Viewer,
  query: ActionQuery,
): Promise<ActionPage<OrderTerms>> {
  const customerId = scopeOf(viewer, query.customerId);
  // What a customer hides is hidden from nobody else.
  const includeHidden = viewer.staff || query.includeArchived;
  return listActions(services, { ...query, customerId, includeHidden });
}

/**
 * Clears the confirmed orders. Staff finish them, so that they leave the board: those of the customer who is named, or
 * everybody's. A customer hides them from their own list. Nothing is deleted.
 * @returns how many there were
 * @throws Refusal `forbidden` for another customer's and for staff who may only look, or `store_unavailable`
 */
export function clearBoard(
  services: Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'recordStep'>,
  viewer: Viewer,
  customer: CustomerId | undefined,
): Promise<number> {
  const by = viewer.staff ? 'staff' : 'customer';
  const recorded = recordedWith(services, viewer.staff ? { staffId: viewer.customerId } : {});
  const customerOfStep = viewer.staff ? customer : viewer.customerId;
  return recordOutcome(recorded, { step: 'clear', by, customerId: customerOfStep }, async () => {
    const customerId = scopeOf(viewer, customer);
    const now = services.clock();
    if (viewer.staff) requireManager(viewer);
    const cleared = viewer.staff
      ? await services.store.archiveConfirmed({ customerId }, now)
      : await services.store.hideConfirmed(viewer.customerId, now);
    if (cleared > 0) void services.feed.publish({ id: randomUUID(), at: now, customerId, cleared });
    return cleared;
  });
}
