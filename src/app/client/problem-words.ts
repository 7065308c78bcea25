import type { RefusalCode } from '../../step-up/refusal';

type Code = RefusalCode | 'unreachable';

const notHere = 'That did not work. Try again in a moment.';

/** Of every code, so that a new one asks for its sentence here too. */
const words: Readonly<Record<Code, string>> = {
  unreachable: 'POD cannot be reached. Check your connection; the page keeps trying.',
  store_unavailable: 'POD cannot reach its order book right now. The page keeps trying.',
  upstream_unavailable: 'The sign-in service does not answer right now. The page keeps trying.',
  invalid_token: 'Your session has ended. Sign in again.',
  account_blocked: 'Your account is blocked. Please ask the pizzeria why.',
  forbidden: 'You may not see or do that. Sign in again if you have just become staff.',
  invalid_request: 'This link leads nowhere; it may be an old one.',
  not_found: 'This order is no longer there.',
  order_already_confirmed:
    'This order can no longer be cancelled: it is done, or was confirmed too long ago.',
  order_changed: 'Something is wrong with this order: place a new one.',
  order_cancelled: 'This order is already cancelled.',
  order_expired: 'This order has already expired.',
  order_refused: 'This order has already been refused.',
  request_in_progress: 'The customer is just being served by voice. Try again in a few seconds.',
  upstream_misconfigured: 'POD is not set up right. Whoever runs it finds in the log what is missing.',
  store_full: 'POD has no room for more orders. Whoever runs it has to make some.',
  // The page only reads, cancels and clears: the others are never its answers.
  nothing_pending: notHere,
  not_a_code: notHere,
  code_not_sent: notHere,
  wrong_code: notHere,
  code_expired: notHere,
  ordering_locked: notHere,
  too_many_codes: notHere,
  no_contact: notHere,
  contact_taken: notHere,
  contact_unusable: notHere,
  contact_unreachable: notHere,
  code_unchecked: notHere,
  confirmation_needed: notHere,
  confirmation_too_late: notHere,
  nothing_to_affirm: notHere,
  nothing_to_change: notHere,
  too_many_orders: notHere,
  too_many_codes_in_all: notHere,
  idempotency_key_reused: notHere,
  insufficient_user_authentication: 'Your sign-in is too old for this. Sign in again first.',
};

/** A problem's code as a sentence that says what to do. */
export function sayProblem(code: string): string {
  return Object.hasOwn(words, code) ? words[code as Code] : notHere;
}
