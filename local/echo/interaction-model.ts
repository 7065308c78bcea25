import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withoutSmallWords } from './small-words';

/** What a skill told Alexa: how it is called, its intents, the phrases for them, and the words of its own slot types. */
export interface InteractionModel {
  /** In lower case: `pizza on demand`. */
  invocationName: string;
  intents: ReadonlyMap<string, readonly SlotModel[]>;
  samples: readonly Sample[];
  types: ReadonlyMap<string, readonly SlotTypeValue[]>;
}

export interface SlotModel {
  name: string;
  type: string;
  multipleValues?: { enabled: boolean };
}

/** `get me a {Size} pizza` as its words, where a slot is `{Size}`. */
export interface Sample {
  intent: string;
  words: readonly string[];
  /** Those by which it is told from other samples. */
  telling: readonly string[];
}

export interface SlotTypeValue {
  name: string;
  id: string;
  /** As they are written. */
  synonyms: readonly string[];
  /** The name and its synonyms, in lower case and without articles. */
  words: readonly string[];
}

type ModelTexts = Record<'invocationName' | 'intentSchema' | 'sampleUtterances' | 'customSlotTypes', string>;

/**
 * Reads a model from the three texts of an Alexa skill: `IntentName sample with {Slot}` a line, and slot types as a line
 * with the type's name and then a line for each value, `Value: synonym, synonym`.
 * @throws Error for a sample of an intent, or with a slot, that the schema does not have
 */
export function parseInteractionModel(texts: ModelTexts): InteractionModel {
  const { intents } = JSON.parse(texts.intentSchema) as {
    intents: { intent: string; slots?: SlotModel[] }[];
  };
  const slotsOf = new Map(intents.map(({ intent, slots = [] }) => [intent, slots]));
  const samples = linesOf(texts.sampleUtterances).map(parseSample);
  for (const sample of samples) checkSample(sample, slotsOf);
  const { invocationName } = texts;
  return { invocationName, intents: slotsOf, samples, types: parseSlotTypes(texts.customSlotTypes) };
}

/**
 * Reads the model of a skill.
 * @param directory of IntentSchema.json, SampleUtterances.txt and CustomSlotTypes.txt
 * @throws Error as parseInteractionModel does, or when a file is missing
 */
export function readInteractionModel(directory: string, invocationName: string): InteractionModel {
  const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
  return parseInteractionModel({
    invocationName,
    intentSchema: read('IntentSchema.json'),
    sampleUtterances: read('SampleUtterances.txt'),
    customSlotTypes: read('CustomSlotTypes.txt'),
  });
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => line.trim() || []);
}

function parseSample(line: string): Sample {
  const [intent = '', ...text] = line.split(/\s+/);
  const words = text.map((word) => (isSlot(word) ? word : word.toLowerCase()));
  return { intent, words, telling: withoutSmallWords(words) };
}

function checkSample({ intent, words }: Sample, slotsOf: InteractionModel['intents']): void {
  const slots = slotsOf.get(intent);
  if (!slots)
    throw new Error(`SampleUtterances.txt has a phrase for ${intent}, which is not in IntentSchema.json.`);
  const unknown = words.filter(isSlot).find((word) => !slots.some(({ name }) => word === `{${name}}`));
  if (unknown) throw new Error(`SampleUtterances.txt uses ${unknown}, which ${intent} does not have.`);
}

export function isSlot(word: string): boolean {
  return word.startsWith('{');
}

function parseSlotTypes(text: string): InteractionModel['types'] {
  const types = new Map<string, SlotTypeValue[]>();
  let values: SlotTypeValue[] = [];
  for (const line of linesOf(text)) {
    const [name = '', synonyms] = line.split(/\s*:\s*/);
    if (/^[A-Z][A-Z_]+$/.test(name) && synonyms === undefined) {
      values = [];
      types.set(name, values);
    } else {
      values.push(parseValue(name, synonyms));
    }
  }
  return types;
}

function parseValue(name: string, synonyms = ''): SlotTypeValue {
  const others = synonyms.split(',').flatMap((synonym) => synonym.trim() || []);
  const words = [name, ...others].map((phrase) =>
    withoutSmallWords(phrase.toLowerCase().split(' ')).join(' '),
  );
  return { name, id: name.toLowerCase(), synonyms: others, words };
}
