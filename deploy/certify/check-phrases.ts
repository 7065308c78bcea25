import { spokenText } from '../../local/echo/spoken-text';
import { seller } from '../../src/orders/menu';
import { type Finding, findingsOf } from '../doctor/finding';
import { exampleOrder, examplePhrases } from '../skill/manifest';

const { ok, fault, unchecked } = findingsOf('phrases');
const rules = findingsOf('purchase rules');

/** What Amazon tells of one thing that was said, as far as it matters here: v2.skill.simulations.SimulationsApiResponse. */
export interface Simulation {
  status?: string;
  result?: {
    error?: { message: string };
    skillExecutionInfo?: {
      invocations?: {
        invocationRequest?: { endpoint?: string; body?: { request?: { intent?: { name: string } } } };
        invocationResponse?: { body?: { response?: SkillAnswer } };
      }[];
    };
  };
}

interface SkillAnswer {
  outputSpeech?: Parameters<typeof spokenText>[0];
  card?: { type: string };
}

const phrases = examplePhrases.map((phrase) => phrase.replace(/^Alexa, /, '').toLowerCase());
const [, orderPhrase = ''] = phrases;
const cancelPhrase = `ask ${seller.name.toLowerCase()} to cancel my order`;

/** The example phrases, each in a session of its own. One places an order, which no code ever confirms; the last one cancels it. */
export const phrasesToSay = [...phrases.flatMap((phrase) => [phrase, 'stop']), cancelPhrase];

/** Whether the example phrases work, and an order is told as Amazon asks. @param said what Amazon told of each of `phrasesToSay` */
export function checkPhrases(said: ReadonlyMap<string, Simulation>, podUrl: string): Finding[] {
  const answers = phrases.map((phrase) => [phrase, answerTo(said.get(phrase), podUrl)] as const);
  const order = answerTo(said.get(orderPhrase), podUrl);
  return [
    ...answers.map(([phrase, answer]) =>
      typeof answer === 'string'
        ? fault(
            `“${phrase}” does not work: ${answer}`,
            'Look at the skill in the Test tab of Amazon’s console.',
          )
        : ok(`“${phrase}” is answered`),
    ),
    ...(typeof order === 'string' ? [] : checkOrder(order, answerTo(said.get(cancelPhrase), podUrl))),
  ];
}

/** What the skill answered; or why it did not, as a text. */
function answerTo(simulation: Simulation | undefined, podUrl: string): SkillAnswer | string {
  const { status, result: { error, skillExecutionInfo } = {} } = simulation ?? {};
  const { invocationRequest, invocationResponse } = skillExecutionInfo?.invocations?.at(-1) ?? {};
  const { endpoint, body } = invocationRequest ?? {};
  const answer = invocationResponse?.body?.response;
  if (error || status === 'FAILED') return error?.message ?? 'Amazon does not say why';
  if (!answer) return 'Alexa does not give it to the skill';
  if (endpoint !== `${podUrl}/alexa`) return `Alexa asks ${endpoint}`;
  if (body?.request?.intent?.name === 'AMAZON.FallbackIntent') return 'Alexa understands nothing of it';
  return answer.outputSpeech ? answer : 'the skill says nothing';
}

/** "Requirements for Skills that Allow Purchases": what is said before an order is complete. */
function checkOrder({ card, outputSpeech }: SkillAnswer, cancelled: SkillAnswer | string): Finding[] {
  if (card?.type === 'LinkAccount') {
    const cure = 'Enable the skill in the Alexa app of this account, link a customer, and run it again.';
    return [rules.unchecked('the order was not placed: no account is linked', cure)];
  }
  const speech = spokenText(outputSpeech);
  const said: readonly (readonly [string, boolean])[] = [
    ['who sells', speech.includes(seller.name)],
    ['what was ordered', speech.includes(exampleOrder)],
    ['where it goes', /delivery is to|pick-up is at/i.test(speech)],
    ['the total with tax', /total is .*\btax\b/.test(speech)],
  ];
  const missing = said.filter(([, isSaid]) => !isSaid).map(([what]) => what);
  return [
    missing.length === 0
      ? rules.ok(`an order is told with ${said.map(([what]) => what).join(', ')}`)
      : rules.fault(`an order is not told with ${missing.join(', ')}`, `It said: “${speech}”`),
    ...(typeof cancelled !== 'string' && /cancelled/.test(spokenText(cancelled.outputSpeech))
      ? []
      : [unchecked('the order of this check may still wait', 'It ends by itself: nobody has its code.')]),
  ];
}
