import { describe, expect, it } from 'vitest';
import { checkPhrases, phrasesToSay, type Simulation } from '../../deploy/certify/check-phrases';

const podUrl = 'https://pod.example/pod';
const [launch = '', , order = ''] = phrasesToSay;
const cancel = phrasesToSay.at(-1) ?? '';

const told =
  'Pizza on Demand is holding a medium pizza with extra cheese for you. Pick-up is at 24 Mill Lane, in 20 minutes. The total is 14 dollars and 60 cents with tax. I have sent you a code.';

/** As Amazon tells of a skill that said this. */
function answered(
  speech: string,
  more: { endpoint?: string; intent?: string; card?: string } = {},
): Simulation {
  const { endpoint = `${podUrl}/alexa`, intent = 'MenuIntent', card } = more;
  const outputSpeech = { type: 'SSML', ssml: `<speak>${speech}</speak>` };
  const response = { outputSpeech, ...(card && { card: { type: card } }) };
  return {
    status: 'SUCCESSFUL',
    result: {
      skillExecutionInfo: {
        invocations: [
          {
            invocationRequest: { endpoint, body: { request: { intent: { name: intent } } } },
            invocationResponse: { body: { response } },
          },
        ],
      },
    },
  };
}

/** What is found, but what is right, where one thing that was said went otherwise. */
function findings(phrase?: string, simulation?: Simulation) {
  const said = new Map(phrasesToSay.map((one) => [one, answered('Your order is cancelled.')]));
  said.set(order, answered(told));
  if (phrase && simulation) said.set(phrase, simulation);
  else if (phrase) said.delete(phrase);
  return checkPhrases(said, podUrl)
    .filter(({ state }) => state !== 'ok')
    .map(({ area, state, text }) => `${state} ${area}: ${text}`);
}

describe('npm run certify, of the example phrases', () => {
  it('finds nothing wrong where all of them work', () => {
    expect(findings()).toEqual([]);
  });

  it.each<[string, Simulation | undefined, string]>([
    ['Amazon does not take', undefined, 'Alexa does not give it to the skill'],
    [
      'Amazon cannot simulate',
      { status: 'FAILED', result: { error: { message: 'No skill.' } } },
      'No skill.',
    ],
    ['is no request to a skill', { status: 'SUCCESSFUL', result: {} }, 'Alexa does not give it to the skill'],
    [
      'goes to another endpoint',
      answered('Hello.', { endpoint: 'https://old.example/alexa' }),
      'Alexa asks https://old.example/alexa',
    ],
    [
      'Alexa does not understand',
      answered('Sorry?', { intent: 'AMAZON.FallbackIntent' }),
      'Alexa understands nothing of it',
    ],
  ])('names one that %s', (_what, simulation, why) => {
    expect(findings(launch, simulation)).toEqual([`fault phrases: “${launch}” does not work: ${why}`]);
  });

  it.each([
    ['who sells', /Pizza on Demand is holding/],
    ['what was ordered', / with extra cheese/],
    ['where it goes', /Pick-up is at 24 Mill Lane, in 20 minutes\. /],
    ['the total with tax', / with tax/],
  ])('names an order that is told without %s', (what, words) => {
    expect(findings(order, answered(told.replace(words, 'There is')))).toEqual([
      `fault purchase rules: an order is not told with ${what}`,
    ]);
  });

  it('checks no order where no account is linked, and says so', () => {
    expect(findings(order, answered('Please link your account.', { card: 'LinkAccount' }))).toEqual([
      'unchecked purchase rules: the order was not placed: no account is linked',
    ]);
  });

  it('says of an order that it may still wait', () => {
    expect(findings(cancel, answered('Sorry, I cannot reach the service.'))).toEqual([
      'unchecked phrases: the order of this check may still wait',
    ]);
  });
});
