import type { Action, Channel, EndedAction } from '../step-up/action';
import { codeInWords } from '../step-up/code';
import type { Refusal, RefusalCode, RefusalDetails } from '../step-up/refusal';
import { ask, type Reply, tell } from './reply';

// Every sentence about a step-up. None of them may hold a code, a token, a contact, or a word as the customer said it:
// a code that was heard as a topping would come back out of the loudspeaker.
// While the session is open, the customer speaks to the skill; afterwards, to Alexa: the two need different words.

/** The words of one skill in the sentences that every skill says. */
interface Vocabulary<Terms> {
  /** The skill's invocation name, which people say to Alexa: `Pizza on Demand`. */
  skill: string;
  /** What is ordered: `a large pizza`, `opening the left door`. */
  describe(terms: Terms): string;
  /** After "your": `order of a large pizza`, `order to open the left door`. */
  order(terms: Terms): string;
  /** A sentence about what waits for its code: `Pizza on Demand is holding a large pizza for you.` */
  held(terms: Terms): string;
  /** A sentence about what does not happen without a code: `Nothing will be delivered.` */
  withoutCode: string;
  /** After "I can": `order a pizza`. */
  skilledIn: string;
  /** An order in full, as it is said in the session: `get me a large pizza with pepperoni`. */
  example: string;
  /** An order in short, after "Alexa, tell Pizza on Demand to": `get me a pizza`. */
  shortExample: string;
}

/** What is said of every refusal. A new one does not compile until it has its sentence here. */
type RefusalSpeech<Terms> = {
  readonly [Code in RefusalCode]: (details: RefusalDetails<Terms>[Code]) => Reply;
};

export type StepUpSpeech<Terms> = ReturnType<typeof createStepUpSpeech<Terms>>;

const whatToOrder = 'What would you like to order?';
const whichCode = `What are the ${codeInWords} of your code?`;
const later = 'Please try again in a few minutes.';
const endings: Record<EndedAction<unknown>['status'], string> = {
  confirmed: 'is confirmed',
  cancelled: 'was cancelled',
  expired: 'ran out of time before it was authorized',
  refused: 'was refused after too many wrong codes',
};
const byChannel: Record<Channel, string> = { sms: 'by text message', email: 'by e-mail' };

/** For faults of ours: says nothing about the order, because nothing certain is known. */
const apology = tell(`Sorry, something went wrong on our side. ${later}`);

/** Makes a skill's sentences out of its words. */
export function createStepUpSpeech<Terms>(words: Vocabulary<Terms>) {
  const { skill, describe, example } = words;
  const withTheCode = `When you have it, say: Alexa, tell ${skill} to authorize order, and the ${codeInWords}. You have about three minutes.`;
  return {
    welcome: ask(`Welcome to ${skill}.`, `${whatToOrder} You can say: ${example}.`),
    help: ask(
      `You can say: ${example}. I then send you a code of ${codeInWords}, and you say: authorize order, ` +
        `and the ${codeInWords}. You can also say: send me another code, order status, or cancel my order.`,
      'What would you like to do?',
    ),
    fallback: ask(
      `Sorry, I did not get that. I can ${words.skilledIn}, authorize an order, send another code, tell the status of an order, or cancel it.`,
      'Which would you like?',
    ),
    goodbye: tell('Goodbye.'),
    apology,
    /** For an exchange that took too long. It may still succeed, so it must not be called failed. */
    tookTooLong: tell(
      `Sorry, that took too long, and I do not know yet how it ended. To find out, say: Alexa, ask ${skill} where is my order.`,
    ),
    welcomeBack: (action: Action<Terms>) =>
      ask(`Welcome back to ${skill}. ${stillWaiting(words, action)}`, whichCode),
    placed: (action: Action<Terms>) =>
      tell(`${words.held(action.terms)} ${codeSent(action, `a code of ${codeInWords}`)} ${withTheCode}`),
    resent: (action: Action<Terms>) =>
      tell(
        `${codeSent(action, 'another code')} Older codes no longer work. It is for ${describe(action.terms)}. ${withTheCode}`,
      ),
    confirmed: ({ terms }: Action<Terms>) =>
      tell(`Thank you. Your order at ${skill} is confirmed: ${describe(terms)}.`, {
        type: 'Simple',
        title: 'Your order is confirmed',
        content: `${skill}: ${describe(terms)}.`,
      }),
    cancelled: ({ terms }: Action<Terms>) =>
      tell(`I cancelled your ${words.order(terms)}. ${words.withoutCode}`),
    status(action: Action<Terms> | undefined): Reply {
      if (!action) return ask('You have no order yet.', whatToOrder);
      if (action.status === 'pending') return ask(stillWaiting(words, action), whichCode);
      return tell(`Your latest order, ${describe(action.terms)}, ${ended(action)}.`);
    },
    refusals: createRefusalSpeech(words),
  };
}

/** Says an expected "no". */
export function sayRefusal<Terms, Code extends RefusalCode>(
  refusals: RefusalSpeech<Terms>,
  { code, details }: Refusal<Code, Terms>,
): Reply {
  return refusals[code](details);
}

function createRefusalSpeech<Terms>(words: Vocabulary<Terms>): RefusalSpeech<Terms> {
  const { skill, shortExample, withoutCode } = words;
  const gone = (how: string) => (details: { action: Action<Terms> }) =>
    tell(
      `Your ${words.order(details.action.terms)} ${how}. ${withoutCode} To order again, say: Alexa, tell ${skill} to ${shortExample}.`,
    );
  return {
    invalid_token: () =>
      tell(
        `To use ${skill}, please link your account. Open the Alexa app: I have put a card there that takes you to the sign-in page.`,
        { type: 'LinkAccount' },
      ),

    nothing_pending: () => ask('You have no order that waits for a code.', whatToOrder),
    not_a_code: ({ action }) => ask(stillWaiting(words, action), `${whichCode} Say each digit.`),
    code_not_sent: () =>
      ask('I could not send you a code for your order.', 'To get one, say: send me another code.'),
    wrong_code: ({ attemptsLeft }) =>
      ask(`That is not the right code. ${triesLeft(attemptsLeft)}`, whichCode),
    code_expired: gone(endings.expired),
    order_expired: gone(endings.expired),
    order_cancelled: gone(endings.cancelled),
    order_refused: gone(endings.refused),
    order_already_confirmed: ({ action }) => tell(`Your ${words.order(action.terms)} is already confirmed.`),

    ordering_locked: () =>
      tell(
        `There were too many wrong codes, so ordering is locked and nothing was ordered. To unlock it, sign in to the ${skill} web page and open your profile.`,
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
        'The phone number or e-mail address of your account belongs to another account, so I sent no code and nothing was ordered. Please correct it in your account.',
      ),

    request_in_progress: () =>
      tell('I am still working on what you asked before. Please ask again in a moment.'),
    upstream_unavailable: () =>
      tell(
        `Sorry, I cannot reach the service that sends and checks our codes. Nothing was ordered, and no try was used up. ${later}`,
      ),
    store_unavailable: () => tell(`Sorry, I cannot get at our order book right now. ${later}`),
    store_full: () => tell(`Sorry, we cannot take any more orders right now. ${later}`),

    // Not reached by voice: nobody names an order id, a page or an idempotency key here.
    invalid_request: () => apology,
    forbidden: () => apology,
    not_found: () => apology,
    idempotency_key_reused: () => apology,
  };
}

function stillWaiting<Terms>(words: Vocabulary<Terms>, { terms }: Action<Terms>): string {
  return `Your ${words.order(terms)} is waiting for its code.`;
}

function codeSent({ delivery }: Action<unknown>, what: string): string {
  return `I have sent you ${what}${delivery ? ` ${byChannel[delivery.channel]}` : ''}.`;
}

function ended(action: EndedAction<unknown>): string {
  const isUnsent = action.status === 'cancelled' && action.reason === 'code_not_sent';
  return `${endings[action.status]}${isUnsent ? ', because no code could be sent' : ''}`;
}

function triesLeft(attemptsLeft: number): string {
  return attemptsLeft === 1 ? 'You have one try left.' : `You have ${attemptsLeft} tries left.`;
}

function inMinutes(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`;
}
