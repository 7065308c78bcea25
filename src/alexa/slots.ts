import type { SimpleSlotValue, Slot } from './envelope';

/** The slots of an intent by name; Alexa leaves the whole object out of intents without slots. */
export type Slots = Readonly<Record<string, Slot | undefined>>;

export type SaidValue = Pick<SimpleSlotValue, 'value' | 'resolutions'>;

/** What was literally said in a slot, one text a value; empty when nothing was. Two values come as a list only. */
export function saidIn(slot: Slot | undefined): string[] {
  return valuesOf(slot).map(({ value }) => value ?? '');
}

/** The values that were said in a slot, with what Alexa makes of each; none of one that the customer denied. */
export function valuesOf(slot: Slot | undefined): SaidValue[] {
  if (!slot || isDenied(slot)) return [];
  const { slotValue } = slot;
  const values = slotValue?.type === 'List' ? slotValue.values : [slotValue?.value ? slotValue : slot];
  return values.filter(({ value }) => value?.trim());
}

/** Whether the customer, asked by Alexa whether this is what was said, or meant, said no. */
export function isDenied(denied: { confirmationStatus?: string } | undefined): boolean {
  return denied?.confirmationStatus === 'DENIED';
}

/** What Alexa takes a value for, by its name in the model; undefined when the model does not have it. */
export function nameOf({ resolutions }: SaidValue): string | undefined {
  return matchesOf(resolutions)[0]?.name;
}

/** What a value may mean, likeliest first: Alexa's resolution, which in an older model may be an unknown id, then the word itself. */
export function meaningsOf({ value = '', resolutions }: SaidValue): string[] {
  return [...matchesOf(resolutions).flatMap(({ id = '', name }) => [id, name]), value];
}

function matchesOf(resolutions: SaidValue['resolutions']) {
  return (resolutions?.resolutionsPerAuthority ?? [])
    .filter(({ status }) => status.code === 'ER_SUCCESS_MATCH')
    .flatMap(({ values = [] }) => values.map(({ value }) => value));
}
