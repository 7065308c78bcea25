import type { RefusalCode, RefusalDetails } from '../errors';
import { describePizza } from '../orders/describe-pizza';
import { type CodeDelivery, type Order, type SettledOrder, sizes, toppings } from '../orders/order';
import type { Reply } from './reply';

// Every sentence POD says. None of them may hold a code, a token, a contact, or a word as the customer said it:
// a code that was heard as a topping would come back out of the loudspeaker.
// While the session is open, the customer speaks to POD; afterwards, to Alexa: the two need different words.

const whatToOrder = 'What would you like to order?';
const whichCode = 'What are the four digits of your code?';
const toOrderAgain = 'To order again, say: Alexa, tell Pizza on Demand to get me a pizza.';
const later = 'Please try again in a few minutes.';

export const welcome = ask(
  'Welcome to Pizza on Demand.',
  `${whatToOrder} You can say: get me a large pizza with pepperoni.`,
);

export const help = ask(
  'You can say: get me a large pizza with pepperoni. I then send you a code of four digits, and you say: authorize order, ' +
    'and the four digits. You can also say: send me another code, order status, or cancel my order.',
  'What would you like to do?',
);

export const fallback = ask(
  'Sorry, I did not get that. I can order a pizza, authorize an order, send another code, tell the status of an order, or cancel it.',
  'Which would you like?',
);

export const goodbye = tell('Goodbye.');

export const linkAccount: Reply = {
  speech:
    'To use Pizza on Demand, please link your account. Open the Alexa app: I have put a card there that takes you to the sign-in page.',
  card: { type: 'LinkAccount' },
};

/** For faults of ours: says nothing about the order, because nothing certain is known. */
export const apology = tell(`Sorry, something went wrong on our side. ${later}`);

/** For a turn that took too long. It may still succeed, so it must not be called failed. */
export const tookTooLong = tell(
  'Sorry, that took too long, and I do not know yet how it ended. To find out, say: Alexa, ask Pizza on Demand where is my order.',
);

export function welcomeBack(order: Order): Reply {
  return ask(`Welcome back to Pizza on Demand. ${stillWaiting(order)}`, whichCode);
}

export function orderPlaced(order: Order): Reply {
  return tell(
    `Pizza on Demand is holding a ${describePizza(order.pizza)} for you. ${codeSent(order, 'a code of four digits')} ${withTheCode}`,
  );
}

export function codeResent(order: Order): Reply {
  return tell(
    `${codeSent(order, 'another code')} Older codes no longer work. It is for a ${describePizza(order.pizza)}. ${withTheCode}`,
  );
}

export function orderConfirmed(order: Order): Reply {
  const pizza = describePizza(order.pizza);
  return {
    ...tell(`Thank you. Your order at Pizza on Demand is confirmed: a ${pizza}.`),
    card: { type: 'Simple', title: 'Your order is confirmed', content: `Pizza on Demand: a ${pizza}.` },
  };
}

export function orderCancelled(order: Order): Reply {
  return tell(`I cancelled your order of a ${describePizza(order.pizza)}. Nothing will be delivered.`);
}

export function orderStatus(order: Order | undefined): Reply {
  if (!order) return ask('You have no order yet.', whatToOrder);
  if (order.status === 'pending') return ask(stillWaiting(order), whichCode);
  return tell(`Your latest order, a ${describePizza(order.pizza)}, ${ended(order)}.`);
}

/** The spoken side of every refusal; the HTTP side is `httpStatus` in errors.ts. */
export const refusals: Record<RefusalCode, (details: RefusalDetails) => Reply> = {
  invalid_token: () => linkAccount,
  unknown_size: () => ask(`I do not know that size. We have ${list(sizes)}.`, 'Which size would you like?'),
  unknown_topping: () =>
    ask(`I do not know all of those toppings. We have ${list(toppings)}.`, 'Which toppings would you like?'),

  nothing_pending: () => ask('You have no order that waits for a code.', whatToOrder),
  not_a_code: ({ order }) =>
    ask(order ? stillWaiting(order) : 'I need your code.', `${whichCode} Say each digit.`),
  code_not_sent: () =>
    ask('I could not send you a code for your order.', 'To get one, say: send me another code.'),
  wrong_code: ({ attemptsLeft }) => ask(`That is not the right code. ${triesLeft(attemptsLeft)}`, whichCode),
  code_expired: (details) => gone(details, 'ran out of time before it was authorized'),
  order_expired: (details) => gone(details, 'ran out of time before it was authorized'),
  order_cancelled: (details) => gone(details, 'was cancelled'),
  order_refused: (details) => gone(details, 'was refused after too many wrong codes'),
  order_already_confirmed: ({ order }) =>
    tell(
      order
        ? `Your order of a ${describePizza(order.pizza)} is already confirmed.`
        : 'Your order is already confirmed.',
    ),

  voice_ordering_locked: () =>
    tell(
      'There were too many wrong codes, so ordering by voice is locked and nothing was ordered. To unlock it, sign in to the Pizza on Demand web page and open your profile.',
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

const withTheCode =
  'When you have it, say: Alexa, tell Pizza on Demand to authorize order, and the four digits. You have about three minutes.';

const channels: Record<CodeDelivery['channel'], string> = { sms: 'by text message', email: 'by e-mail' };

function ask(statement: string, question: string): Reply {
  return { speech: `${statement} ${question}`, question };
}

function tell(speech: string): Reply {
  return { speech };
}

function codeSent({ delivery }: Order, what: string): string {
  return delivery ? `I have sent you ${what} ${channels[delivery.channel]}.` : `I have sent you ${what}.`;
}

function stillWaiting({ pizza }: Order): string {
  return `Your order of a ${describePizza(pizza)} is waiting for its code.`;
}

function gone({ order }: RefusalDetails, how: string): Reply {
  const what = order ? `Your order of a ${describePizza(order.pizza)}` : 'Your order';
  return tell(`${what} ${how}. Nothing will be delivered. ${toOrderAgain}`);
}

function ended(order: SettledOrder): string {
  switch (order.status) {
    case 'confirmed':
      return 'is confirmed';
    case 'expired':
      return 'ran out of time before it was authorized';
    case 'refused':
      return 'was refused after too many wrong codes';
    case 'cancelled':
      return order.reason === 'code_not_sent'
        ? 'was cancelled, because no code could be sent'
        : 'was cancelled';
  }
}

function triesLeft(attemptsLeft: number | undefined): string {
  if (attemptsLeft === undefined) return 'Please try again.';
  return attemptsLeft === 1 ? 'You have one try left.' : `You have ${attemptsLeft} tries left.`;
}

function inMinutes(seconds = 3600): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`;
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
