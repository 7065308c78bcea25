import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import type { Clock } from '../../src/step-up/outside';
import type { RefusalReasons } from './overhear-refusals';
import type { Sent } from './page-data';
import type { SigningChain } from './signing-chain';
import { postWith } from './skill-endpoint';

/** How a request is sent: as Alexa sends it, or broken in one way. */
export const forgeries = [
  'fresh',
  'again',
  'unsigned',
  'changed',
  'old',
  'other-skill',
  'wrong-chain',
  'chain-elsewhere',
  'foreign-token',
] as const;
export type Forgery = (typeof forgeries)[number];

interface ForgerParts {
  /** The app's door for Alexa. */
  appUrl: string;
  signingChain: Pick<SigningChain, 'sign' | 'signAsStranger'>;
  clock: Clock;
  reasons?: RefusalReasons;
}

/** Ten minutes: four times as old as Alexa's requests may be. */
const oldMs = 600_000;

/** The body is no JSON object with a `request`, so that nothing of it can be made fresh. */
export class NotAnEnvelope extends Error {
  override readonly name = 'NotAnEnvelope';
}

// biome-ignore lint/suspicious/noExplicitAny: people edit it by hand, and it is sent as they wrote it
type Editable = Record<string, any>;

/** Sends requests to the app as its reader wants them: see `Forgery`. */
export function createForger({ appUrl, signingChain, clock, reasons }: ForgerParts) {
  /** With a timestamp and an id of its own: only a request sent `again` is one that POD has seen. */
  function freshen(text: string, ageMs = 0): Editable {
    const envelope = parseEnvelope(text);
    envelope.request.timestamp = new Date(clock() - ageMs).toISOString().replace(/\.\d+/, '');
    envelope.request.requestId = `amzn1.echo-api.request.${randomUUID()}`;
    return envelope;
  }

  async function forge(text: string, forgery: Forgery): Promise<{ body: string; headers: object }> {
    const signed = (body: string) => ({ body, headers: signingChain.sign(body) });
    switch (forgery) {
      case 'fresh':
        return signed(write(freshen(text)));
      case 'again':
        return signed(text);
      case 'unsigned':
        return { body: write(freshen(text)), headers: {} };
      case 'changed': {
        const { body, headers } = signed(write(freshen(text)));
        return { body: body.replace('"en-US"', '"en-GB"').concat('\n'), headers };
      }
      case 'old':
        return signed(write(freshen(text, oldMs)));
      case 'other-skill':
        return signed(write(forOtherSkill(freshen(text))));
      case 'wrong-chain': {
        const body = write(freshen(text));
        return { body, headers: await signingChain.signAsStranger(body) };
      }
      case 'chain-elsewhere': {
        const { body, headers } = signed(write(freshen(text)));
        const elsewhere = 'https://s3.attacker.example/echo.api/chain.pem';
        return { body, headers: { ...headers, SignatureCertChainUrl: elsewhere } };
      }
      case 'foreign-token':
        return signed(write(await withForeignToken(freshen(text))));
    }
  }

  return {
    /** @throws NotAnEnvelope for a text that can only be sent as it is */
    async send(text: string, forgery: Forgery): Promise<Sent> {
      const { body, headers } = await forge(text, forgery);
      const sent = { 'Content-Type': 'application/json; charset=utf-8', ...headers };
      reasons?.take();
      const { status, body: answer } = await postWith(appUrl, sent, Buffer.from(body));
      return { headers: sent, body, status, answer, ...(status === 400 && { reason: reasons?.take() }) };
    },
  };
}

export type Forger = ReturnType<typeof createForger>;

function parseEnvelope(text: string): Editable {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch (cause) {
    throw new NotAnEnvelope(`This is no JSON. Mend it, or send it again as it is.`, { cause });
  }
  const { request } = (envelope ?? {}) as Editable;
  if (typeof request !== 'object' || request === null) {
    throw new NotAnEnvelope('There is no "request" in it. Add one, or send it again as it is.');
  }
  return envelope as Editable;
}

function write(envelope: Editable): string {
  return JSON.stringify(envelope, null, 2);
}

function forOtherSkill(envelope: Editable): Editable {
  const other = { applicationId: 'amzn1.ask.skill.somebody-elses' };
  const { session, context } = envelope;
  if (session) session.application = other;
  if (context?.System) context.System.application = other;
  return envelope;
}

/** What the token says stays, and it is signed with a key that is not the tenant's. */
async function withForeignToken(envelope: Editable): Promise<Editable> {
  const users = [envelope.session?.user, envelope.context?.System?.user].filter(Boolean);
  const [token] = users.flatMap(({ accessToken }) => accessToken ?? []);
  const claims = typeof token === 'string' ? claimsIn(token) : { sub: 'auth0|stranger' };
  const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(32));
  for (const user of users) user.accessToken = foreign;
  return envelope;
}

function claimsIn(token: string) {
  try {
    return decodeJwt(token);
  } catch {
    // It was edited, and is no token any more.
    return { sub: 'auth0|stranger' };
  }
}
