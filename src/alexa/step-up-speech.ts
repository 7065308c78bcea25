import type { Action, Channel, EndedAction } from '../step-up/action';
import { type CodeLength, codeInWords } from '../step-up/code';
import { apology, createRefusalSpeech, whichCode } from './refusal-speech';
import { ask, type Reply, tell } from './reply';
import { anotherCode, endings, later, stillWaiting, type Vocabulary, whatToOrder } from './vocabulary';

// Every sentence about a step-up. None of them may hold a code, a token, a contact, or a word as the customer said it:
// a code that was heard as a topping would come back out of the loudspeaker.
// While the session is open, the customer speaks to the skill; afterwards, to Alexa: the two need different words.

const byChannel: Record<Channel, string> = { sms: 'by text message', email: 'by e-mail' };
const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export type StepUpSpeech<Terms> = ReturnType<typeof createStepUpSpeech<Terms>>;

/** Makes a skill's sentences out of its words, for codes of this length. */
export function createStepUpSpeech<Terms>(codeLength: CodeLength, words: Vocabulary<Terms>) {
  const { skill, describe, example } = words;
  const digits = codeInWords(codeLength);
  const withTheCode = `When you have it, say: Alexa, tell ${skill} to authorize order, and the ${digits}. You have about three minutes.`;

  /** Asks for what a pending order waits for: its code, or another one, because that one has been said already. */
  const askForCode = (action: Action<Terms>, before = '', after = ''): Reply => {
    const isUsedUp = action.status === 'pending' && action.proved;
    const waiting = isUsedUp
      ? `Your ${words.order(action.terms)} is waiting for another code.`
      : stillWaiting(words, action);
    return ask(`${before}${waiting}${after}`, isUsedUp ? anotherCode : whichCode(codeLength));
  };
  const status = (action: Action<Terms> | undefined, hint?: string): Reply => {
    if (!action) return ask('You have no order yet.', whatToOrder);
    if (action.status === 'pending') return askForCode(action, '', hint);
    return tell(`Your latest order, ${describe(action.terms)}, ${ended(action)}.`);
  };

  return {
    welcome: ask(`Welcome to ${skill}.`, `${whatToOrder} You can say: ${example}.`),
    help: ask(
      `You can say: ${example}. I then send you a code of ${digits}, and you say: authorize order, ` +
        `and the ${digits}. You can also say: send me another code, order status, or cancel my order.`,
      'What would you like to do?',
    ),
    fallback: ask(
      `Sorry, I did not get that. I can ${words.skilledIn}, authorize an order, send another code, tell the status of an order, or cancel it.`,
      'Which would you like?',
    ),
    /** For a request that Alexa read back, and the customer said no to. */
    denied: ask('All right, I did nothing.', 'What would you like to do?'),
    goodbye: tell('Goodbye.'),
    apology,
    /** For an exchange that took too long. It may still succeed, so it must not be called failed. */
    tookTooLong: tell(
      `Sorry, that took too long, and I do not know yet how it ended. To find out, say: Alexa, ask ${skill} where is my order.`,
    ),
    welcomeBack: (action: Action<Terms>) => askForCode(action, `Welcome back to ${skill}. `),
    placed(action: Action<Terms>): Reply {
      const held = words.held(action.terms);
      if (action.delivery?.unsure) return ask(`${held} ${maybeSent}`, whichCode(codeLength));
      return tell(`${held} ${codeSent(action, `a code of ${digits}`)} ${withTheCode}`);
    },
    resent(action: Action<Terms>): Reply {
      const meant = `It is for ${describe(action.terms)}.`;
      if (action.delivery?.unsure) return ask(`${maybeSent} ${meant}`, whichCode(codeLength));
      return tell(`${codeSent(action, 'another code')} Older codes no longer work. ${meant} ${withTheCode}`);
    },
    confirmed: ({ terms, wrongCodesBefore }: Action<Terms>) =>
      tell(
        `Thank you. Your order at ${skill} is confirmed: ${describe(terms)}.${wrongCodes(wrongCodesBefore)}`,
        {
          type: 'Simple',
          title: 'Your order is confirmed',
          content: `${skill}: ${describe(terms)}.`,
        },
      ),
    cancelled: ({ terms }: Action<Terms>) =>
      tell(`I cancelled your ${words.order(terms)}. ${words.withoutCode}`),
    status: (action: Action<Terms> | undefined) => status(action),
    /** For a no that nobody has asked for. */
    statusAfterNo: (action: Action<Terms> | undefined) =>
      status(action, ' If you do not want it, say: cancel my order.'),
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

/** The customer may not be the one who said them. */
function wrongCodes(count = 0): string {
  if (count === 0) return '';
  return ` There ${count === 1 ? 'was one wrong code' : `were ${numbers[count] ?? count} wrong codes`} since your last order.`;
}

function codeSent({ delivery }: Action<unknown>, what: string): string {
  return `I have sent you ${what}${delivery ? ` ${byChannel[delivery.channel]}` : ''}.`;
}

function ended(action: EndedAction<unknown>): string {
  const isUnsent = action.status === 'cancelled' && action.reason === 'code_not_sent';
  return `${endings[action.status]}${isUnsent ? ', because no code could be sent' : ''}`;
}
