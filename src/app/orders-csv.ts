import { formatAddress } from '../orders/address';
import { standingOf } from '../orders/day';
import type { Order } from '../orders/pizza-order';

/** In this order. Amounts have a point and no sign, times are in ISO 8601, so that a spreadsheet reads both. */
const columns: Readonly<Record<string, (order: Order) => string | number | undefined>> = {
  number: ({ number }) => number,
  id: ({ id }) => id,
  standing: standingOf,
  status: ({ status }) => status,
  placed: ({ placedAt }) => toIso(placedAt),
  confirmed: (order) => toIso(order.status === 'confirmed' ? order.endedAt : confirmedBefore(order)),
  done: ({ archivedAt }) => toIso(archivedAt),
  name: ({ terms }) => terms.name,
  size: ({ terms }) => terms.size,
  toppings: ({ terms }) => terms.toppings.join(', '),
  'delivered to': ({ terms: { bill } }) => bill?.delivery.to && formatAddress(bill.delivery.to),
  'code sent to': ({ delivery }) => delivery?.maskedContact,
  tax: ({ terms: { bill } }) => bill && toAmount(bill.tax),
  total: ({ terms: { bill } }) => bill && toAmount(bill.total),
  currency: ({ terms: { bill } }) => bill?.currency,
};

/** The first line of the file. */
export const csvHeader = toLine(Object.keys(columns));

/** The line of an order, with its end. */
export function csvLine(order: Order): string {
  return toLine(Object.values(columns).map((cell) => cell(order) ?? ''));
}

/** RFC 4180. What a spreadsheet would take for a formula is marked as text: customers write names and addresses (OWASP CSV injection). */
function toLine(cells: readonly (string | number)[]): string {
  const quoted = cells.map((cell) => {
    const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(',')}\r\n`;
}

function confirmedBefore(order: Order): number | undefined {
  return order.status === 'cancelled' ? order.confirmedAt : undefined;
}

function toIso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** Minor units are hundredths in every currency of money.ts. */
function toAmount(minorUnits: number): string {
  return (minorUnits / 100).toFixed(2);
}
