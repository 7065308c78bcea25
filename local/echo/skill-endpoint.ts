import type { SigningChain } from './signing-chain';

/** What the app answered. `status` is 0 when it did not; `body` is its JSON, or its text when it is none. */
export interface SkillResponse {
  status: number;
  body: unknown;
}

/** Alexa hangs up after 8 s. */
const patienceMs = 8_000;

/** Sends these very bytes to the app's door, signed as Alexa signs. Never rejects: an app that is away has status 0. */
export function postSigned(
  appUrl: string,
  signingChain: Pick<SigningChain, 'sign'>,
  body: Buffer,
): Promise<SkillResponse> {
  const contentType = { 'Content-Type': 'application/json; charset=utf-8' };
  return postWith(appUrl, { ...contentType, ...signingChain.sign(body) }, body);
}

/** The same with any headers. */
export async function postWith(
  appUrl: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<SkillResponse> {
  try {
    const response = await fetch(appUrl, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    return { status: response.status, body: parseIfJson(await response.text()) };
  } catch (error) {
    const reason =
      error instanceof Error && error.name === 'TimeoutError' ? 'did not answer in time' : 'does not answer';
    return { status: 0, body: `The app at ${appUrl} ${reason}.` };
  }
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
