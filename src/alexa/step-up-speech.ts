import {
  type Action,
  type Channel,
  type CodeDelivery,
  codeLifetimeMs,
  type EndedAction,
  isUuid,
  type PendingAction,
  pendingLifetimeMs,
} from '../step-up/action';
import { type CodeLength, codeInWords } from '../step-up/code';
import { apology, createRefusalSpeech, shallIConfirm, whichCode } from './refusal-speech';
import { type Asking, ask, type Reply, tell } from './reply';
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

// Every sentence about a step-up. None of them may hold a code, a token, a contact, or a word as the customer said it:
// a code that was heard as a topping would come back out of the loudspeaker.
// While the session is open, the customer speaks to the skill; afterwards, to Alexa: the two need different words.

const byChannel: Record<Channel, string> = { sms: 'by text message', email: 'by e-mail' };
/** What a yes means to the question whether this order should be cancelled, and no other one. */
const cancelOffer = (id: string) => `cancel ${id}`;
/** The order that a yes would cancel, by what it means; undefined when it means something else. */
export function offeredToCancel(offer: unknown): string | undefined {
  const id = typeof offer === 'string' && offer.startsWith('cancel ') && offer.slice('cancel '.length);
  return isUuid(id) ? id : undefined;
}
const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export type StepUpSpeech<Terms> = ReturnType<typeof createStepUpSpeech<Terms>>;

/** Makes a skill's sentences out of its words, for codes of this length. */
export function createStepUpSpeech<Terms>(codeLength: CodeLength, words: Vocabulary<Terms>) {
  const { skill, describe, example } = words;
  const digits = codeInWords(codeLength);
  const askForCode = whichCode(codeLength);
  /** Whoever is still waiting for the code hears how to come back with it: the session may be over by then. */
  const withTheCode = ({ id }: Action<Terms>, statement: string): Asking => ({
    ...ask(statement, `When you have it, say: authorize order, and the ${digits}.`),
    reprompt: `Say the ${digits} of your code. If you need more time, open ${skill} again within three minutes, and say them then.`,
    isPastLock: true,
    awaits: id,
  });

  /** What is asked of a customer whose newest order this is, if nothing else is. */
  const questionAbout = (action: Action<Terms> | undefined, isYesAwaited = false): string => {
    if (action?.status !== 'pending') return whatToOrder;
    if (!action.proved) return askForCode;
    return isYesAwaited ? shallIConfirm : anotherCode;
  };
  const waiting = (action: Action<Terms>): string =>
    action.status === 'pending' && action.proved
      ? `Your ${words.order(action.terms)} is waiting for another code.`
      : stillWaiting(words, action);
  /** Asks for what a pending order waits for: its code, or another one, because that one has been said already. */
  const askAbout = (action: Action<Terms>, before = '', after = ''): Asking => ({
    ...ask(`${before}${waiting(action)}${after}`, questionAbout(action)),
    awaits: action.id,
  });
  const latest = (action: Action<Terms> | undefined): string => {
    if (!action) return 'You have no order yet.';
    if (isApproved(action)) return approvedOnPage(words, action);
    return action.status === 'pending'
      ? waiting(action)
      : `Your latest order, ${describe(action.terms)}, ${ended(action)}.`;
  };
  const status = (action: Action<Terms> | undefined, before?: string, after?: string): Reply => {
    if (!action) return ask(latest(action), whatToOrder);
    return action.status === 'pending' ? askAbout(action, before, after) : tell(latest(action));
  };

  return {
    questionAbout,
    /** What stands, before another question. */
    latest,
    welcome: ask(`Welcome to ${skill}.`, `${whatToOrder} You can say: ${example}.`),
    help: (action: Action<Terms> | undefined) =>
      action?.status === 'pending'
        ? askAbout(action, '', ' You can also say: send me another code, or cancel my order.')
        : ask(`You can say: ${example}. I then send you a code, and you say it to confirm.`, whatToOrder),
    fallback: (action: Action<Terms> | undefined) =>
      action?.status === 'pending'
        ? askAbout(action, 'Sorry, I did not get that. ')
        : ask(`Sorry, I did not get that. I can ${words.skilledIn}, or tell the status of one.`, whatToOrder),
    /** For a request that Alexa read back, and the customer said no to. */
    denied: ask('All right, I did nothing.', 'What would you like to do?'),
    goodbye: tell('Goodbye.'),
    notCancelled: tell('All right, your order stays. Goodbye.'),
    /** For a customer who stops talking, and might take that for the end of the order. */
    goodbyeWhileWaiting: (action: Action<Terms>) =>
      tell(`${stillWaiting(words, action)} To cancel it, open ${skill} and say: cancel my order. Goodbye.`),
    apology,
    /** For an exchange that took too long. It may still succeed, so it must not be called failed. */
    tookTooLong: tell(
      `Sorry, that took too long, and I do not know yet how it ended. To find out, say: Alexa, ask ${skill} where is my order.`,
    ),
    welcomeBack: (action: Action<Terms>) => askAbout(action, `Welcome back to ${skill}. `),
    placed(action: Action<Terms>): Reply {
      const held = `${words.held(action.terms)}${detailsAfter(words, action.terms)}`;
      if (action.delivery?.unsure) return { ...ask(`${held} ${maybeSent}`, askForCode), awaits: action.id };
      const sent = `a code of ${digits}${words.linkInMessage ? ' and a link' : ''}`;
      return withTheCode(action, `${held} ${codeSent(action, sent)}`);
    },
    resent(action: Action<Terms>): Reply {
      const meant = `It is for ${describe(action.terms)}.`;
      if (action.delivery?.unsure) return { ...ask(`${maybeSent} ${meant}`, askForCode), awaits: action.id };
      return withTheCode(action, `${codeSent(action, 'another code')} Older codes no longer work. ${meant}`);
    },
    confirmed({ terms, wrongCodesBefore }: Action<Terms>): Reply {
      const order = `Your order at ${skill} is confirmed: ${describe(terms)}.${detailsAfter(words, terms)}`;
      return tell(`Thank you. ${order}${wrongCodes(wrongCodesBefore)}`, {
        type: 'Simple',
        title: 'Your order is confirmed',
        content: words.receipt?.(terms) ?? `${skill}: ${describe(terms)}.`,
      });
    },
    cancelled: ({ terms }: Action<Terms>) =>
      tell(`I cancelled your ${words.order(terms)}. ${words.withoutCode}`),
    tooLateToCancel: (action: Action<Terms>) =>
      tell(
        `Your ${words.order(action.terms)} is confirmed, and I can no longer cancel it. ${words.tooLateToCancel}`,
      ),
    status: (action: Action<Terms> | undefined) => status(action, 'It is not yet confirmed. '),
    /** For who waited in this conversation while it was approved on the page. */
    approved: (action: Action<Terms>) => (isApproved(action) ? approvedOnPage(words, action) : undefined),
    /** For a yes that nobody has asked for. */
    statusAfterYes: (action: Action<Terms> | undefined) =>
      action && action.status !== 'pending' ? ask(latest(action), whatToOrder) : status(action),
    /** For a no that nobody has asked for. */
    statusAfterNo: (action: Action<Terms> | undefined) =>
      status(action, '', ' If you do not want it, say: cancel my order.'),
    /** What is confirmed is cancelled after a yes alone. */
    offerToCancel: ({ id, terms }: Action<Terms>): Asking => ({
      ...ask(`Your ${words.order(terms)} is confirmed.`, 'Shall I cancel it?'),
      offer: cancelOffer(id),
    }),
    /** For who wants to begin anew: what waits is not taken away without asking. */
    startOver: (action: Action<Terms> | undefined): Asking =>
      action?.status === 'pending'
        ? { ...ask(stillWaiting(words, action), 'Shall I cancel it?'), offer: cancelOffer(action.id) }
        : ask('All right.', whatToOrder),
    /** After a yes to that. */
    startedOver: ({ terms }: Action<Terms>) => ask(`I cancelled your ${words.order(terms)}.`, whatToOrder),
    /** Where the code of this order is. Nobody but its customer is told. */
    codeSent: (action: PendingAction<Terms>, now: number) =>
      ask(whereCodeWent(action, now), action.delivery ? questionAbout(action) : anotherCode),
    whereCodeWent,
    codesGo: (delivery: CodeDelivery) => `Its codes go ${sayWhere(delivery)}.`,
    /** For who wants codes to go another way. */
    codeGoesAsItGoes:
      'Codes go by text message to the phone number of your account, and by e-mail if it has none.',
    /** When the code was surely not checked. */
    notChecked: tell(`Sorry, I cannot reach the service that checks our codes. No try was used up. ${later}`),
    /** When another code was surely not sent. */
    notResent: tell(
      `Sorry, I cannot reach the service that sends our codes, so I sent no other one. ${later}`,
    ),
    refusals: createRefusalSpeech(codeLength, words),
  };
}

/** The session stays open for what it tells to say. */
const maybeSent =
  'I could not find out whether your code was sent. If one comes, it is good; else say: send me another code.';

function whereCodeWent({ delivery, expiresAt }: PendingAction<unknown>, now: number): string {
  if (!delivery) return 'No code was sent for your order.';
  if (delivery.unsure) return maybeSent;
  return `It went ${sayWhere(delivery)}; only the message has it. ${goodFor(expiresAt - codeMarginMs - now)}`;
}

/** An order waits a little longer than its code is good for. */
const codeMarginMs = pendingLifetimeMs - codeLifetimeMs;

/** Rounded down: nobody should count on a code that is dead. */
function goodFor(leftMs: number): string {
  const minutes = Math.floor(leftMs / 60_000);
  if (minutes < 1) return 'It is good for less than a minute.';
  return `It is good for ${numbers[minutes] ?? minutes} more minute${minutes === 1 ? '' : 's'}.`;
}

/** The customer may not be the one who said them. */
function wrongCodes(count = 0): string {
  if (count === 0) return '';
  return ` There ${count === 1 ? 'was one wrong code' : `were ${numbers[count] ?? count} wrong codes`} since your last order.`;
}

/** What may be told of where a code went: no more than its masked form shows. */
function sayWhere({ channel, maskedContact }: CodeDelivery): string {
  const [shown] = /[0-9]+$|@.+$/.exec(maskedContact) ?? [];
  if (!shown) return byChannel[channel];
  const where = {
    sms: `to the number that ends in ${[...shown].join(' ')}`,
    email: `to your address ${shown.replace('@', 'at ')}`,
  };
  return `${byChannel[channel]} ${where[channel]}`;
}

function codeSent({ delivery }: Action<unknown>, what: string): string {
  return `I have sent you ${what}${delivery ? ` ${byChannel[delivery.channel]}` : ''}.`;
}

function ended(action: EndedAction<unknown>): string {
  const isUnsent = action.status === 'cancelled' && action.reason === 'code_not_sent';
  return `${endings[action.status]}${isUnsent ? ', because no code could be sent' : ''}`;
}
