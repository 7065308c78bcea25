import type { RefusalCode } from '../../step-up/refusal';

type Code = RefusalCode | 'unreachable';

const notHere = 'That did not work. Try again in a moment.';

/** Of every code, so that a new one asks for its sentence here too. */
const words: Readonly<Record<Code, string>> = {
  unreachable: 'POD cannot be reached. Check your connection.',
  store_unavailable: 'POD cannot reach its order book right now. Try again in a moment.',
  upstream_unavailable: 'The sign-in service does not answer right now. Try again in a moment.',
  invalid_token: 'Your session has ended. Sign in again.',
  account_blocked: 'Your account is blocked. Please ask the pizzeria why.',
  forbidden: 'You may not see or do that. Sign in again if you have just become staff.',
  invalid_request: 'That cannot be done, or this link leads nowhere: it may be an old one.',
  not_found: 'This order is no longer there.',
  order_already_confirmed:
    'This order is confirmed already, and can no longer be cancelled: it is done, or was confirmed too long ago.',
  order_changed: 'Something is wrong with this order: place a new one.',
  order_cancelled: 'This order is already cancelled.',
  order_expired: 'This order has already expired.',
  order_refused: 'This order has already been refused.',
  request_in_progress: 'Something else is being done in this customer’s name. Try again in a few seconds.',
  upstream_misconfigured: 'POD is not set up right. Whoever runs it finds in the log what is missing.',
  store_full: 'POD has no room for more orders. Whoever runs it has to make some.',
  nothing_pending: 'No order waits for a code any more.',
  not_a_code: 'That is not a whole code. Look at the newest message again.',
  code_not_sent: 'No code was sent for this order. Ask for another one.',
  wrong_code: 'That is not the right code. Look at the newest message again.',
  code_expired: 'This code has run out.',
  code_unchecked: 'The code could not be checked, and may be used up. Ask for another one.',
  ordering_locked: 'Ordering is locked. Your profile says how to unlock it.',
  too_many_codes: 'You were sent as many codes as there may be within an hour. Use the newest one.',
  too_many_codes_in_all: 'No more codes are sent at the moment, to anybody. Use the newest one.',
  no_contact: 'Your account has neither a phone number nor an e-mail address to send a code to.',
  contact_taken: 'Your phone number or e-mail address belongs to another account. Ask the pizzeria.',
  contact_unusable: 'Your phone number cannot be used as it is written. Ask the pizzeria to correct it.',
  contact_unreachable: 'No codes reach your phone number. Ask the pizzeria to correct it.',
  // What only conversations and programs are answered.
  confirmation_needed: notHere,
  confirmation_too_late: notHere,
  nothing_to_affirm: notHere,
  nothing_to_change: notHere,
  too_many_orders: notHere,
  idempotency_key_reused: notHere,
  insufficient_user_authentication: 'Your sign-in is too old for this. Sign in again first.',
};

/** A problem's code as a sentence that says what to do. */
export function sayProblem(code: string): string {
  return Object.hasOwn(words, code) ? words[code as Code] : notHere;
}
