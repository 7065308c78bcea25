import { houseSize, houseToppings, type Size, sizes, type Topping, toppings } from '../orders/menu';
import { changePizza, type Pizza, type PizzaChange } from '../orders/pizza-order';
import { isUuid } from '../step-up/action';
import { isFields } from '../step-up/json-shape';
import { choiceIn, isPronoun, refusedIn, sizesIn, toppingsIn } from './menu-slots';
import { isDenied, type Slots, saidIn } from './slots';

const parts = ['size', 'toppings'] as const;
export type Part = (typeof parts)[number];

/**
 * A pizza as far as it was understood. A part that is absent was not said; an `unclear` one was said but denied, or is not on
 * the menu, so it must be asked for, and the house's choice must not take its place. It travels in Alexa's session
 * attributes, so that "gigantic with bacon" and then "large" is a large one with bacon.
 */
export interface Draft {
  size?: Size;
  /** When they are unclear, those of them that the menu has. */
  toppings?: readonly Topping[];
  unclear: readonly Part[];
  /** The id of the order that waits, where a change of that one is talked about, and no other order. */
  changes?: string;
}

/** Of a pizza of which nothing was said. */
export const emptyDraft: Draft = { unclear: [] };

/** What one utterance said of a pizza. */
export interface Said extends Omit<Draft, 'changes'> {
  /** Whether its toppings are said to be all, or come on top of those that there are. */
  extent?: 'all' | 'more';
  without: readonly Topping[];
  /** The words for what is not on the menu, as in `Heard`. */
  unknown: readonly string[];
  /** The same of what is not wanted. */
  unknownWithout: readonly string[];
}

/** Of "extra bacon" Alexa may take the first word for a size. */
const isMore = (size: string) => /^(?:extra|more|double|triple)$/i.test(size);

/** Whether the toppings come on top, by their own words. */
export function isMoreSaid({ Size, Toppings }: Slots): boolean {
  return saidIn(Size).some(isMore) || saidIn(Toppings).some((words) => /^(?:extra|more) /i.test(words));
}

/**
 * Reads the slots of a phrase about a pizza.
 * @param isOnTop whether its toppings come on top of those that there are: "add bacon"
 */
export function readSaid(slots: Slots, isOnTop = false): Said {
  const size = sizesIn(slots.Size);
  const added = toppingsIn(slots.Toppings, slots.More);
  const unknownSizes = size.unknown.filter((said) => !(isMore(said) && added.known.length > 0));
  const only = toppingsIn(slots.Only);
  const without = refusedIn(slots.Without, slots.Toppings, slots.More, slots.Only);
  const listed = choiceIn(slots.Toppings);
  // "Add nothing" takes nothing away.
  const chosen = choiceIn(slots.Choice, slots.Only) ?? (isOnTop && listed?.length === 0 ? undefined : listed);
  const named = [...only.known, ...added.known];
  // "A plain pizza with bacon" has bacon.
  const choice = choiceIn(slots.Off) ? [] : chosen?.length === 0 && named.length > 0 ? undefined : chosen;
  // "Nothing but onions" is not "everything but onions", and is asked about.
  const isNothingBut = choice?.length === 0 && without.known.length > 0;
  const unknownToppings = [
    ...(choice ? [] : [...only.unknown, ...added.unknown]),
    ...(chosen ? [] : saidIn(slots.Choice)),
  ];
  const isWithoutOnly = without.known.length + without.unknown.length > 0 && !choice && named.length === 0;
  const unclear = parts.filter((part) =>
    part === 'size'
      ? isDenied(slots.Size) || unknownSizes.length > 0 || size.known.length > 1
      : isNothingBut || isDenied(slots.Toppings) || unknownToppings.length > 0 || (isWithoutOnly && !isOnTop),
  );
  return {
    size: size.known.length === 1 ? size.known[0] : undefined,
    toppings: isNothingBut ? without.known : (choice ?? (named.length > 0 ? named : undefined)),
    unclear,
    ...(choice || only.known.length > 0 ? { extent: 'all' } : isOnTop && { extent: 'more' }),
    without: isNothingBut ? [] : without.known,
    unknown: [...unknownSizes, ...unknownToppings],
    unknownWithout: without.unknown.filter((words) => !isPronoun(words)),
  };
}

/** Whether it names no part of a pizza, known or not. */
export function isEmpty({ size, toppings, unclear, without, unknown, unknownWithout }: Said): boolean {
  const isNamed = size !== undefined || toppings !== undefined;
  return !isNamed && [unclear, without, unknown, unknownWithout].every(({ length }) => length === 0);
}

/** The same as a change of a pizza that there is. */
export function changeOf({ size, toppings, extent, without }: Said): PizzaChange {
  return {
    ...(size && { size }),
    ...(toppings && { [extent === 'more' ? 'add' : 'toppings']: toppings }),
    ...(without.length > 0 && { remove: without }),
  };
}

/** What this utterance adds to what was understood before. Naming no part of a pizza starts afresh. */
export function continueDraft(earlier: Draft, said: Said): Draft {
  if (isEmpty(said)) return emptyDraft;
  const isStillUnclear = (part: Part) =>
    said.unclear.includes(part) || (said[part] === undefined && earlier.unclear.includes(part));
  const wereUnclear = earlier.unclear.includes('toppings');
  const before = earlier.toppings ?? (wereUnclear || said.toppings ? [] : houseToppings);
  const size = said.size ?? earlier.size;
  const isAboutToppings =
    said.toppings !== undefined || (said.without.length > 0 && !said.unclear.includes('toppings'));
  // Whoever was asked for the toppings that are not clear adds to those that are.
  const extent = said.extent ?? (wereUnclear ? 'more' : undefined);
  const { toppings } = isAboutToppings
    ? changePizza({ size: houseSize, toppings: before }, changeOf({ ...said, extent }))
    : earlier;
  const { changes } = earlier;
  return {
    ...(size && { size }),
    ...(toppings && { toppings }),
    ...(changes && { changes }),
    unclear: parts.filter(isStillUnclear),
  };
}

/** The draft of an earlier question out of session attributes; undefined for anything that is none. */
export function parseDraft(attribute: unknown): Draft | undefined {
  if (!isFields(attribute) || !Array.isArray(attribute.unclear)) return undefined;
  const { size, toppings: named, unclear, changes } = attribute;
  const isNamed = Array.isArray(named);
  return {
    ...(sizes.some((known) => known === size) && { size: size as Size }),
    ...(isNamed && { toppings: [...new Set(named)].filter(isTopping) }),
    ...(isUuid(changes) && { changes }),
    unclear: parts.filter((part) => unclear.includes(part)),
  };
}

function isTopping(word: unknown): word is Topping {
  return toppings.some((known) => known === word);
}

/** The pizza of a draft, with the house's choice for what was not said, or which part has to be asked for first. */
export function completeDraft(draft: Draft): Pizza | Part {
  return draft.unclear[0] ?? pizzaOf(draft);
}

/** The pizza as far as it is clear. */
export function pizzaOf({ size = houseSize, toppings = houseToppings }: Draft): Pizza {
  return { size, toppings };
}
