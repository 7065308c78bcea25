import type { Log } from '../step-up/outside';
import type { Conversation, ConversationServices, Exchange, Intent } from './conversation';
import { createConverse } from './converse';
import {
  accessTokenOf,
  conversationOf,
  type Envelope,
  type IntentRequest,
  type LaunchRequest,
} from './envelope';
import type { Reply } from './reply';
import { type AlexaResponse, emptyResponse, escapeSsml, formatResponse } from './response';
import { isDenied } from './slots';

// While alexa-sdk v1 loads, it adds a listener for 'uncaughtException' to the process, which prints the error to the
// console and throws it again: the process ends with code 7, and no other listener hears of it. How a process ends is
// its runtime's affair, so the listener is taken away again. Unlike a plain import, `import … = require` keeps its place.
const listenersBefore = new Set(process.listeners('uncaughtException'));
import Alexa = require('alexa-sdk');

for (const listener of process.listeners('uncaughtException')) {
  if (!listenersBefore.has(listener)) process.off('uncaughtException', listener);
}

/** Answers a verified envelope, in JSON. Does not reject: what goes wrong in an exchange is logged and apologised for. */
export type Skill = (envelope: Envelope, around: Surroundings) => Promise<string>;

interface Surroundings {
  /** Ends the calls to Auth0, in time for the turn to settle what it began. */
  signal: AbortSignal;
  /** The address of the page on which a locked customer unlocks ordering, where it is known. */
  unlockPage?: string;
}

type SpokenRequest = LaunchRequest | IntentRequest;
type Answering<Terms> = (intent: Intent<Terms>) => Promise<Reply>;

/** The skill on alexa-sdk v1. This file alone knows that SDK, and fences what it does to a server (see the tests). */
export function createSkill<Terms>(
  services: ConversationServices<Terms>,
  conversation: Conversation<Terms>,
): Skill {
  const { apology, denied, tookTooLong } = conversation.speech;
  const converse = createConverse(services, conversation.speech);

  return async (envelope, { signal, unlockPage }) => {
    const { request } = envelope;
    if (!isSpoken(request)) {
      logUnspoken(services.log, envelope);
      return emptyResponse;
    }
    const exchange = exchangeOf(envelope, request, signal);
    const logFailure = (error: unknown) =>
      services.log.error({ err: error, requestId: exchange.requestId }, 'an exchange failed unexpectedly');
    const isOff = request.type === 'IntentRequest' && isDenied(request.intent);
    const reply: Answering<Terms> = (intent) =>
      converse(isOff ? async () => denied : intent, exchange, unlockPage);
    const answer = (reply: Answering<Terms>) => throughSdk(request, conversation, reply).then(formatResponse);
    try {
      return await answer((intent) => {
        const replying = reply(intent);
        const wait = waitAfter(signal);
        // What goes wrong after the wait has ended would be nobody's.
        replying.catch((error) => wait.isOver() && logFailure(error));
        return Promise.race([replying, wait.over.then(() => tookTooLong)]);
      });
    } catch (error) {
      logFailure(error);
      return answer(async () => apology);
    }
  };
}

function isSpoken(request: Envelope['request']): request is SpokenRequest {
  return request.type === 'LaunchRequest' || request.type === 'IntentRequest';
}

function exchangeOf(envelope: Envelope, request: SpokenRequest, signal: AbortSignal): Exchange {
  return {
    requestId: request.requestId,
    accessToken: accessTokenOf(envelope),
    slots: (request.type === 'IntentRequest' && request.intent.slots) || {},
    conversation: conversationOf(envelope),
    isFirst: envelope.session?.new !== false,
    draft: envelope.session?.attributes?.draft,
    awaits: envelope.session?.attributes?.awaits,
    offer: envelope.session?.attributes?.offer,
    signal,
  };
}

/** How long a turn may take to settle after its calls have been ended: Alexa hangs up 8 s after it has asked. */
const settleLimitMs = 700;

/** The wait for a turn whose calls `signal` has ended: an apology is better than silence. */
function waitAfter(signal: AbortSignal) {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    signal.addEventListener('abort', () => setTimeout(end, settleLimitMs), { once: true });
  });
  return { over, isOver: () => isOver };
}

/**
 * Lets the SDK choose the handler and build the response. It sees an event made here: of a real one it would run
 * handlers of its own for an intent named `:tell`, take its state from the caller's attributes and send those back.
 */
function throughSdk<Terms>(
  request: SpokenRequest,
  conversation: Conversation<Terms>,
  reply: Answering<Terms>,
): Promise<AlexaResponse> {
  return new Promise((resolve, reject) => {
    const name = handlerOf(request, conversation.intents);
    const event = eventFor(request, name);
    const skill = Alexa.handler(event, {} as Alexa.Context, (error, answer) => {
      if (error) reject(error);
      else resolve(withoutUserAgent(answer));
    });
    // verify-request.ts has checked the application; unset, the SDK would complain on the console at every request.
    skill.appId = event.session.application.applicationId;
    // The one that the event names, and not all of them: the SDK makes a table of its own out of them at every request.
    skill.registerHandlers({ [name]: handlerFor(name, conversation, reply, reject) });
    skill.execute();
  });
}

/** The handler's name by the SDK's rules. An intent that is not in the skill's model was not understood. */
function handlerOf(request: SpokenRequest, intents: object): string {
  if (request.type === 'LaunchRequest') return request.type;
  const { name } = request.intent;
  return Object.hasOwn(intents, name) ? name : 'AMAZON.FallbackIntent';
}

function eventFor(
  { type, requestId, timestamp }: SpokenRequest,
  name: string,
): Alexa.RequestBody<Alexa.Request> {
  return {
    version: '1.0',
    session: {
      new: false,
      sessionId: '',
      attributes: {},
      application: { applicationId: 'verified' },
      user: { userId: '', permissions: { consentToken: '' } },
    },
    request: { type, requestId, timestamp, ...(type === 'IntentRequest' && { intent: { name } }) },
  } as Alexa.RequestBody<Alexa.Request>;
}

/** The SDK waits for no promise: a rejected one would be nobody's, and end the process. */
function handlerFor<Terms>(
  name: string,
  { launch, intents }: Conversation<Terms>,
  reply: Answering<Terms>,
  fail: (error: unknown) => void,
) {
  const intent = intents[name] ?? launch;
  return function (this: Alexa.Handler<Alexa.Request>) {
    reply(intent)
      .then((said) => respond(this, said))
      .catch(fail);
  };
}

function respond(handler: Alexa.Handler<Alexa.Request>, reply: Reply): void {
  const { speech, question, reprompt = question, card, draft, awaits, offer } = reply;
  const how = question === undefined ? ':tell' : ':ask';
  const said = [speech, ...(reprompt === undefined ? [] : [reprompt])].map(escapeSsml);
  if (draft !== undefined) handler.attributes.draft = draft;
  if (awaits !== undefined) handler.attributes.awaits = awaits;
  if (offer !== undefined) handler.attributes.offer = offer;
  if (!card) handler.emit(how, ...said);
  else if (card.type === 'LinkAccount') handler.emit(`${how}WithLinkAccountCard`, ...said);
  else handler.emit(`${how}WithCard`, ...said, card.title, card.content);
}

/** The SDK adds the versions of itself and of Node, which are nobody's business. */
function withoutUserAgent({
  userAgent: _,
  ...answer
}: AlexaResponse & { userAgent?: string }): AlexaResponse {
  return answer;
}

/** Sessions that ended, faults that Alexa saw in our answers, events: worth a line in the log, and never an answer. */
function logUnspoken(log: Log, { request }: Envelope): void {
  const { type, requestId } = request;
  const reason = 'reason' in request ? request.reason : undefined;
  const error = 'error' in request ? request.error?.type : undefined;
  const cause = 'cause' in request ? request.cause?.requestId : undefined;
  const level = error ? 'warn' : 'info';
  log[level]({ type, requestId, reason, error, cause }, 'Alexa sent a request that wants no answer');
}
