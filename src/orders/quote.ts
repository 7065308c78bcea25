import type { Address } from './address';
import type { Bill } from './bill';
import {
  currency,
  deliveryFee as feeOfMenu,
  seller,
  sizeEntries,
  taxBasisPoints,
  toppingEntries,
} from './menu';
import type { OrderTerms, Pizza } from './pizza-order';

/**
 * The terms on which a pizza is sold now. Each topping costs its price, whoever chose it.
 * @param address where it is brought; without one it is picked up at the seller's, for no fee
 */
export function quote(pizza: Pizza, address: Address | undefined): OrderTerms & { bill: Bill } {
  const { minutes, ...ofSeller } = seller;
  const lines = [
    { what: `${pizza.size} pizza`, amount: sizeEntries[pizza.size].price },
    ...pizza.toppings.map((topping) => ({ what: topping, amount: toppingEntries[topping].price })),
  ];
  const deliveryFee = address ? feeOfMenu : 0;
  const net = lines.reduce((sum, { amount }) => sum + amount, deliveryFee);
  const tax = taxOn(net);
  return {
    ...pizza,
    bill: {
      seller: ofSeller,
      currency,
      lines,
      delivery: address ? { to: address } : {},
      deliveryFee,
      tax,
      total: net + tax,
      minutes: address ? minutes.delivery : minutes.pickUp,
    },
  };
}

/** Rounded once, on the whole amount, half a minor unit up. In whole numbers throughout. */
function taxOn(net: number): number {
  const doubled = 2 * net * taxBasisPoints + 10_000;
  return (doubled - (doubled % 20_000)) / 20_000;
}
