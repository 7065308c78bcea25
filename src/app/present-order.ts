import { formatAddress } from '../orders/address';
import type { Bill } from '../orders/bill';
import type { Day } from '../orders/day';
import { formatMoney } from '../orders/money';
import type { Order } from '../orders/pizza-order';
import { itemsOf } from '../orders/receipt';
import type { Viewer } from '../orders/viewer';
import type { BoardBill, BoardOrder, DayOrders, OrderDetails } from './page-data';

/** An order as the page's lists show it to this viewer. */
export function presentOrder(order: Order, viewer: Viewer): BoardOrder {
  const { id, number, customerId, status, terms, via, placedAt, delivery, archivedAt, hiddenAt, evidence } =
    order;
  const { size, toppings, bill, name } = terms;
  return {
    id,
    number,
    customerId,
    own: customerId === viewer.customerId,
    status,
    name,
    pizza: { size, toppings },
    ...(bill && { bill: presentBill(bill) }),
    via,
    placedAt,
    channel: delivery?.channel,
    contact: delivery?.maskedContact,
    doneAt: archivedAt,
    hidden: !viewer.staff && hiddenAt !== undefined,
    evidence,
    ...timesOf(order),
    ...(order.status === 'cancelled' && { cancelReason: order.reason, note: order.note }),
  };
}

/** All of it. */
export function presentDetails(order: Order, viewer: Viewer, locked: boolean): OrderDetails {
  const { attempts, wrongCodesBefore, archivedBy, terms } = order;
  return {
    ...presentOrder(order, viewer),
    lines: terms.bill ? itemsOf(terms.bill) : [],
    attempts,
    wrongCodesBefore,
    locked,
    // Customers deal with the pizzeria, and not with one of its staff.
    ...(viewer.staff && {
      doneBy: archivedBy,
      ...(order.status === 'cancelled' && { cancelledBy: order.who }),
    }),
  };
}

/** A day, its amounts written out. */
export function presentDay({ orders, found, counts, totals }: Day, viewer: Viewer): DayOrders {
  return {
    orders: orders.map((order) => presentOrder(order, viewer)),
    found,
    counts,
    totals: {
      orders: totals.orders,
      amount: formatMoney(totals.amount, totals.currency),
      sizes: mostFirst(totals.sizes),
      toppings: mostFirst(totals.toppings),
    },
  };
}

function timesOf(order: Order): Pick<BoardOrder, 'expiresAt' | 'confirmedAt' | 'endedAt'> {
  switch (order.status) {
    case 'pending':
      return { expiresAt: order.expiresAt };
    case 'confirmed':
      return { confirmedAt: order.endedAt };
    case 'cancelled':
      return { endedAt: order.endedAt, confirmedAt: order.confirmedAt };
    default:
      return { endedAt: order.endedAt };
  }
}

function presentBill({ total, currency, minutes, delivery: { to } }: Bill): BoardBill {
  return { total: formatMoney(total, currency), minutes, ...(to && { to: formatAddress(to) }) };
}

function mostFirst(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1));
}
