import type { Action, ActionKind } from '../step-up/action';
import { type Bill, parseBill } from './bill';
import { NotOnMenu, parseSize, parseTopping, type Size, seller, type Topping } from './menu';

/** What is asked for. */
export interface Pizza {
  size: Size;
  toppings: readonly Topping[];
}

/**
 * What is proved to be meant: the pizza, and what it costs and where it goes. In the words of the menu by which it was ordered:
 * what is on it no more can be read for ever. A POD that had no prices wrote no bill.
 */
export interface OrderTerms {
  size: string;
  toppings: readonly string[];
  bill?: Bill;
  /** Who it is for; absent where the profile has no name, and in orders of a POD that asked for none. */
  name?: string;
}

/** A pizza that a customer asked for, which waits for its proof or has ended. */
export type Order = Action<OrderTerms>;

/** The kitchen begins at once, so that a customer has little time to think again. */
export const cancelWithinMs = 120_000;

/** Ordering a pizza as a kind of action. */
export const pizzaOrder: ActionKind<OrderTerms> = {
  parse: parseTerms,
  describe: describePizza,
  unversionedTerms: 'pizza',
  cancelWithinMs,
};

/**
 * Whether an order is still what its customer talks about although it is confirmed: for twice the minutes that were promised,
 * because it may come late. After that the next word is about the next pizza.
 * @param now in milliseconds since the epoch
 */
export function isUnderWay(order: Order, now: number): boolean {
  const minutes = order.terms.bill?.minutes ?? seller.minutes.delivery;
  return order.status === 'confirmed' && now < order.endedAt + 2 * minutes * 60_000;
}

/** The pizza of an order as it is sold now; undefined when its size or a topping is on the menu no more. */
export function asSold({ size, toppings }: OrderTerms): Pizza | undefined {
  try {
    return { size: parseSize(size), toppings: toppings.map(parseTopping) };
  } catch (error) {
    if (error instanceof NotOnMenu) return undefined;
    throw error;
  }
}

/** What a customer wants otherwise than it was: parts that are absent stay. Removing comes last. */
export interface PizzaChange {
  size?: Size;
  /** These and no others. */
  toppings?: readonly Topping[];
  add?: readonly Topping[];
  remove?: readonly Topping[];
}

/** The pizza with a change made to it, each topping once; the same pizza if the change leaves it as it is. */
export function changePizza(pizza: Pizza, { size, toppings, add = [], remove = [] }: PizzaChange): Pizza {
  const wanted = new Set([...(toppings ?? pizza.toppings), ...add]);
  for (const topping of remove) wanted.delete(topping);
  const isSame = wanted.size === pizza.toppings.length && pizza.toppings.every((one) => wanted.has(one));
  return { size: size ?? pizza.size, toppings: isSame ? pizza.toppings : [...wanted] };
}

/** The pizza in words, for speech, cards, the board and events: `large pizza with pepperoni and mushrooms`. */
export function describePizza({ size, toppings }: Pick<OrderTerms, 'size' | 'toppings'>): string {
  if (toppings.length === 0) return `${size} pizza without toppings`;
  const head = toppings.slice(0, -1).join(', ');
  const last = toppings.at(-1);
  return `${size} pizza with ${head ? `${head} and ${last}` : last}`;
}

function parseTerms(json: unknown): OrderTerms {
  const { size, toppings, bill, name } = Object(json) as Record<string, unknown>;
  if (!isWord(size) || !Array.isArray(toppings) || !toppings.every(isWord)) {
    throw new Error('These are no terms of a pizza.');
  }
  if (name !== undefined && !isWord(name)) throw new Error('These are no terms of a pizza.');
  return {
    size,
    toppings,
    ...(name !== undefined && { name }),
    ...(bill !== undefined && { bill: parseBill(bill) }),
  };
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
