import { Refusal } from '../errors';
import { type Size, sizes, type Topping, toppings } from './order';

/**
 * A size of the menu from what somebody said or sent; case and spacing do not matter.
 * @throws Refusal `unknown_size`
 */
export function parseSize(text: string): Size {
  const size = sizes.find((candidate) => candidate === normalise(text));
  if (!size) throw new Refusal('unknown_size', `There is no such size. Sizes are ${sizes.join(', ')}.`);
  return size;
}

/**
 * A topping of the menu from what somebody said or sent; case and spacing do not matter.
 * @throws Refusal `unknown_topping`
 */
export function parseTopping(text: string): Topping {
  const topping = toppings.find((candidate) => candidate === normalise(text));
  if (!topping)
    throw new Refusal('unknown_topping', `There is no such topping. Toppings are ${toppings.join(', ')}.`);
  return topping;
}

function normalise(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}
