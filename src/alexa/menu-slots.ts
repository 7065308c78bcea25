import { NotOnMenu, parseSize, parseTopping, type Size, type Topping } from '../orders/menu';
import type { Slot } from './envelope';
import { sizeSynonyms, toppingSynonyms } from './menu-words';
import { meaningsOf, type SaidValue, valuesOf } from './slots';

/**
 * The size that was said, or undefined when none was.
 * @throws NotOnMenu `unknown_size` for a word that is not on the menu, and for two sizes at once
 */
export function parseSizeSlot(slot: Slot | undefined): Size | undefined {
  const sizes = new Set(valuesOf(slot).map((said) => firstOnMenu(meaningsOf(said), sizeOf)));
  if (sizes.size > 1) throw new NotOnMenu('unknown_size', 'More than one size was said.');
  return [...sizes][0];
}

/**
 * The toppings that were said, each once, or undefined when none was.
 * @throws NotOnMenu `unknown_topping` when one of them is not on the menu
 */
export function parseToppingsSlot(slot: Slot | undefined): Topping[] | undefined {
  const values = valuesOf(slot);
  if (values.length === 0) return undefined;
  return [...new Set(values.flatMap(toppingsIn))];
}

/** Without multiple values, "pepperoni and mushrooms" arrives as one text that resolves to nothing, or to its first half. */
function toppingsIn(said: SaidValue): Topping[] {
  const parts = (said.value ?? '').split(/\s*[,&]\s*|\s+and\s+/i).filter((part) => part.trim());
  if (parts.length > 1) return parts.map((part) => toppingOf(part.replace(/^and\s+/i, '')));
  return [firstOnMenu(meaningsOf(said), toppingOf)];
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
