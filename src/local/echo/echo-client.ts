/** The Echo did not do it; the message says why, to the person who tried. */
export class EchoFailed extends Error {
  override readonly name = 'EchoFailed';
}

/** One exchange, as far as a person wants to see it. */
export interface Exchange {
  speech: string;
  response: {
    status: number;
    body?: {
      response?: {
        card?: { type: string; title?: string; content?: string };
        shouldEndSession?: boolean;
      };
    };
  };
}

/**
 * Talks to a running Echo by its JSON doors.
 * Its methods throw EchoFailed when the Echo is away, or says no.
 */
export function createEchoClient(url: string) {
  async function call<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((cause) => {
      throw new EchoFailed(`There is no Echo at ${url}. Start it in another terminal: npm start`, { cause });
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok)
      throw new EchoFailed(answer.error ?? `The Echo answered with status ${response.status}.`);
    return answer;
  }

  return {
    say: (text: string) => call<Exchange>('/utterances', { text }),
    link: (email: string, password: string) => call<object>('/link', { email, password }),
    unlink: () => call<object>('/unlink', {}),
  };
}
