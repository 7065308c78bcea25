import { hear } from './hear';
import { type InteractionModel, isSlot, type Sample } from './interaction-model';
import { withoutPoliteness, withoutSmallWords } from './small-words';

/**
 * Says why no sample of the model fits what was said, for whoever writes a skill: the sample that is nearest, and the words
 * that keep it from fitting.
 */
export function whyNothingMatched(model: InteractionModel, utterance: string): string {
  const heard = hear(utterance, model.invocationName);
  const words = 'words' in heard ? withoutPoliteness(withoutSmallWords(heard.words)) : [];
  const said = words.filter((word) => word !== ',');
  const [nearest] = model.samples
    .map((sample) => compare(sample, said))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - b.missing.length - (a.shared - a.missing.length) || a.shared - b.shared);
  if (!nearest) return 'None of these words is in any sample phrase of the skill.';
  const { sample, missing } = nearest;
  const near = `The nearest sample is “${sample.words.join(' ')}” (${sample.intent})`;
  if (missing.length > 0) return `${near}, but ${listed(missing)} was not said.`;
  return sample.telling.some(isSlot)
    ? `${near}, but its slots do not know enough of the other words.`
    : `${near}, but it has no slot that could hold the other words.`;
}

function compare(sample: Sample, said: readonly string[]) {
  const own = sample.telling.filter((word) => !isSlot(word));
  const missing = own.filter((word) => !said.includes(word));
  return { sample, missing, shared: own.length - missing.length };
}

function listed(words: readonly string[]): string {
  return words.map((word) => `“${word}”`).join(', ');
}
