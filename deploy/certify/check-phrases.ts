import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spokenText } from '../../local/echo/spoken-text';
import { seller } from '../../src/orders/menu';
import { type Finding, findingsOf } from '../doctor/finding';
import { exampleOrder, examplePhrases } from '../skill/manifest';
import type { Ask } from '../skill/open-ask';

const { ok, fault, unchecked } = findingsOf('phrases');
const rules = findingsOf('purchase rules');

/** What Amazon tells of one thing that was said, as far as it matters here: v2.skill.simulations.SimulationsApiResponse. */
interface Simulation {
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

const asSaid = (phrase: string) => phrase.replace(/^Alexa, /, '').toLowerCase();
const [, orderPhrase = ''] = examplePhrases.map(asSaid);
const cancel = `ask ${seller.name.toLowerCase()} to cancel my order`;

/**
 * Has Amazon say the example phrases to the deployed POD, each in a session of its own, as its Test tab does: it recognizes them by the
 * model it has built, and signs what it sends. One of them places an order, which no code ever confirms; it is cancelled at the end.
 * @throws AmazonRefused
 */
export async function checkPhrases(ask: Ask, skillId: string, podUrl: string): Promise<Finding[]> {
  const phrases = examplePhrases.map(asSaid);
  const said = await simulate(ask, skillId, [...phrases.flatMap((phrase) => [phrase, 'stop']), cancel]);
  const heard = new Map(phrases.map((phrase) => [phrase, answerTo(said.get(phrase), `${podUrl}/alexa`)]));
  return [
    ...[...heard].map(([phrase, answer]) =>
      typeof answer === 'string'
        ? fault(
            `“${phrase}” does not work: ${answer}`,
            'Look at the skill in the Test tab of Amazon’s console.',
          )
        : ok(`“${phrase}” is answered`),
    ),
    ...checkOrder(heard.get(orderPhrase) ?? ''),
    ...checkCancelled(answerTo(said.get(cancel), `${podUrl}/alexa`)),
  ];
}

/** @returns what Amazon told of each, by what was said */
async function simulate(ask: Ask, skillId: string, userInput: string[]): Promise<Map<string, Simulation>> {
  const replay = { skillId, locale: 'en-US', type: 'text', userInput: [...userInput, '.quit'] };
  await writeFile(join(ask.folder, 'replay.json'), JSON.stringify(replay));
  await ask.run(['dialog', '--replay', 'replay.json', '--save-skill-io', 'said.json']);
  const { invocations } = JSON.parse(await readFile(join(ask.folder, 'said.json'), 'utf8')) as {
    invocations: { request: { utterance: string }; response: { body?: Simulation } }[];
  };
  return new Map(invocations.map(({ request, response }) => [request.utterance, response.body ?? {}]));
}

/** What the skill answered; or why it did not, as a text. */
function answerTo(simulation: Simulation | undefined, endpoint: string): SkillAnswer | string {
  const { status, result: { error, skillExecutionInfo } = {} } = simulation ?? {};
  const { invocationRequest, invocationResponse } = skillExecutionInfo?.invocations?.at(-1) ?? {};
  const answer = invocationResponse?.body?.response;
  if (error || status === 'FAILED') return error?.message ?? 'Amazon does not say why';
  if (!answer) return 'Alexa does not give it to the skill';
  if (invocationRequest?.endpoint !== endpoint) return `Alexa asks ${invocationRequest?.endpoint}`;
  if (invocationRequest.body?.request?.intent?.name === 'AMAZON.FallbackIntent')
    return 'Alexa understands nothing of it';
  return answer.outputSpeech ? answer : 'the skill says nothing';
}

/** "Requirements for Skills that Allow Purchases": what is said before an order is complete. */
function checkOrder(answer: SkillAnswer | string): Finding[] {
  if (typeof answer === 'string') return [];
  if (answer.card?.type === 'LinkAccount') {
    const cure = 'Enable the skill in the Alexa app of this account, link a customer, and run it again.';
    return [rules.unchecked('the order was not placed: no account is linked', cure)];
  }
  const speech = spokenText(answer.outputSpeech).toLowerCase();
  const said: readonly (readonly [string, boolean])[] = [
    ['who sells', speech.includes(seller.name.toLowerCase())],
    ['what was ordered', speech.includes(exampleOrder)],
    ['where it goes', /delivery is to|pick-up is at/.test(speech)],
    ['the total with tax', /total is .*\btax\b/.test(speech)],
  ];
  const missing = said.filter(([, isSaid]) => !isSaid).map(([what]) => what);
  if (missing.length === 0)
    return [rules.ok(`an order is told with ${said.map(([what]) => what).join(', ')}`)];
  const cure = `It said: “${spokenText(answer.outputSpeech)}”`;
  return [rules.fault(`an order is not told with ${missing.join(', ')}`, cure)];
}

function checkCancelled(answer: SkillAnswer | string): Finding[] {
  if (typeof answer !== 'string' && /cancel|no order/i.test(spokenText(answer.outputSpeech))) return [];
  return [unchecked('the order of this check may still wait', 'It ends by itself: nobody has its code.')];
}
