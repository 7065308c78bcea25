import type { Action } from './action';

/**
 * Every expected "no" of a step-up, with what it tells the person who hears it. Safe to show, to speak and to store as
 * JSON. A new code does not compile until it has its traits (here) and a spoken sentence (alexa/step-up-speech.ts).
 * The codes are what clients branch on, so they never change their word: an order is an action that was ordered.
 */
export interface RefusalDetails<Terms> {
  invalid_request: NoDetails;
  invalid_token: NoDetails;
  forbidden: NoDetails;
  not_found: NoDetails;
  nothing_pending: NoDetails;
  not_a_code: AboutAction<Terms>;
  code_not_sent: AboutAction<Terms>;
  /** Auth0's answer was lost: the code may be used up. */
  code_unchecked: AboutAction<Terms>;
  /** The code was right, and another action's code may have been meant: is this one meant? */
  confirmation_needed: AboutAction<Terms>;
  confirmation_too_late: AboutAction<Terms>;
  nothing_to_affirm: NoDetails;
  /** A change that leaves the terms as they are. */
  nothing_to_change: AboutAction<Terms>;
  wrong_code: AboutAction<Terms> & AttemptsLeft & NearerLimit;
  code_expired: AboutAction<Terms>;
  order_already_confirmed: AboutAction<Terms>;
  /** Its terms in the store are not those that were placed: a fault, or somebody's doing. */
  order_changed: AboutAction<Terms>;
  order_cancelled: AboutAction<Terms>;
  order_expired: AboutAction<Terms>;
  order_refused: AboutAction<Terms> & Partial<AttemptsLeft>;
  /** With the action whose last wrong code locked the customer, when it is told of that. */
  ordering_locked: Partial<AboutAction<Terms> & AttemptsLeft & Disowned>;
  /** The sign-in is too old for what was asked (RFC 9470 §3). */
  insufficient_user_authentication: Partial<AboutAction<Terms>>;
  too_many_orders: RetryAfter;
  too_many_codes: RetryAfter;
  too_many_codes_in_all: RetryAfter;
  no_contact: NoDetails;
  contact_taken: NoDetails;
  /** A phone number is there, and cannot be used as it is written. */
  contact_unusable: NoDetails;
  /** No code reaches this number: it takes none, or is of a country that none is sent to. */
  contact_unreachable: NoDetails;
  account_blocked: NoDetails;
  request_in_progress: RetryAfter;
  idempotency_key_reused: NoDetails;
  upstream_unavailable: Partial<RetryAfter>;
  /** Auth0 lacks something that only the operator can give: trying again does not help. */
  upstream_misconfigured: NoDetails;
  store_unavailable: Partial<RetryAfter>;
  store_full: NoDetails;
}

export type RefusalCode = keyof RefusalDetails<unknown>;

type NoDetails = Readonly<Record<never, never>>;

interface AboutAction<Terms> {
  /** The action the refusal is about, in the state it is really in. */
  action: Action<Terms>;
}

interface AttemptsLeft {
  /** How many more codes may be tried, by whichever limit is the nearer. */
  attemptsLeft: number;
}

interface Disowned {
  /** It is locked because the customer said that an action was not theirs. */
  disowned: true;
}

interface NearerLimit {
  /** What the last of the attempts left would do if it were wrong. */
  lastOne: 'refuses' | 'locks';
}

interface RetryAfter {
  /** Seconds after which the same request may succeed. */
  retryAfterSeconds: number;
}

interface RefusalTraits {
  /** What doors that speak HTTP answer (RFC 9110, RFC 4918 §11.3 and §11.5, RFC 6585 §4). */
  status: number;
  /** Whether a request repeated with the same id is refused again; if not, it is asked anew and may succeed. */
  remembered: boolean;
}

const answer = (status: number): RefusalTraits => ({ status, remembered: true });
const passing = (status: number): RefusalTraits => ({ status, remembered: false });

export const refusalTraits: Readonly<Record<RefusalCode, RefusalTraits>> = {
  invalid_request: answer(400),
  invalid_token: answer(401),
  forbidden: answer(403),
  not_found: answer(404),
  nothing_pending: answer(409),
  not_a_code: answer(422),
  code_not_sent: answer(409),
  code_unchecked: answer(503),
  confirmation_needed: answer(409),
  confirmation_too_late: answer(409),
  nothing_to_affirm: answer(409),
  nothing_to_change: answer(409),
  wrong_code: answer(403),
  code_expired: answer(409),
  order_already_confirmed: answer(409),
  order_changed: answer(409),
  order_cancelled: answer(409),
  order_expired: answer(409),
  order_refused: answer(409),
  ordering_locked: answer(423),
  insufficient_user_authentication: passing(401),
  too_many_orders: answer(429),
  too_many_codes: answer(429),
  too_many_codes_in_all: passing(429),
  no_contact: answer(409),
  contact_taken: answer(409),
  contact_unusable: answer(409),
  contact_unreachable: answer(409),
  account_blocked: answer(403),
  request_in_progress: passing(409),
  idempotency_key_reused: answer(422),
  upstream_unavailable: passing(503),
  upstream_misconfigured: passing(503),
  store_unavailable: passing(503),
  store_full: passing(507),
};

/** Details may be left out where none is needed. */
type Told<Details> = NoDetails extends Details
  ? [details?: Details, options?: ErrorOptions]
  : [details: Details, options?: ErrorOptions];

/** An expected "no". Compare `code`, never `message`: the message is for developers and API clients. */
export class Refusal<Code extends RefusalCode = RefusalCode, Terms = unknown> extends Error {
  override readonly name = 'Refusal';
  readonly code: Code;
  readonly details: RefusalDetails<Terms>[Code];

  constructor(code: Code, message: string, ...[details, options]: Told<RefusalDetails<Terms>[Code]>) {
    super(message, options);
    this.code = code;
    this.details = details ?? ({} as RefusalDetails<Terms>[Code]);
  }
}
