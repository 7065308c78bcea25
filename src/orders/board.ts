import { randomUUID } from 'node:crypto';
import type { ActionPage, ActionQuery } from '../step-up/ledger';
import type { StepUpServices } from '../step-up/outside';
import { refuseEnded } from '../step-up/pending';
import { listActions } from '../step-up/read';
import { recordedWith, recordOutcome } from '../step-up/record-outcome';
import { Refusal } from '../step-up/refusal';
import type { Order, OrderTerms } from './pizza-order';
import { findOrder, requireManager, requireStaff, scopeOf, staffName, type Viewer } from './viewer';

type Reading = Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'kind'>;
type Marking = Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'recordStep'>;

/**
 * A page of the orders that the viewer may see, newest first, each as it truly is now.
 * @throws Refusal `forbidden` for another customer's, `invalid_request` for a cursor that no page gave
 */
export async function listOrders(
  services: Reading,
  viewer: Viewer,
  query: ActionQuery,
): Promise<ActionPage<OrderTerms>> {
  const customerId = scopeOf(viewer, query.customerId);
  // What a customer hides is hidden from nobody else.
  const includeHidden = viewer.staff || query.includeHidden;
  return listActions(services, { ...query, customerId, includeHidden });
}

/** How many tickets and waiting orders the kitchen is shown at once: more than hang on a wall. */
const shownAtMost = { toDo: 200, waiting: 50 } as const;

/**
 * What the kitchen works on.
 * @returns what is confirmed and not done, what was confirmed first at the front, and of how many; and what waits for a code, oldest first
 * @throws Refusal `forbidden` for everybody but staff
 */
export async function readKitchen(
  services: Reading,
  viewer: Viewer,
): Promise<{ toDo: Order[]; count: number; waiting: Order[] }> {
  requireStaff(viewer);
  const waiting = await listActions(services, { statuses: ['pending'], limit: shownAtMost.waiting });
  const { actions, count } = await services.store.toDo(shownAtMost.toDo);
  // One whose time is over, and that nobody has written down yet, waits no more.
  const pending = waiting.actions.filter(({ status }) => status === 'pending');
  return { toDo: actions, count, waiting: pending.reverse() };
}

/**
 * Marks a confirmed order as done. Who is second is told of the first.
 * @returns the order as it is then
 * @throws Refusal `not_found`, `forbidden` for everybody but staff who manage orders, `invalid_request` for one that still waits for
 *   its code, `order_*` for one that ended otherwise
 */
export function finishOrder(services: Marking, viewer: Viewer, orderId: string): Promise<Order> {
  return asStaff(services, viewer, 'done', async () => {
    const mark = { at: services.clock(), by: staffName(viewer) };
    const done = await services.store.archive(orderId, mark);
    if (done) return tell(services, done, true);
    const order = await findOrder(services, viewer, orderId);
    if (order.archivedAt !== undefined) return order;
    if (order.status === 'pending') throw new Refusal('invalid_request', 'This order waits for its code.');
    throw refuseEnded(order);
  });
}

/**
 * Takes an order back that was done: it is to do again, in its old place.
 * @returns the order as it is then
 * @throws Refusal `not_found`, `forbidden` for everybody but staff who manage orders
 */
export function reopenOrder(services: Marking, viewer: Viewer, orderId: string): Promise<Order> {
  return asStaff(services, viewer, 'undo', async () => {
    const reopened = await services.store.unarchive(orderId);
    return reopened ? tell(services, reopened, false) : findOrder(services, viewer, orderId);
  });
}

/**
 * Hides a confirmed order from its own customer's list. The kitchen goes on with it.
 * @returns the order as it is then
 * @throws Refusal `not_found`, also for somebody else's, or `store_unavailable`
 */
export function hideOrder(
  services: Pick<Marking, 'store' | 'clock' | 'recordStep'>,
  viewer: Viewer,
  orderId: string,
): Promise<Order> {
  const { customerId } = viewer;
  const step = { step: 'hide', by: 'customer', customerId } as const;
  return recordOutcome(
    services,
    step,
    async () => {
      const hidden = await services.store.hide(customerId, orderId, services.clock());
      return hidden ?? findOrder(services, { ...viewer, staff: false }, orderId);
    },
    ({ id }) => id,
  );
}

function asStaff(
  services: Marking,
  viewer: Viewer,
  step: 'done' | 'undo',
  work: () => Promise<Order>,
): Promise<Order> {
  const recorded = recordedWith(services, viewer.staff ? { staffId: viewer.customerId } : {});
  const by = viewer.staff ? 'staff' : 'customer';
  const checked = async () => {
    requireManager(viewer);
    return work();
  };
  return recordOutcome(recorded, { step, by }, checked, ({ id }) => id);
}

function tell({ feed, clock }: Marking, order: Order, done: boolean): Order {
  const { id, customerId } = order;
  void feed.publish({ id: randomUUID(), at: clock(), customerId, actionId: id, done });
  return order;
}
