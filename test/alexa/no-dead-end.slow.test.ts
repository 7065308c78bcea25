import { describe, expect, it } from 'vitest';
import { resolveUtterance } from '../../local/echo/resolve-utterance';
import { isOpen, modelFor, openEcho, repromptOf } from './open-echo';

const model = modelFor();
const order = 'get me a large pizza with pepperoni';
const code = 'authorize order one two three four';

/** Nobody says this: fifty minutes pass, and what was confirmed is not under way any more. */
const later = '';

/** Where a conversation can be, by what was said before. */
const states: Readonly<Record<string, readonly string[]>> = {
  'nothing was said': [],
  'the skill is open': ['open pizza on demand'],
  'toppings are asked for': ['get me a large pizza with anchovies'],
  'a size is asked for': ['get me a gigantic pizza with bacon'],
  'a pizza is offered': ['get me a pizza with bacon and anchovies'],
  'an order waits': [order],
  'a change is offered': [order, 'small'],
  'a yes is awaited': ['get me a pizza', order, code],
  'a code is used up': ['get me a pizza', order, code, 'open pizza on demand'],
  'it is to be cancelled': [order, 'start over'],
  'an order was cancelled': [order, 'cancel my order'],
  'an order is confirmed': [order, code],
  'an order was confirmed long ago': [order, code, later, 'open pizza on demand'],
  'and another pizza is talked about': [order, code, later, 'get me a large pizza with anchovies'],
  'and another pizza is offered': [order, code, later, 'get me a pizza with bacon and anchovies'],
};

/** What people answer to each question; the test fails for a question that is not here. */
const answers: readonly [RegExp, string][] = [
  [/What would you like to (order|do)\?/, order],
  [/Which size would you like\?/, 'large'],
  [/Which toppings would you like\?/, 'pepperoni'],
  [/Shall I .+\?/, 'yes'],
  [/Shall I .+\?/, 'no'],
  [/What are the four digits of your code\?/, 'one two three four'],
  [/Say the four digits of your code\./, 'one two three four'],
  [/send me another code/, 'send me another code'],
];

/** A phrase of each intent of the model, Amazon's own among them. */
const phrases = [
  ...[...model.intents.keys()].flatMap((name) => samplesOf(name).slice(0, 1)),
  ...[
    'yes',
    'no',
    'repeat',
    'start over',
    'help',
    'cancel',
    'stop',
    'purple rain',
    'add anchovies',
    'authorize order',
  ],
];

describe('a session that is left open', () => {
  it.each(Object.entries(states))('asks something that can be answered, where %s', async (_state, before) => {
    for (const phrase of phrases) {
      const { heard } = await hearAfter(before, phrase);
      if (!isOpen(heard)) continue;
      const fitting = answers.filter(([question]) => question.test(repromptOf(heard)));
      expect(fitting, `${phrase}: ${heard.speech}`).not.toEqual([]);
      for (const [, answer] of fitting) {
        const { say } = await hearAfter(before, phrase);
        const next = await say(answer);
        expect(next.speech, `${phrase}: ${heard.speech} ${answer}`).not.toContain('did not get that');
      }
    }
  });

  it.each(answers)('is understood by its own model: %s', (_question, answer) => {
    expect(intentOf(answer)).not.toBe('AMAZON.FallbackIntent');
  });
});

/** A new customer who has said all that, and then this phrase. */
async function hearAfter(before: readonly string[], phrase: string) {
  const { say, pass } = await openEcho();
  for (const text of before) {
    if (text === later) pass(3_000_000);
    else await say(text);
  }
  return { say, heard: await say(phrase) };
}

function intentOf(phrase: string): string {
  return resolveUtterance(model, 'skill', phrase.split(' ')).name;
}

/** The phrases of an intent, with the first value of each slot's type. */
function samplesOf(name: string): string[] {
  const values = new Map(
    model.intents.get(name)?.map((slot) => [`{${slot.name}}`, model.types.get(slot.type)?.[0]?.words[0]]),
  );
  const samples = model.samples.filter(({ intent }) => intent === name);
  return samples.map(({ words }) =>
    words.map((word) => (values.has(word) ? (values.get(word) ?? '1234') : word)).join(' '),
  );
}
