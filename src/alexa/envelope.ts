import { createHash } from 'node:crypto';
import {
  boolean,
  type Fields,
  isFields,
  list,
  number,
  object,
  optional,
  record,
  type Shape,
  text,
} from '../step-up/json-shape';
import { RequestNotVerified } from './verify-error';

/**
 * A request as Alexa sends it, as far as POD reads it; fields POD does not know are kept as they came.
 * Of `context` and `session` at least one is there: events have no session, requests of 2016 had no context.
 * Null and absent mean the same in an envelope, so a parsed one holds no null fields.
 */
export interface Envelope {
  version?: string;
  context?: Context;
  session?: Session;
  request: AlexaRequest;
}

interface Context {
  System: { application: Application; user: User; device?: { deviceId?: string } };
}

interface Session {
  new?: boolean;
  sessionId?: string;
  application: Application;
  attributes?: Record<string, unknown>;
  user: User;
}

interface Application {
  applicationId?: string;
}

interface User {
  userId?: string;
  /** Absent while the account is not linked. Read it with `accessTokenOf`. */
  accessToken?: string;
}

export type AlexaRequest = LaunchRequest | IntentRequest | SessionEndedRequest | OtherRequest;

interface RequestBase {
  /** The same for every delivery of one request. */
  requestId: string;
  /** ISO 8601; milliseconds since the epoch, as a number or its digits, have been seen too. */
  timestamp: string | number;
  /** BCP 47, for example `en-US`. */
  locale?: string;
}

export interface LaunchRequest extends RequestBase {
  type: 'LaunchRequest';
}

export interface IntentRequest extends RequestBase {
  type: 'IntentRequest';
  intent: Intent;
}

interface SessionEndedRequest extends RequestBase {
  type: 'SessionEndedRequest';
  reason?: string;
  error?: RequestError;
}

/** Events and whatever Alexa invents next. The dot keeps TypeScript able to tell it from the three above. */
interface OtherRequest extends RequestBase {
  type: 'CanFulfillIntentRequest' | 'System.ExceptionEncountered' | `${string}.${string}`;
  error?: RequestError;
  /** Of `System.ExceptionEncountered`: the request whose answer Alexa could not use. */
  cause?: { requestId?: string };
}

interface RequestError {
  type?: string;
  message?: string;
}

interface Intent {
  name: string;
  confirmationStatus?: string;
  slots?: Record<string, Slot>;
}

/** `value` and `resolutions` are missing when several values were said: prefer `slotValue`. */
export interface Slot {
  name: string;
  confirmationStatus?: string;
  value?: string;
  resolutions?: Resolutions;
  slotValue?: SlotValue;
}

type SlotValue = SimpleSlotValue | { type: 'List'; values: SimpleSlotValue[] };

export interface SimpleSlotValue {
  type: 'Simple';
  value?: string;
  resolutions?: Resolutions;
}

interface Resolutions {
  resolutionsPerAuthority?: Resolution[];
}

interface Resolution {
  /** `ER_SUCCESS_MATCH` comes with values, nothing else does. */
  status: { code: string };
  values?: { value: { name: string; id?: string } }[];
}

/** The linked customer's access token. Alexa has always sent it in the session, and since 2017 in the context too. */
export function accessTokenOf({ context, session }: Envelope): string | undefined {
  return context?.System.user.accessToken || session?.user.accessToken || undefined;
}

/**
 * What tells one conversation from every other: a session on a device, which only Amazon's signature makes believable.
 * Undefined when either is not named. A digest, because it is stored.
 */
export function conversationOf({ context, session }: Envelope): string | undefined {
  const { deviceId } = context?.System.device ?? {};
  if (!session?.sessionId || !deviceId) return undefined;
  const named = JSON.stringify([session.sessionId, deviceId]);
  return createHash('sha256').update(named).digest('base64url');
}

/** Every application id the envelope names: of the context, of the session, of both, or none. */
export function applicationIdsOf({ context, session }: Envelope): string[] {
  const named = [context?.System.application.applicationId, session?.application.applicationId];
  return named.filter((applicationId) => applicationId !== undefined);
}

/**
 * Takes the parsed JSON of a request and gives a copy that POD and alexa-sdk v1 can read without surprises.
 * Refused is what makes that SDK throw out of `execute()` (no request, type, intent, application or user), run its internals
 * (an intent named `:tell`, a `STATE` attribute), or could reach a prototype. Unknown fields are welcome.
 * @throws RequestNotVerified `malformed`
 */
export function parseEnvelope(body: unknown): Envelope {
  const copy = plainCopy(body);
  check(copy, isEnvelope, 'envelope');
  const envelope = copy as Envelope;
  if (!envelope.context && !envelope.session) throw malformed('neither context nor session');
  if (envelope.session?.attributes && 'STATE' in envelope.session.attributes) throw malformed('STATE');
  if (envelope.request.type === 'IntentRequest') check(envelope.request.intent, isIntent, 'request.intent');
  return envelope;
}

/** No genuine envelope comes near these; they bound what a forged one can cost or hide. */
const maxDepth = 32;
const maxTextLength = 16_384;

const anyText = text(maxTextLength);
const spoken = text(1_000);
/** 255 is Amazon's own limit. */
const id = text(255, /./);
const timestamp: Shape = (value) => (typeof value === 'number' ? number : id)(value);
/** Of a type or an intent: `AlexaSkillEvent.SkillEnabled`, `AMAZON.HelpIntent`. */
const name = text(255, /^\w+(\.\w+)*$/);

const resolution = object({
  status: object({ code: id }),
  values: optional(list(object({ value: object({ name: spoken, id: optional(spoken) }) }))),
});
const resolutions = optional(object({ resolutionsPerAuthority: optional(list(resolution)) }));
const simple = object({ type: text(6, /^Simple$/), value: optional(spoken), resolutions });
const several = object({ type: text(4, /^List$/), values: list(simple) });
const slotValue: Shape = (value) => (isFields(value) && value.type === 'List' ? several : simple)(value);
const confirmationStatus = optional(id);
const slot = object({
  name: id,
  value: optional(spoken),
  resolutions,
  slotValue: optional(slotValue),
  confirmationStatus,
});
const isIntent = object({ name, slots: optional(record(slot)), confirmationStatus });

const application = object({ applicationId: optional(id) });
const device = optional(object({ deviceId: optional(anyText) }));
const user = object({ userId: optional(anyText), accessToken: optional(anyText) });
const error = optional(object({ type: optional(anyText), message: optional(anyText) }));
const isEnvelope = object({
  version: optional(id),
  context: optional(object({ System: object({ application, user, device }) })),
  session: optional(
    object({
      new: optional(boolean),
      sessionId: optional(id),
      application,
      attributes: optional(object({})),
      user,
    }),
  ),
  request: object({
    type: name,
    requestId: id,
    timestamp,
    locale: optional(id),
    reason: optional(id),
    error,
    cause: optional(object({ requestId: optional(id) })),
  }),
});

function check(value: unknown, shape: Shape, name: string): void {
  const fault = shape(value);
  if (fault !== undefined) throw malformed(`${name}${fault}`);
}

function plainCopy(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) throw malformed('nested too deeply');
  if (typeof value === 'string' && value.length > maxTextLength) throw malformed('a text is too long');
  if (Array.isArray(value)) return value.map((item) => plainCopy(item, depth + 1));
  if (!isFields(value)) return value;

  const copy: Fields = {};
  for (const [key, field] of Object.entries(value)) {
    if (['__proto__', 'constructor', 'prototype'].includes(key)) throw malformed('a forbidden key');
    if (field !== null) copy[key] = plainCopy(field, depth + 1);
  }
  return copy;
}

function malformed(where: string): RequestNotVerified {
  return new RequestNotVerified('malformed', `The request is not an Alexa envelope POD can read: ${where}.`);
}
