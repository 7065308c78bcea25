import type { Pizza } from './order';

/** The pizza in words, for speech, cards, the board and events: `large pizza with pepperoni and mushrooms`. */
export function describePizza({ size, toppings }: Pizza): string {
  if (toppings.length === 0) return `${size} pizza without toppings`;
  const head = toppings.slice(0, -1).join(', ');
  const last = toppings.at(-1);
  return `${size} pizza with ${head ? `${head} and ${last}` : last}`;
}
