import { type Finding, findingsOf, reasonOf } from '../doctor/finding';

const { ok, fault } = findingsOf('pages');

/** What the skill's listing leads to, by a heading of each. */
const pages = { 'privacy policy': 'Privacy policy', 'page of the terms': 'When an order counts' };

/**
 * Whether the privacy policy and the terms are served: views of the page, which are in its script. Amazon takes no skill with account
 * linking without a privacy policy.
 */
export async function checkPages(podUrl: string, fetch: typeof globalThis.fetch): Promise<Finding[]> {
  const cure = 'Build the page and deploy POD anew: npm run build:client.';
  try {
    const read = async (address: string | URL) => {
      const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
      return answer.ok ? answer.text() : '';
    };
    const [, script] = /<script[^>]* src="([^"]+)"/.exec(await read(`${podUrl}/app/`)) ?? [];
    const code = script ? await read(new URL(script, `${podUrl}/app/`)) : '';
    return Object.entries(pages).map(([name, heading]) =>
      code.includes(heading)
        ? ok(`the ${name} is served`)
        : fault(`${podUrl}/app/ does not serve the ${name}`, cure),
    );
  } catch (error) {
    return [fault(`${podUrl}/app/ does not answer: ${reasonOf(error)}`, cure)];
  }
}
