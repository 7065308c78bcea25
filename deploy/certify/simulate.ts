import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ask } from '../skill/open-ask';
import type { Simulation } from './check-phrases';

/**
 * Says things to a skill by Amazon's simulator, as the Test tab of the console does: it recognizes them by the model that it has built, asks
 * the endpoint, and signs what it sends.
 * @returns what Amazon told of each, by what was said
 * @throws AmazonRefused
 */
export async function simulate(
  ask: Ask,
  skillId: string,
  userInput: readonly string[],
): Promise<Map<string, Simulation>> {
  const replay = { skillId, locale: 'en-US', type: 'text', userInput: [...userInput, '.quit'] };
  await writeFile(join(ask.folder, 'replay.json'), JSON.stringify(replay));
  await ask.run(['dialog', '--replay', 'replay.json', '--save-skill-io', 'said.json']);
  const { invocations } = JSON.parse(await readFile(join(ask.folder, 'said.json'), 'utf8')) as {
    invocations: { request: { utterance: string }; response: { body?: Simulation } }[];
  };
  return new Map(invocations.map(({ request, response }) => [request.utterance, response.body ?? {}]));
}
