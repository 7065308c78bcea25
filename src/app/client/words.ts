import { describePizza } from '../../orders/pizza-order';
import { codeLength } from '../../step-up/code';
import type { BoardOrder } from '../page-data';

/** The order's pizza, at the beginning of a sentence. */
export function sayPizza({ pizza }: BoardOrder): string {
  return capitalise(describePizza(pizza));
}

/** An example of a code, as it is spoken. */
export const spokenCode = ['one', 'two', 'three', 'four', 'five', 'six'].slice(0, codeLength).join(' ');

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
