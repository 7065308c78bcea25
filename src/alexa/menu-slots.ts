import {
  houseToppings,
  normalise,
  type Size,
  sizeEntries,
  sizes,
  type Topping,
  toppingEntries,
  toppings,
} from '../orders/menu';
import type { Slot } from './envelope';
import { meaningsOf, type SaidValue, valuesOf } from './slots';

/** What was said in a slot: what of it is on the menu, each once, and the words for what is not. */
export interface Heard<T> {
  known: readonly T[];
  /** As they were said, but for words around a name: a code may be among them. */
  unknown: readonly string[];
}

/** The sizes that were said: more than one where somebody said so, or Alexa was in doubt. */
export function sizesIn(slot: Slot | undefined): Heard<Size> {
  return sortOut(valuesOf(slot), (word) => oneOf(sizes, sizeEntries, word));
}

/** The toppings that were said. Without multiple values, "pepperoni and mushrooms" arrives as one text that resolves to nothing, or to its first half. */
export function toppingsIn(...slots: (Slot | undefined)[]): Heard<Topping> {
  return toppingsOf(partsOf(slots).filter((said) => !isRefused(said)));
}

/**
 * The toppings that somebody does not want: all in a slot for them, and each with a no before it in a slot for those that are
 * wanted, where "pepperoni and no onions" may arrive.
 */
export function refusedIn(slot: Slot | undefined, ...wanted: (Slot | undefined)[]): Heard<Topping> {
  const refused = [...partsOf([slot]), ...partsOf(wanted).filter(isRefused)];
  // Alexa may take the words for the topping itself, or for another one: the bare word says which.
  return toppingsOf(refused.map((said) => (isRefused(said) ? { value: said.value?.replace(no, '') } : said)));
}

/** "Leave it out" names no topping. */
export function isPronoun(words: string): boolean {
  return /^(?:it|them|that|this|those|these|that one|this one)$/i.test(words);
}

const no = /^(?:no|without|hold|not) +/i;

function isRefused({ value = '' }: SaidValue): boolean {
  return no.test(value);
}

function partsOf(slots: readonly (Slot | undefined)[]): SaidValue[] {
  return slots.flatMap(valuesOf).flatMap(split);
}

function toppingsOf(said: readonly SaidValue[]): Heard<Topping> {
  return sortOut(said, (word) => oneOf(toppings, toppingEntries, word));
}

/** All toppings, none of them, or the house's, where somebody chose that; undefined where nobody did. */
export function choiceIn(...slots: (Slot | undefined)[]): readonly Topping[] | undefined {
  const whole = slots.flatMap(valuesOf);
  const meant = [...whole, ...partsOf(slots)].flatMap(meaningsOf).map(normalise);
  if (meant.includes('everything')) return toppings;
  if (meant.includes('house')) return houseToppings;
  // "Plain cheese and bacon" is not none.
  const isNone = (said: SaidValue) => meaningsOf(said).some((word) => noToppings.has(normalise(word)));
  return whole.length > 0 && whole.every((said) => isNone(said) || split(said).every(isNone))
    ? []
    : undefined;
}

/** "Just plain" may arrive where toppings are expected. */
const noToppings = new Set(['none', 'nothing', 'plain', 'plain cheese']);

/** How it is to be handed over, after the toppings: where the customer lives decides that. */
const way = /\s+(?:for (?:delivery|pick ?up)|to go|delivered(?: to my house)?)$/i;

function split(said: SaidValue): SaidValue[] {
  const words = said.value ?? '';
  const [wanted = '', ...others] = words.replace(way, '').split(/\s+(?:but|except)\s+/i);
  const refused = others.flatMap(listIn).map((part) => (no.test(part) ? part : `no ${part}`));
  const parts = [...listIn(wanted), ...refused];
  if (parts.length < 2 && !way.test(words)) return [said];
  return parts.map((value) => ({ value }));
}

function listIn(words: string): string[] {
  const parts = words.split(/\s*[,&]\s*|\s+and\s+|\s+(?=no\s)/i);
  return parts.filter((part) => part.trim()).map((part) => part.replace(/^and\s+/i, ''));
}

/** Whether these are sizes and toppings and nothing else: `small`, `large pepperoni`. */
export function isOnMenu(words: string): boolean {
  const isKnown = (part: string): boolean =>
    oneOf(sizes, sizeEntries, part) !== undefined || oneOf(toppings, toppingEntries, part) !== undefined;
  const [size = '', ...others] = words.split(' ');
  return isKnown(words) || (isKnown(size) && isKnown(others.join(' ')));
}

function sortOut<T>(said: readonly SaidValue[], find: (word: string) => T | undefined): Heard<T> {
  const meant = said.map((value) => ({
    found: meaningsOf(value)
      .map(find)
      .find((entry) => entry !== undefined),
    words: (value.value ?? '').replace(around, ''),
  }));
  return {
    known: [...new Set(meant.flatMap(({ found }) => found ?? []))],
    unknown: meant.filter(({ found }) => found === undefined).map(({ words }) => words),
  };
}

/** Words around a name that do not change what it names. */
const around =
  /^(?:some|the|another|(?:one )?more|second|extra|double|triple|(?:a )?lot of|lots of|plenty of|loads of|just|only|also|with|plus) | (?:only|too|as well|instead|on top|on it)$/g;

function oneOf<Name extends string>(
  names: readonly Name[],
  entries: Readonly<Record<Name, { words: readonly string[] }>>,
  word: string,
): Name | undefined {
  const said = normalise(word);
  // "Double bacon" is bacon, and so is "bacon too"; "extra cheese" is a topping of its own.
  return [said, said.replace(around, '')]
    .map((words) => names.find((name) => name === words || entries[name].words.includes(words)))
    .find((name) => name !== undefined);
}
