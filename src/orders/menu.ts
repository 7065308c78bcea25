export const sizes = ['small', 'medium', 'large', 'jumbo'] as const;
export type Size = (typeof sizes)[number];

export const toppings = [
  'pepperoni',
  'mushrooms',
  'onions',
  'sausage',
  'bacon',
  'extra cheese',
  'black olives',
  'green peppers',
  'pineapple',
  'spinach',
  'chicken',
] as const;
export type Topping = (typeof toppings)[number];

/** What a customer gets who names no size, or no topping. */
export const houseSize: Size = 'medium';
export const houseToppings: readonly Topping[] = ['extra cheese', 'mushrooms'];

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

function normalise(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}
