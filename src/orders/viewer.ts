import { isUuid } from '../step-up/action';
import type { AccessTokenClaims, CustomerId } from '../step-up/customer';
import type { StepUpServices } from '../step-up/outside';
import { findAction } from '../step-up/read';
import { recordedWith } from '../step-up/record-outcome';
import { Refusal } from '../step-up/refusal';
import type { TurnRequest } from '../step-up/turn';
import { withdraw } from '../step-up/withdraw';
import { parseName } from './name';
import type { Order, OrderTerms } from './pizza-order';

/** Somebody who looks at orders, at whichever door: customers see and change their own, staff see everybody's. */
export interface Viewer {
  customerId: CustomerId;
  /** What people call them, where the door knows it. */
  name?: string;
  staff: boolean;
  /** Whether these staff may also change what is others', and clear the board. */
  manages: boolean;
}

/** Who the bearer of an access token is to the pizzeria. */
export function viewerOf({ customerId, permissions }: AccessTokenClaims): Viewer {
  const staff = permissions.includes('read:all-orders');
  return { customerId, staff, manages: staff && permissions.includes('manage:orders') };
}

/** @throws Refusal `forbidden` for staff who may only look */
export function requireManager({ manages }: Viewer): void {
  if (!manages) throw new Refusal('forbidden', 'These staff may see orders, and not change them.');
}

/** @throws Refusal `forbidden` for everybody but staff */
export function requireStaff({ staff }: Viewer): void {
  if (!staff) throw new Refusal('forbidden', 'Only staff may see the orders of others.');
}

/** Who of the staff it was, as it stands in an order's history. */
export function staffName({ name, customerId }: Viewer): string {
  return parseName(name) ?? customerId;
}

/**
 * Whose orders are meant: for staff the customer they name, or everybody; for everybody else their own.
 * @returns undefined for everybody's
 * @throws Refusal `forbidden` when somebody else's are asked for, whether or not there is such a customer
 */
export function scopeOf(viewer: Viewer, customer: CustomerId | undefined): CustomerId | undefined {
  if (viewer.staff) return customer;
  if (customer !== undefined && customer !== viewer.customerId) {
    throw new Refusal('forbidden', 'Only staff may see the orders of other customers.');
  }
  return viewer.customerId;
}

/**
 * The order of that id as it truly is now.
 * @throws Refusal `not_found`, also for somebody else's order, so that nobody can tell that it exists
 */
export async function findOrder(
  services: Pick<StepUpServices<OrderTerms>, 'store' | 'clock'>,
  viewer: Viewer,
  orderId: string,
): Promise<Order> {
  const order = await findAction(services, parseOrderId(orderId));
  if (order && (viewer.staff || order.customerId === viewer.customerId)) return order;
  throw noSuchOrder();
}

/**
 * An order's id: a UUID (RFC 9562 §4). Anything else is no order's, and need not reach the store.
 * @throws Refusal `not_found`
 */
export function parseOrderId(text: string): string {
  if (isUuid(text)) return text;
  throw noSuchOrder();
}

/**
 * Cancels an order that is pending, or confirmed and not done: the viewer's own, as any customer's, or anybody else's if they
 * manage orders.
 * @param request.note why staff cancel it, in their own words: the customer reads it
 * @throws Refusal `not_found`, `forbidden` for staff who may only look, or as withdraw does
 */
export async function cancelOrder(
  services: StepUpServices<OrderTerms>,
  viewer: Viewer,
  orderId: string,
  { requestId, signal, note }: Omit<TurnRequest, 'customerId'> & { note?: string },
): Promise<Order> {
  const { id: actionId, customerId } = await findOrder(services, viewer, orderId);
  if (customerId === viewer.customerId) {
    return withdraw(services, { customerId, actionId, requestId, signal, by: 'customer' });
  }
  requireManager(viewer);
  // Staff act in another customer's ledger: their request ids must not meet that customer's own.
  const ofStaff = requestId && `staff:${viewer.customerId}:${requestId}`;
  const recorded = recordedWith(services, { by: 'staff', staffId: viewer.customerId });
  return withdraw(recorded, {
    customerId,
    actionId,
    requestId: ofStaff,
    signal,
    by: 'staff',
    who: staffName(viewer),
    note,
  });
}

function noSuchOrder(): Refusal {
  return new Refusal('not_found', 'There is no such order.');
}
