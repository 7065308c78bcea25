import type { Clock } from '../../src/step-up/outside';
import type { AlexaAccount } from './alexa-account';
import { type Heard, hear } from './hear';
import type { InteractionModel } from './interaction-model';
import { type AlexaRequest, buildEnvelope, newSession, type Session } from './request-envelope';
import { resolveUtterance } from './resolve-utterance';
import type { SkillResponse } from './skill-endpoint';
import { spokenText } from './spoken-text';

/** One exchange: what the Echo sent, what the app answered, and what is heard of it. */
export interface Exchange {
  request: ReturnType<typeof buildEnvelope>;
  response: SkillResponse;
  speech: string;
}

/** As much of a skill's answer as an Echo has to know. */
export interface SkillAnswer {
  sessionAttributes?: Record<string, unknown>;
  response?: {
    outputSpeech?: { type?: string; text?: string; ssml?: string };
    reprompt?: { outputSpeech?: { type?: string; text?: string; ssml?: string } };
    card?: { type: string; title?: string; content?: string };
    shouldEndSession?: boolean;
  };
}

interface DeviceParts {
  account: Pick<AlexaAccount, 'accessToken'> & { device(): { deviceId: string; userId: string } };
  model: InteractionModel;
  skillId: string;
  clock: Clock;
  send(body: Buffer): Promise<SkillResponse>;
}

/** What Alexa says when a skill answers with an error, or with something she cannot use. */
const problem = "There was a problem with the requested skill's response.";

/**
 * An Echo with one conversation at a time. A phrase outside a session begins one, without the invocation name too,
 * because there is no other skill to mean. The session stays open until an answer ends it: nobody has to hurry.
 */
export function createEchoDevice({ account, model, skillId, clock, send }: DeviceParts) {
  let session: Session | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  /** The newest request of the session that is open. */
  let awaited: string | undefined;

  async function exchange(utterance: string, personId?: string): Promise<Exchange> {
    const heard = hear(utterance, model.invocationName);
    const isCalled = heard.kind === 'launch' || heard.kind === 'one-shot';
    const current = (!isCalled && session) || newSession();
    session = current;
    const { answer, next } = await ask(current, requestFor(heard), personId);
    // The account may have been changed meanwhile: what was said before is not for the next customer.
    if (session === current) session = heard.kind === 'exit' ? undefined : next;
    awaited = answer.request.request.requestId;
    return answer;
  }

  async function ask(current: Session, what: AlexaRequest, personId?: string) {
    const accessToken = await account.accessToken();
    const device = { skillId, ...account.device() };
    const request = buildEnvelope(device, current, what, { accessToken, now: clock(), personId });
    const response = await send(Buffer.from(JSON.stringify(request)));
    const { speech, next } = react(current, response);
    return { answer: { request, response, speech }, next };
  }

  async function endBySilence(requestId: string): Promise<Exchange | undefined> {
    if (!session || awaited !== requestId) return undefined;
    const current = session;
    session = undefined;
    return (await ask(current, { type: 'SessionEndedRequest', reason: 'EXCEEDED_MAX_REPROMPTS' })).answer;
  }

  /** One at a time; the next waits for the answer to the one before. */
  function inTurn<Result>(exchanged: () => Promise<Result>): Promise<Result> {
    const result = previous.then(exchanged);
    previous = result.catch(() => {});
    return result;
  }

  function requestFor(heard: Heard): AlexaRequest {
    if (heard.kind === 'launch') return { type: 'LaunchRequest' };
    if (heard.kind === 'exit') return { type: 'SessionEndedRequest', reason: 'USER_INITIATED' };
    return { type: 'IntentRequest', intent: resolveUtterance(model, skillId, heard.words) };
  }

  return {
    /** Says something to the Echo. @param personId of a voice that Alexa knows */
    utter: (utterance: string, personId?: string): Promise<Exchange> =>
      inTurn(() => exchange(utterance, personId)),
    /**
     * Nobody answered, not even to the reprompt: ends the session. Does nothing if something was said since this request,
     * or if no session is open.
     */
    fallSilent: (requestId: string): Promise<Exchange | undefined> => inTurn(() => endBySilence(requestId)),
    isListening: (): boolean => session !== undefined,
    /** Forgets the conversation, as a change of account does. */
    endSession(): void {
      session = undefined;
    },
  };
}

export type EchoDevice = ReturnType<typeof createEchoDevice>;

/** What Alexa does with an answer: what she says, and the session that stays open if one does. */
function react(session: Session, { status, body }: SkillResponse): { speech: string; next?: Session } {
  const { response, sessionAttributes = {} } = (status === 200 && (body as SkillAnswer)) || {};
  if (!response) return { speech: problem };
  try {
    const speech = spokenText(response.outputSpeech);
    if (response.shouldEndSession !== false) return { speech };
    return { speech, next: { ...session, isNew: false, attributes: sessionAttributes } };
  } catch {
    return { speech: problem };
  }
}
