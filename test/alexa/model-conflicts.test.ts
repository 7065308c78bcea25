import { describe, expect, it } from 'vitest';
import { isSlot, type Sample } from '../../local/echo/interaction-model';
import { modelFor } from './open-echo';

const model = modelFor();

describe('the phrases of the interaction model', () => {
  it('are those of one intent only, whatever is said in their slots', () => {
    const claims = new Map<string, Sample>();
    const conflicts: string[] = [];
    for (const sample of model.samples) {
      for (const text of textsOf(sample)) {
        const claim = claims.get(text);
        if (claim && claim.intent !== sample.intent)
          conflicts.push(`${text}: ${claim.intent}, ${sample.intent}`);
        claims.set(text, claim ?? sample);
      }
    }
    expect(claims.size).toBeGreaterThan(100_000);
    expect(conflicts).toEqual([]);
  });
});

/** In how many places each word is: in the phrases themselves, which count as one, and in each slot type. */
const places = new Map<string, number>();
for (const texts of [
  model.samples.flatMap(({ telling }) => telling.filter((part) => !isSlot(part))),
  ...[...model.types.values()].map((values) => values.flatMap(({ words }) => words)),
]) {
  for (const word of new Set(texts.flatMap((text) => text.split(' '))))
    places.set(word, (places.get(word) ?? 0) + 1);
}

/** What can be said in a slot of each type. Of the values whose words are nowhere else, one stands for all. */
const sayable = new Map(
  [...model.types].map(([type, values]) => {
    const all = values.flatMap(({ words }) => words);
    const isElsewhere = (text: string) => text.split(' ').some((word) => (places.get(word) ?? 0) > 1);
    return [type, [...all.filter(isElsewhere), ...all.filter((text) => !isElsewhere(text)).slice(0, 1)]];
  }),
);

/** All that can be said with a sample that may be a conflict. */
function textsOf({ intent, telling }: Sample): readonly string[] {
  const slots = model.intents.get(intent) ?? [];
  const wordsFor = (part: string): readonly string[] => {
    if (!isSlot(part)) return [part];
    const slot = slots.find(({ name }) => part === `{${name}}`);
    return sayable.get(slot?.type ?? '') ?? ['1234'];
  };
  return telling
    .map(wordsFor)
    .reduce<readonly string[]>(
      (texts, words) => texts.flatMap((text) => words.map((word) => `${text} ${word}`)),
      [''],
    );
}
