import { spellDigits } from './four-digit-number';
import { type InteractionModel, isSlot, type Sample, type SlotModel } from './interaction-model';
import { emptySlot, type Recognised, recogniseSlot, type Slot } from './recognise-slot';
import { asGetMe, withoutPoliteness, withoutSmallWords } from './small-words';

/** An intent as a request holds it; intents without slots have no `slots`. */
export interface Intent {
  name: string;
  confirmationStatus: 'NONE';
  slots?: Record<string, Slot>;
}

/** What people say for Amazon's own intents. */
const builtInPhrases: Readonly<Record<string, readonly string[]>> = {
  'AMAZON.YesIntent': ['yes', 'yeah', 'yep', 'sure', 'of course', 'ok', 'okay', 'confirm', 'yes confirm it'],
  'AMAZON.NoIntent': ['no', 'nope', 'nah', 'no way', 'no thanks', 'no thank you'],
  'AMAZON.HelpIntent': ['help', 'help me', 'can you help me', 'what can i say', 'what can you do'],
  'AMAZON.RepeatIntent': ['repeat', 'repeat that', 'say that again', 'what did you say', 'come again'],
  'AMAZON.StartOverIntent': ['start over', 'start again', 'begin again', 'restart'],
  'AMAZON.StopIntent': ['stop', 'off', 'shut up', "that's all", "i'm done"],
  'AMAZON.CancelIntent': ['cancel', 'never mind', 'forget it'],
  'AMAZON.NavigateHomeIntent': ['go home', 'home', 'home screen'],
};

/**
 * Which intent an utterance means. Real Alexa guesses with statistics; this one takes the sample that fits the whole
 * utterance and leaves the fewest unknown words in slots, then the one with the most words of its own.
 * @param words in lower case; a comma is a word of its own
 */
export function resolveUtterance(model: InteractionModel, skillId: string, words: readonly string[]): Intent {
  const meant = withoutSmallWords(words);
  const asked = withoutPoliteness(meant);
  const phrases = [words, meant, asked].map((said) => said.filter((word) => word !== ',').join(' '));
  const builtIn = Object.keys(builtInPhrases).find(
    (name) => model.intents.has(name) && builtInPhrases[name]?.some((phrase) => phrases.includes(phrase)),
  );
  if (builtIn) return { name: builtIn, confirmationStatus: 'NONE' };
  // Where digits are words of a slot type, Alexa hears `12` as it is said.
  const isSpelt = model.types.has('CODE_DIGIT');
  const readAll = (said: readonly string[]) => {
    const spelt = isSpelt ? said.flatMap(spellDigits) : said;
    return model.samples.flatMap((sample) => readings(model, skillId, sample, spelt));
  };
  const getMe = asGetMe(asked);
  const [best] = [
    ...readAll(meant),
    ...(asked.length < meant.length ? readAll(asked) : []),
    // Two of the words were not said.
    ...(getMe ? readAll(getMe).map((reading) => ({ ...reading, ownWords: reading.ownWords - 2 })) : []),
  ]
    .filter(makesSense)
    .sort((a, b) => a.unknownWords - b.unknownWords || b.ownWords - a.ownWords);
  return best?.intent ?? { name: 'AMAZON.FallbackIntent', confirmationStatus: 'NONE' };
}

interface Reading {
  intent: Intent;
  /** How many words of the utterance the sample itself has. */
  ownWords: number;
  knownWords: number;
  unknownWords: number;
}

/** Somebody who says words nobody knows must say as many that are known, or it is nonsense. */
function makesSense({ ownWords, knownWords, unknownWords }: Reading): boolean {
  return unknownWords <= ownWords + knownWords;
}

function readings(
  model: InteractionModel,
  skillId: string,
  sample: Sample,
  words: readonly string[],
): Reading[] {
  const slots = model.intents.get(sample.intent) ?? [];
  const own = sample.telling.filter((word) => !isSlot(word));
  // Most samples have a word that was not said: no need to lay the others under it.
  if (own.some((word) => !words.includes(word))) return [];
  const ownWords = own.length;
  return alignments(sample.telling, words).map((alignment) => {
    const recognised = slots.map((slot) => recognise(model, skillId, slot, alignment.get(`{${slot.name}}`)));
    const slotWords = [...alignment.values()].flat().length;
    const unknownWords = recognised.reduce((sum, { unknownWords }) => sum + unknownWords, 0);
    return {
      intent: toIntent(sample.intent, recognised),
      ownWords,
      knownWords: slotWords - unknownWords,
      unknownWords,
    };
  });
}

function recognise(
  model: InteractionModel,
  skillId: string,
  slot: SlotModel,
  said: readonly string[] | undefined,
): Recognised {
  return said ? recogniseSlot(model, skillId, slot, said) : { slot: emptySlot(slot), unknownWords: 0 };
}

function toIntent(name: string, recognised: readonly Recognised[]): Intent {
  if (recognised.length === 0) return { name, confirmationStatus: 'NONE' };
  const slots = Object.fromEntries(recognised.map(({ slot }) => [slot.name, slot]));
  return { name, confirmationStatus: 'NONE', slots };
}

/** Every way to lay the words under the sample, each slot taking one word or more; commas between words do not count. */
function alignments(sample: readonly string[], words: readonly string[]): Map<string, string[]>[] {
  const [expected, ...restOfSample] = sample;
  if (expected === undefined) return words.every((word) => word === ',') ? [new Map()] : [];
  if (!isSlot(expected)) {
    const at = words[0] === ',' ? 1 : 0;
    return words[at] === expected ? alignments(restOfSample, words.slice(at + 1)) : [];
  }
  return words.flatMap((_word, index) => {
    const said = words.slice(0, index + 1).filter((word, at) => word !== ',' || (at > 0 && at < index));
    if (said.every((word) => word === ',')) return [];
    const rest = alignments(restOfSample, words.slice(index + 1));
    return rest.map((alignment) => new Map([[expected, said], ...alignment]));
  });
}
