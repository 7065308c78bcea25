import type { Action } from '../step-up/action';
import { type CodeLength, codeInWords } from '../step-up/code';
import type { Refusal, RefusalCode, RefusalDetails } from '../step-up/refusal';
import { ask, type Reply, tell } from './reply';
import {
  anotherCode,
  approvedOnPage,
  detailsAfter,
  endings,
  isApproved,
  later,
  stillWaiting,
  type Vocabulary,
  whatToOrder,
} from './vocabulary';

/** What is said of every refusal. A new one does not compile until it has its sentence here. */
type RefusalSpeech<Terms> = {
  readonly [Code in RefusalCode]: (details: RefusalDetails<Terms>[Code], unlockPage?: string) => Reply;
};

/** For faults of ours: says nothing about the order, because nothing certain is known. */
export const apology = tell(`Sorry, something went wrong on our side. ${later}`);

/** The question after a right code that may have been meant for another order. */
export const shallIConfirm = 'Shall I confirm it?';

/** The question for a code. */
export function whichCode(codeLength: CodeLength): string {
  return `What are the ${codeInWords(codeLength)} of your code?`;
}

/** Says an expected "no"; of a lock also where it is taken off, if that is known. */
export function sayRefusal<Terms, Code extends RefusalCode>(
  refusals: RefusalSpeech<Terms>,
  { code, details }: Refusal<Code, Terms>,
  unlockPage: string | undefined,
): Reply {
  return refusals[code](details, unlockPage);
}

/** Makes a skill's sentences about refusals out of its words. */
export function createRefusalSpeech<Terms>(
  codeLength: CodeLength,
  words: Vocabulary<Terms>,
): RefusalSpeech<Terms> {
  const { skill, describe, withoutCode } = words;
  const askForCode = whichCode(codeLength);
  const gone = (how: string) => (details: { action: Action<Terms> }) =>
    ask(`Your ${words.order(details.action.terms)} ${how}. ${withoutCode}`, whatToOrder);
  return {
    invalid_token: () =>
      tell(
        `To use ${skill}, please link your account. Open the Alexa app: I have put a card there that takes you to the sign-in page.`,
        { type: 'LinkAccount' },
      ),

    nothing_pending: () => ask('You have no order that waits for a code.', whatToOrder),
    not_a_code: ({ action }) => ask(stillWaiting(words, action), `${askForCode} Say each digit.`),
    code_not_sent: () => ask('I could not send you a code for your order.', anotherCode),
    wrong_code: (details) => ask(`That is not the right code. ${triesLeft(details)}`, askForCode),
    code_unchecked: () => ask('I could not check it, and it may be used up.', 'Say: send me another code.'),
    confirmation_needed: ({ action }) =>
      ask(
        `There was another order. This code is for ${describe(action.terms)}.${detailsAfter(words, action.terms)}`,
        shallIConfirm,
      ),
    confirmation_too_late: () => ask('That took too long, and your code is used up.', anotherCode),
    nothing_to_change: ({ action }) =>
      ask(`That changes nothing. ${stillWaiting(words, action)}`, askForCode),
    nothing_to_affirm: () => ask('There is nothing that I have asked you about.', whatToOrder),
    code_expired: gone(endings.expired),
    order_expired: gone(endings.expired),
    order_cancelled: gone(endings.cancelled),
    order_refused: gone(endings.refused),
    // Without its terms: they are not those that the customer has heard.
    order_changed: () => ask('Something is wrong with your order, so I did not confirm it.', whatToOrder),
    order_already_confirmed: ({ action }) =>
      tell(
        isApproved(action)
          ? approvedOnPage(words, action)
          : `Your ${words.order(action.terms)} is already confirmed.`,
      ),

    ordering_locked: ({ disowned }, unlockPage) =>
      tell(
        `${whyLocked(disowned)}, so ordering is locked and nothing was ordered. To unlock it, sign in to the ${skill} web page and open your profile.${unlockPage ? ' Its address is on a card in the Alexa app.' : ''}`,
        {
          type: 'Simple',
          title: 'Ordering is locked',
          content: `${whyLocked(disowned)}. To unlock ordering, sign in to the ${skill} web page and open your profile${unlockPage ? `: ${unlockPage}` : '.'}`,
        },
      ),
    too_many_orders: ({ retryAfterSeconds }) =>
      tell(
        `You have ordered as often as I may let you within an hour. Please try again ${inMinutes(retryAfterSeconds)}.`,
      ),
    too_many_codes_in_all: ({ retryAfterSeconds }) =>
      tell(
        `Sorry, I may send no more codes at the moment. Please try again ${inMinutes(retryAfterSeconds)}.`,
      ),
    too_many_codes: ({ retryAfterSeconds }) =>
      tell(
        `I have sent you as many codes as I may within an hour. Please try again ${inMinutes(retryAfterSeconds)}.`,
      ),
    no_contact: () =>
      tell(
        'I have neither a phone number nor an e-mail address of yours to send a code to, so nothing was ordered. Please add one to your account first.',
      ),
    contact_taken: () =>
      tell(
        'The phone number or e-mail address of your account belongs to another account, so nothing was ordered. Please correct it in your account.',
      ),
    contact_unusable: () =>
      tell(
        'I cannot use the phone number of your account as it is written, so nothing was ordered. Please correct it in your account.',
      ),
    contact_unreachable: () =>
      tell('This number cannot receive codes, so nothing was ordered. Please correct it in your account.'),
    account_blocked: () => tell('Your account is blocked, so nothing was ordered. Please ask us why.'),

    request_in_progress: () =>
      tell('I am still working on what you asked before. Please ask again in a moment.'),
    upstream_unavailable: () =>
      tell(
        `Sorry, I cannot reach the service that sends and checks our codes, so nothing was ordered. ${later}`,
      ),
    upstream_misconfigured: () =>
      tell(
        'Sorry, our code service is not set up correctly, so nothing was ordered, and no try was used up. We have to put that right first.',
      ),
    store_unavailable: () => tell(`Sorry, I cannot get at our order book right now. ${later}`),
    store_full: () => tell(`Sorry, we cannot take any more orders right now. ${later}`),

    // Not reached by voice: nobody names an order id, a page or an idempotency key here, or approves anything.
    invalid_request: () => apology,
    forbidden: () => apology,
    insufficient_user_authentication: () => apology,
    not_found: () => apology,
    idempotency_key_reused: () => apology,
  };
}

function whyLocked(disowned: true | undefined): string {
  return disowned ? 'You said that an order was not yours' : 'There were too many wrong codes';
}

function triesLeft({ attemptsLeft, lastOne }: RefusalDetails<unknown>['wrong_code']): string {
  if (lastOne === 'refuses')
    return attemptsLeft === 1 ? 'You have one try left.' : `You have ${attemptsLeft} tries left.`;
  if (attemptsLeft === 1) return 'One more wrong code locks ordering.';
  return `You have ${attemptsLeft} tries left before ordering is locked.`;
}

function inMinutes(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`;
}
