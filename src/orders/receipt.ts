import { formatAddress } from './address';
import type { Bill } from './bill';
import { formatMoney } from './money';

/**
 * The receipt of an order, as text of several lines: who sells, each item, where it goes, and what it costs. Of the customer's
 * address it has the street: it goes to places that others may look at.
 */
export function receiptOf(bill: Bill): string {
  const { seller } = bill;
  return [
    seller.name,
    formatAddress(seller.address),
    seller.phone,
    ...itemsOf(bill).map(({ what, amount }) => `${what}: ${amount}`),
    wayOf(bill),
  ].join('\n');
}

/** What a bill comes to, item by item, with the amounts written out. */
export function itemsOf({ lines, delivery, deliveryFee, tax, total, currency }: Bill) {
  return [
    ...lines,
    ...(delivery.to ? [{ what: 'delivery', amount: deliveryFee }] : []),
    { what: 'tax', amount: tax },
    { what: 'total', amount: total },
  ].map(({ what, amount }) => ({ what, amount: formatMoney(amount, currency) }));
}

function wayOf({ delivery: { to }, minutes }: Bill): string {
  return to
    ? `Delivery to ${to.street} in ${minutes} minutes`
    : `Pick-up at the address above in ${minutes} minutes`;
}
