import type { Exchange } from './echo-device';
import type { AttackInfo, AttackOutcome, HouseholdState } from './page-data';

/** The Echo did not do it; the message says why, to the person who tried. */
export class EchoFailed extends Error {
  override readonly name = 'EchoFailed';
}

export type EchoClient = ReturnType<typeof createEchoClient>;

/**
 * Talks to a running Echo by its JSON doors.
 * Its methods throw EchoFailed when the Echo is away, or says no.
 */
export function createEchoClient(url: string) {
  async function request(path: string, init?: RequestInit) {
    const response = await fetch(`${url}${path}`, init).catch((cause) => {
      throw new EchoFailed(`There is no Echo at ${url}. Start it in another terminal: npm start`, { cause });
    });
    const answer = await response.json().catch((cause) => {
      throw new EchoFailed(`What answers at ${url} is no Echo.`, { cause });
    });
    return { response, answer };
  }

  async function post<T>(path: string, body: object): Promise<T> {
    const headers = { 'Content-Type': 'application/json' };
    const { response, answer } = await request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) return answer;
    throw new EchoFailed(answer.error ?? `The Echo answered with status ${response.status}.`);
  }

  return {
    say: (text: string) => post<Exchange>('/utterances', { text }),
    link: (email: string, password: string) => post<object>('/link', { email, password }),
    unlink: () => post<object>('/unlink', {}),
    /** Whose account is linked, if one is. */
    linkedAs: async (): Promise<string | undefined> => (await request('/token')).answer.linkedAs,
    /** What has arrived on the phone of the linked customer, newest first. */
    messages: async (): Promise<HouseholdState['messages']> => (await request('/household')).answer.messages,
    attacks: async (): Promise<AttackInfo[]> => (await request('/attacks')).answer,
    attempt: (id: string) => post<AttackOutcome>(`/attacks/${id}`, {}),
  };
}
