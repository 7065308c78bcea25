import { Refusal } from '../errors';
import { parseDraft } from './draft';
import { accessTokenOf, type Envelope, type IntentRequest, type LaunchRequest } from './envelope';
import { type ConversationServices, type Intent, intents, launch, type VoiceTurn } from './intents';
import type { Reply } from './reply';
import { type AlexaResponse, checkResponse, emptyResponse, escapeSsml } from './response';
import { apology, refusals, tookTooLong } from './speech';

// While alexa-sdk v1 loads, it adds a listener for 'uncaughtException' to the process, which prints the error to the
// console and throws it again: the process ends with code 7, and no other listener hears of it. How a process ends is
// its runtime's affair, so the listener is taken away again. Unlike a plain import, `import … = require` keeps its place.
const listenersBefore = new Set(process.listeners('uncaughtException'));
import Alexa = require('alexa-sdk');

for (const listener of process.listeners('uncaughtException')) {
  if (!listenersBefore.has(listener)) process.off('uncaughtException', listener);
}

/** Answers a verified envelope. Does not reject: what goes wrong in a turn is logged and apologised for. */
export type Skill = (envelope: Envelope, limits: TurnLimits) => Promise<AlexaResponse>;

export interface TurnLimits {
  /** Ends the calls to Auth0, in time for the turn to settle what it began. */
  calls: AbortSignal;
  /** Ends the wait for the turn: Alexa hangs up after 8 s, and an apology is better than silence. */
  answer: AbortSignal;
}

type SpokenRequest = LaunchRequest | IntentRequest;

/** The skill on alexa-sdk v1. This file alone knows that SDK, and fences what it does to a server (see the tests). */
export function createSkill(services: ConversationServices): Skill {
  return async (envelope, limits) => {
    const { request } = envelope;
    if (!isSpoken(request)) {
      logUnspoken(services, envelope);
      return emptyResponse;
    }
    const turn = voiceTurn(envelope, request, limits.calls);
    const answer = (reply: (intent: Intent) => Promise<Reply>) =>
      throughSdk(request, reply).then(checkResponse);
    try {
      return await answer((intent) =>
        Promise.race([converse(services, turn, intent), giveUp(limits.answer)]),
      );
    } catch (error) {
      services.log.error({ err: error, requestId: turn.requestId }, 'a turn failed unexpectedly');
      return answer(async () => apology);
    }
  };
}

function isSpoken(request: Envelope['request']): request is SpokenRequest {
  return request.type === 'LaunchRequest' || request.type === 'IntentRequest';
}

function voiceTurn(envelope: Envelope, request: SpokenRequest, signal: AbortSignal): VoiceTurn {
  return {
    requestId: request.requestId,
    accessToken: accessTokenOf(envelope),
    slots: (request.type === 'IntentRequest' && request.intent.slots) || {},
    draft: parseDraft(envelope.session?.attributes?.draft),
    signal,
  };
}

/** An expected "no" is an answer like any other. A question keeps what was understood of a pizza so far. */
async function converse(services: ConversationServices, turn: VoiceTurn, intent: Intent): Promise<Reply> {
  const reply = await intent(services, turn).catch((error) => {
    if (error instanceof Refusal) return refusals[error.code](error.details);
    throw error;
  });
  return reply.question ? { draft: turn.draft, ...reply } : reply;
}

function giveUp(signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(tookTooLong), { once: true });
  });
}

/**
 * Lets the SDK choose the handler and build the response. It sees an event made here: of a real one it would run
 * handlers of its own for an intent named `:tell`, take its state from the caller's attributes and send those back.
 */
function throughSdk(
  request: SpokenRequest,
  reply: (intent: Intent) => Promise<Reply>,
): Promise<AlexaResponse> {
  return new Promise((resolve, reject) => {
    const event = eventFor(request);
    const skill = Alexa.handler(event, {} as Alexa.Context, (error, answer) => {
      if (error) reject(error);
      else resolve(withoutUserAgent(answer));
    });
    // verify-request.ts has checked the application; unset, the SDK would complain on the console at every turn.
    skill.appId = event.session.application.applicationId;
    skill.registerHandlers(handlersFor(reply, reject));
    skill.execute();
  });
}

function eventFor({ type, requestId, timestamp, ...rest }: SpokenRequest): Alexa.RequestBody<Alexa.Request> {
  const name = 'intent' in rest && knownIntent(rest.intent.name);
  return {
    version: '1.0',
    session: {
      new: false,
      sessionId: '',
      attributes: {},
      application: { applicationId: 'verified' },
      user: { userId: '', permissions: { consentToken: '' } },
    },
    request: { type, requestId, timestamp, ...(name && { intent: { name } }) },
  } as Alexa.RequestBody<Alexa.Request>;
}

/** A name that is not in the skill's model was not understood. */
function knownIntent(name: string): string {
  return Object.hasOwn(intents, name) ? name : 'AMAZON.FallbackIntent';
}

/** The SDK waits for no promise: a rejected one would be nobody's, and end the process. */
function handlersFor(
  reply: (intent: Intent) => Promise<Reply>,
  fail: (error: unknown) => void,
): Alexa.Handlers<Alexa.Request> {
  const handlers = Object.entries({ LaunchRequest: launch, ...intents }).map(([name, intent]) => [
    name,
    function (this: Alexa.Handler<Alexa.Request>) {
      reply(intent)
        .then((said) => respond(this, said))
        .catch(fail);
    },
  ]);
  return Object.fromEntries(handlers);
}

function respond(handler: Alexa.Handler<Alexa.Request>, reply: Reply): void {
  const { question, card, draft } = reply;
  const speech = escapeSsml(reply.speech);
  if (draft) handler.attributes.draft = draft;
  if (question) handler.emit(':ask', speech, escapeSsml(question));
  else if (card?.type === 'LinkAccount') handler.emit(':tellWithLinkAccountCard', speech);
  else if (card) handler.emit(':tellWithCard', speech, card.title, card.content);
  else handler.emit(':tell', speech);
}

/** The SDK adds the versions of itself and of Node, which are nobody's business. */
function withoutUserAgent({
  userAgent: _,
  ...answer
}: AlexaResponse & { userAgent?: string }): AlexaResponse {
  return answer;
}

/** Sessions that ended, faults that Alexa saw in our answers, events: worth a line in the log, and never an answer. */
function logUnspoken({ log }: ConversationServices, { request }: Envelope): void {
  const { type, requestId } = request;
  const reason = 'reason' in request ? request.reason : undefined;
  const error = 'error' in request ? request.error?.type : undefined;
  const cause = 'cause' in request ? request.cause?.requestId : undefined;
  const level = error ? 'warn' : 'info';
  log[level]({ type, requestId, reason, error, cause }, 'Alexa sent a request that wants no answer');
}
