import type { Action, ActionKind } from '../step-up/action';
import { type Size, sizes, type Topping, toppings } from './menu';

/** The terms of an order. */
export interface Pizza {
  size: Size;
  toppings: readonly Topping[];
}

/** A pizza that a customer asked for, which waits for its proof or has ended. */
export type Order = Action<Pizza>;

/** Ordering a pizza as a kind of action. */
export const pizzaOrder: ActionKind<Pizza> = {
  parse: parsePizza,
  describe: describePizza,
  unversionedTerms: 'pizza',
};

/** The pizza in words, for speech, cards, the board and events: `large pizza with pepperoni and mushrooms`. */
export function describePizza({ size, toppings }: Pizza): string {
  if (toppings.length === 0) return `${size} pizza without toppings`;
  const head = toppings.slice(0, -1).join(', ');
  const last = toppings.at(-1);
  return `${size} pizza with ${head ? `${head} and ${last}` : last}`;
}

// Stored terms are in the menu's own words; reading them is done for each order of a page, so it is kept short.
function parsePizza(json: unknown): Pizza {
  const { size: storedSize, toppings: storedToppings } = Object(json) as Record<string, unknown>;
  const size = sizes.find((known) => known === storedSize);
  if (!size || !Array.isArray(storedToppings) || !storedToppings.every(isTopping)) {
    throw new Error('These are no terms of a pizza.');
  }
  return { size, toppings: storedToppings };
}

function isTopping(word: unknown): word is Topping {
  return (toppings as readonly unknown[]).includes(word);
}
