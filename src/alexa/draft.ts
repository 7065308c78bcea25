import {
  houseSize,
  houseToppings,
  NotOnMenu,
  parseSize,
  parseTopping,
  type Size,
  type Topping,
} from '../orders/menu';
import type { Pizza } from '../orders/pizza-order';
import { parseSizeSlot, parseToppingsSlot } from './menu-slots';
import { isDenied, type Slots } from './slots';

/**
 * A pizza as far as it was understood. A part that is absent was not said; an `unclear` one was said but denied, or is not
 * on the menu, so it must be asked for, and the house's choice must not take its place. It travels in Alexa's session
 * attributes, so that "gigantic with bacon" and then "large" is a large one with bacon.
 */
interface Draft {
  size?: Size | 'unclear';
  toppings?: readonly Topping[] | 'unclear';
}

/** What this utterance adds to what was understood before. Naming neither size nor toppings starts afresh. */
export function continueDraft(earlier: Draft, slots: Slots): Draft {
  const size = isDenied(slots.Size) ? 'unclear' : unclearIfNotOnMenu(() => parseSizeSlot(slots.Size));
  const toppings = isDenied(slots.Toppings)
    ? 'unclear'
    : unclearIfNotOnMenu(() => parseToppingsSlot(slots.Toppings));
  if (size === undefined && toppings === undefined) return {};
  return { size: size ?? earlier.size, toppings: toppings ?? earlier.toppings };
}

/** The draft of an earlier question out of session attributes; an empty one for anything that is none. */
export function parseDraft(attribute: unknown): Draft {
  if (typeof attribute !== 'object' || attribute === null) return {};
  const { size, toppings } = attribute as Record<string, unknown>;
  return {
    size: typeof size === 'string' ? unclearIfNotOnMenu(() => parseSize(size)) : undefined,
    toppings: parseToppings(toppings),
  };
}

/** The pizza to order, or which part has to be asked for first. */
export function completeDraft({ size, toppings }: Draft): Pizza | keyof Draft {
  if (size === 'unclear') return 'size';
  if (toppings === 'unclear') return 'toppings';
  return { size: size ?? houseSize, toppings: toppings ?? houseToppings };
}

function parseToppings(toppings: unknown): Draft['toppings'] {
  if (toppings === undefined) return undefined;
  if (!Array.isArray(toppings) || toppings.length === 0) return 'unclear';
  return unclearIfNotOnMenu(() => [...new Set(toppings.map((topping) => parseTopping(String(topping))))]);
}

function unclearIfNotOnMenu<T>(parse: () => T): T | 'unclear' {
  try {
    return parse();
  } catch (error) {
    if (error instanceof NotOnMenu) return 'unclear';
    throw error;
  }
}
