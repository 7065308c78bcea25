import { isNumber, recogniseFourDigits, sayNumber } from './four-digit-number';
import type { InteractionModel, SlotModel, SlotTypeValue } from './interaction-model';

/** A slot of an intent as Alexa sends it (Alexa Skills Kit, "Request and Response JSON Reference"). */
export interface Slot {
  name: string;
  value?: string;
  confirmationStatus: 'NONE';
  source?: 'USER';
  resolutions?: Resolutions;
  slotValue?: SlotValue | { type: 'List'; values: SlotValue[] };
}

interface SlotValue {
  type: 'Simple';
  value: string;
  resolutions?: Resolutions;
}

interface Resolutions {
  resolutionsPerAuthority: {
    authority: string;
    status: { code: 'ER_SUCCESS_MATCH' | 'ER_SUCCESS_NO_MATCH' };
    values?: { value: { name: string; id: string } }[];
  }[];
}

/** A recognised slot, and how many of its words no slot type knows. */
export interface Recognised {
  slot: Slot;
  unknownWords: number;
}

/** A slot that nothing was said for. */
export function emptySlot({ name }: SlotModel): Slot {
  return { name, confirmationStatus: 'NONE' };
}

/** Fills a slot with the words that were said for it; words the type does not know come through, as with Alexa. */
export function recogniseSlot(
  { types }: InteractionModel,
  skillId: string,
  model: SlotModel,
  words: readonly string[],
): Recognised {
  const known = types.get(model.type);
  if (!known) return recogniseNumber(model, words);
  const heard = words.map(sayNumber);
  const phrases = model.multipleValues?.enabled ? splitValues(heard, known) : [heard];
  const authority = `amzn1.er-authority.echo-sdk.${skillId}.${model.type}`;
  const values = phrases.map((phrase) => resolve(phrase.join(' '), known, authority));
  const isUnknown = (_phrase: unknown, at: number) => !values[at]?.isKnown;
  return {
    slot: fill(
      model,
      values.map(({ slotValue }) => slotValue),
    ),
    unknownWords: phrases.filter(isUnknown).flat().length,
  };
}

/** What a number slot cannot make out arrives as a question mark. */
function recogniseNumber(model: SlotModel, words: readonly string[]): Recognised {
  const spoken = words.filter((word) => word !== ',');
  const value = recogniseFourDigits(spoken);
  const slot = fill(model, [{ type: 'Simple', value: value ?? '?' }]);
  // Too few digits or too many are still a number, and mean the sample that asks for one.
  const unknownWords = value ? 0 : isNumber(spoken) ? 1 : spoken.length;
  return { slot, unknownWords };
}

/** Two values or more come as a list only, without a value of their own. */
function fill(model: SlotModel, values: readonly SlotValue[]): Slot {
  const slot: Slot = { ...emptySlot(model), source: 'USER' };
  const [only, ...more] = values;
  if (!only || more.length > 0) return { ...slot, slotValue: { type: 'List', values: [...values] } };
  return { ...slot, value: only.value, resolutions: only.resolutions, slotValue: only };
}

function resolve(value: string, known: readonly SlotTypeValue[], authority: string) {
  const match = known.find(({ words }) => words.includes(value));
  const resolution = match
    ? {
        status: { code: 'ER_SUCCESS_MATCH' as const },
        values: [{ value: { name: match.name, id: match.id } }],
      }
    : { status: { code: 'ER_SUCCESS_NO_MATCH' as const } };
  const resolutions: Resolutions = { resolutionsPerAuthority: [{ authority, ...resolution }] };
  return { isKnown: match !== undefined, slotValue: { type: 'Simple' as const, value, resolutions } };
}

/** `pepperoni mushrooms and bacon` is three values: people do not speak commas. */
function splitValues(words: readonly string[], known: readonly SlotTypeValue[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === 'and' || word === ',') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.filter((part) => part.length > 0).flatMap((part) => splitKnown(part, known) ?? [part]);
}

/** The words as phrases the type knows, or undefined unless it knows them all. */
function splitKnown(words: readonly string[], known: readonly SlotTypeValue[]): string[][] | undefined {
  if (words.length === 0) return [];
  for (let length = words.length; length > 0; length--) {
    const head = words.slice(0, length);
    if (!known.some((value) => value.words.includes(head.join(' ')))) continue;
    const tail = splitKnown(words.slice(length), known);
    if (tail) return [head, ...tail];
  }
  return undefined;
}
