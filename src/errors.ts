import type { Order } from './orders/order';

/**
 * Every expected "no" of the product. A new code does not compile until it has an HTTP status (here)
 * and a spoken sentence (alexa/speech.ts), because both tables are typed `Record<RefusalCode, …>`.
 */
export type RefusalCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'forbidden'
  | 'unknown_size'
  | 'unknown_topping'
  | 'not_found'
  | 'nothing_pending'
  | 'not_a_code'
  | 'code_not_sent'
  | 'wrong_code'
  | 'code_expired'
  | 'order_already_confirmed'
  | 'order_cancelled'
  | 'order_expired'
  | 'order_refused'
  | 'voice_ordering_locked'
  | 'too_many_codes'
  | 'no_contact'
  | 'contact_taken'
  | 'request_in_progress'
  | 'idempotency_key_reused'
  | 'upstream_unavailable'
  | 'store_unavailable'
  | 'store_full';

/** The HTTP status of each refusal, as `/api` and `/app` answer it (RFC 9110, RFC 4918 §11.3 and §11.5, RFC 6585 §4). */
export const httpStatus: Record<RefusalCode, number> = {
  invalid_request: 400,
  invalid_token: 401,
  forbidden: 403,
  unknown_size: 422,
  unknown_topping: 422,
  not_found: 404,
  nothing_pending: 409,
  not_a_code: 422,
  code_not_sent: 409,
  wrong_code: 403,
  code_expired: 409,
  order_already_confirmed: 409,
  order_cancelled: 409,
  order_expired: 409,
  order_refused: 409,
  voice_ordering_locked: 423,
  too_many_codes: 429,
  no_contact: 409,
  contact_taken: 409,
  request_in_progress: 409,
  idempotency_key_reused: 422,
  upstream_unavailable: 503,
  store_unavailable: 503,
  store_full: 507,
};

/** What a refusal may carry for the person who is told it. Safe to show, to speak and to store as JSON. */
export interface RefusalDetails {
  /** The order the refusal is about, in the state it is really in. */
  order?: Order;
  /** How many more codes may be tried on this order. */
  attemptsLeft?: number;
  /** Seconds after which the same request may succeed. */
  retryAfterSeconds?: number;
}

/** An expected "no". Compare `code`, never `message`: the message is for developers and API clients. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly details: RefusalDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The settings cannot be used. The message lists every fault at once and never a setting's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`POD cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}
