import { formatAddress } from './address';
import type { Bill } from './bill';
import { formatMoney } from './money';

/**
 * The receipt of an order, as text of several lines: who sells, each item, where it goes, and what it costs. Of the customer's
 * address it has the street: it goes to places that others may look at.
 */
export function receiptOf(bill: Bill): string {
  const { seller, lines, deliveryFee, tax, total } = bill;
  const items = [
    ...lines,
    ...(bill.delivery.to ? [{ what: 'delivery', amount: deliveryFee }] : []),
    { what: 'tax', amount: tax },
    { what: 'total', amount: total },
  ];
  return [
    seller.name,
    formatAddress(seller.address),
    seller.phone,
    ...items.map(({ what, amount }) => `${what}: ${formatMoney(amount, bill.currency)}`),
    wayOf(bill),
  ].join('\n');
}

function wayOf({ delivery: { to }, minutes }: Bill): string {
  return to
    ? `Delivery to ${to.street} in ${minutes} minutes`
    : `Pick-up at the address above in ${minutes} minutes`;
}
