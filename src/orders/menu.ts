import { checkMenu } from './check-menu';
import menu from './menu.json';
import type { Currency } from './money';

// All that POD knows of the pizzeria's menu comes out of this one file; the rest of POD sees it through this module.
checkMenu(menu);

/** Who sells, and within how many minutes. */
export const seller = menu.seller;
export const currency = menu.currency as Currency;
/** Hundredths of a per cent: 825 is 8.25 %. */
export const taxBasisPoints = menu.taxBasisPoints;
/** In minor units, like every amount. */
export const deliveryFee = menu.deliveryFee;

/** After how many minutes since its confirmation an order is getting old in the kitchen, and late. */
export const kitchenMinutes = menu.kitchen.minutes;

interface MenuEntry {
  /** In minor units. */
  price: number;
  /** What else people call it. CustomSlotTypes.txt teaches Alexa the same words (a test compares). */
  words: readonly string[];
}

export type Size = keyof typeof menu.sizes;
export type Topping = keyof typeof menu.toppings;

export const sizeEntries: Readonly<Record<Size, MenuEntry>> = menu.sizes;
export const toppingEntries: Readonly<Record<Topping, MenuEntry>> = menu.toppings;

/** In the order of the file. */
export const sizes = Object.keys(menu.sizes) as readonly Size[];
export const toppings = Object.keys(menu.toppings) as readonly Topping[];

/** What a customer gets who names no size, or no topping. */
export const houseSize: Size = parseSize(menu.house.size);
export const houseToppings: readonly Topping[] = menu.house.toppings.map(parseTopping);

/** Somebody asked for what the pizzeria does not have. Compare `code`: the message is for API clients. */
export class NotOnMenu extends Error {
  override readonly name = 'NotOnMenu';

  constructor(
    readonly code: 'unknown_size' | 'unknown_topping',
    message: string,
  ) {
    super(message);
  }
}

/**
 * A size of the menu from what somebody said or sent; case and spacing do not matter.
 * @throws NotOnMenu `unknown_size`
 */
export function parseSize(text: string): Size {
  const size = sizes.find((candidate) => candidate === normalise(text));
  if (!size) throw new NotOnMenu('unknown_size', `There is no such size. Sizes are ${sizes.join(', ')}.`);
  return size;
}

/**
 * A topping of the menu from what somebody said or sent; case and spacing do not matter.
 * @throws NotOnMenu `unknown_topping`
 */
export function parseTopping(text: string): Topping {
  const topping = toppings.find((candidate) => candidate === normalise(text));
  if (topping) return topping;
  throw new NotOnMenu('unknown_topping', `There is no such topping. Toppings are ${toppings.join(', ')}.`);
}

/** A word as the menu writes its own. */
export function normalise(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}
