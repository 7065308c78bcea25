import { describePizza } from '../../orders/pizza-order';
import type { BoardOrder } from '../page-data';

/** The order's pizza, at the beginning of a sentence. */
export function sayPizza({ pizza }: BoardOrder): string {
  return capitalise(describePizza(pizza));
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
