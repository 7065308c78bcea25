import type { Bill } from '../orders/bill';
import { currency, deliveryFee, seller, sizeEntries, sizes, toppingEntries, toppings } from '../orders/menu';
import { sayMoney } from '../orders/money';
import { describePizza, type Pizza } from '../orders/pizza-order';
import { quote } from '../orders/quote';
import { menu, menuOfSizes, menuOfToppings } from './pizza-speech';
import { listed } from './vocabulary';

// What people ask a pizzeria about, besides its pizzas. No sentence is about one customer, but for the terms of an order.

export const pizzeriaSpeech = {
  menu,
  menuOfSizes,
  menuOfToppings,
  oneNow: 'I can order one pizza at a time, and not for a later time.',
  weHave: (what: readonly string[]) => `Yes, we have ${listed(what)}.`,
  weHaveNo: (what: string) => `We have no ${what}.`,
  payment: `I take no payment: you pay ${seller.name} when you get your pizza.`,
  callUs: `To talk to us, call ${seller.name} at ${seller.phone}.`,
  page: 'Sign in to our web page: it has your orders and your profile, and the privacy policy says what we keep of you.',
  linked: 'This Echo orders with the account that is linked in the Alexa app.',
  welcome: 'You are welcome.',
  prices: sayPrices(),
  priceOf,
  total: ({ total, currency }: Bill) => `The total is ${sayMoney(total, currency)}, with tax.`,
  /** Where we are, and how fast. */
  whereWeAre: `We are at ${seller.address.street}, ${seller.address.city}. Pick-up takes ${seller.minutes.pickUp} minutes; delivery takes ${seller.minutes.delivery}, and costs ${sayMoney(deliveryFee, currency)}.`,
  onceConfirmed: (bill: Bill) => `${wayOf(bill)}, ${bill.minutes} minutes after you confirm it.`,
  confirmed: (bill: Bill) => `Your order is confirmed. ${wayOf(bill)}, ${bill.minutes} minutes after that.`,
};

/** Of the customer's address only the street is ever spoken. */
function wayOf({ delivery: { to }, seller }: Bill): string {
  return to ? `It is delivered to ${to.street}` : `You pick it up at ${seller.address.street}`;
}

/** Without what depends on where it goes. */
function priceOf(pizza: Pizza): string {
  const { bill } = quote(pizza, undefined);
  return `A ${describePizza(pizza)} is ${sayMoney(bill.total - bill.tax, currency)}, before tax and delivery.`;
}

function sayPrices(): string {
  const ofSizes = sizes.map((size) => `${size} ${sayMoney(sizeEntries[size].price, currency)}`);
  const ofToppings = toppings.map((topping) => toppingEntries[topping].price);
  const [least, most] = [Math.min(...ofToppings), Math.max(...ofToppings)].map((price) =>
    sayMoney(price, currency),
  );
  const range = least === most ? least : `${least} to ${most}`;
  return `Pizzas are ${ofSizes.join(', ')}. A topping is ${range}, and delivery ${sayMoney(deliveryFee, currency)}.`;
}
