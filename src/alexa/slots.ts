import { Refusal } from '../errors';
import type { Size, Topping } from '../orders/order';
import { parseSize, parseTopping } from '../orders/parse-pizza';
import type { SimpleSlotValue, Slot } from './envelope';
import { sizeSynonyms, toppingSynonyms } from './menu-words';

/** The slots of an intent by name; Alexa leaves the whole object out of intents without slots. */
export type Slots = Readonly<Record<string, Slot | undefined>>;

type Said = Pick<SimpleSlotValue, 'value' | 'resolutions'>;

/** What was literally said in a slot, one text a value; empty when nothing was. Two values come as a list only. */
export function saidIn(slot: Slot | undefined): string[] {
  return valuesOf(slot).map(({ value }) => value ?? '');
}

/**
 * The size that was said, or undefined when none was.
 * @throws Refusal `unknown_size` for a word that is not on the menu, and for two sizes at once
 */
export function parseSizeSlot(slot: Slot | undefined): Size | undefined {
  const sizes = new Set(valuesOf(slot).map((said) => firstOnMenu(candidates(said), sizeOf)));
  if (sizes.size > 1) throw new Refusal('unknown_size', 'More than one size was said.');
  return [...sizes][0];
}

/**
 * The toppings that were said, each once, or undefined when none was.
 * @throws Refusal `unknown_topping` when one of them is not on the menu
 */
export function parseToppingsSlot(slot: Slot | undefined): Topping[] | undefined {
  const values = valuesOf(slot);
  if (values.length === 0) return undefined;
  return [...new Set(values.flatMap(toppingsIn))];
}

function valuesOf(slot: Slot | undefined): Said[] {
  if (!slot) return [];
  const { slotValue } = slot;
  const values = slotValue?.type === 'List' ? slotValue.values : [slotValue?.value ? slotValue : slot];
  return values.filter(({ value }) => value?.trim());
}

/** Without multiple values, "pepperoni and mushrooms" arrives as one text that resolves to nothing, or to its first half. */
function toppingsIn(said: Said): Topping[] {
  const parts = (said.value ?? '').split(/\s*[,&]\s*|\s+and\s+/i).filter((part) => part.trim());
  if (parts.length > 1) return parts.map((part) => toppingOf(part.replace(/^and\s+/i, '')));
  return [firstOnMenu(candidates(said), toppingOf)];
}

/** Alexa's resolution first, then the word itself; an older skill's model may resolve to an id POD does not know. */
function candidates({ value = '', resolutions }: Said): string[] {
  const matches = (resolutions?.resolutionsPerAuthority ?? [])
    .filter(({ status }) => status.code === 'ER_SUCCESS_MATCH')
    .flatMap(({ values = [] }) => values.flatMap(({ value }) => [value.id ?? '', value.name]));
  return [...matches, value];
}

function firstOnMenu<T>(words: readonly string[], parse: (word: string) => T): T {
  let refused: unknown;
  for (const word of words) {
    try {
      return parse(word);
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

function sizeOf(word: string): Size {
  return parseSize(meaning(word, sizeSynonyms));
}

function toppingOf(word: string): Topping {
  return parseTopping(meaning(word, toppingSynonyms));
}

function meaning(word: string, synonyms: Record<string, readonly string[]>): string {
  const plain = word.trim().toLowerCase().replace(/\s+/g, ' ');
  return Object.keys(synonyms).find((entry) => synonyms[entry]?.includes(plain)) ?? word;
}
