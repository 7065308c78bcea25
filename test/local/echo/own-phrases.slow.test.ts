import { expect, it } from 'vitest';
import { hear } from '../../../local/echo/hear';
import { readInteractionModel } from '../../../local/echo/interaction-model';
import { resolveUtterance } from '../../../local/echo/resolve-utterance';

const model = readInteractionModel('src/alexa', 'pizza on demand');

/** The intent an utterance means. */
function understand(utterance: string): string {
  const heard = hear(utterance, model.invocationName);
  return 'words' in heard ? resolveUtterance(model, 'amzn1.ask.skill.test', heard.words).name : heard.kind;
}

it('understands each of the skill’s own phrases as the intent it is a sample of', () => {
  for (const { intent, words } of model.samples) {
    const firstValue = (slot: string) => {
      const { type } = model.intents.get(intent)?.find(({ name }) => slot === `{${name}}`) ?? {};
      return type && (model.types.get(type)?.[0]?.words[0] ?? '1234');
    };
    const phrase = words.map((word) => firstValue(word) ?? word).join(' ');
    expect([phrase, understand(phrase)]).toEqual([phrase, intent]);
  }
});
