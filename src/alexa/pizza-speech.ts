import { seller, sizes, toppings } from '../orders/menu';
import { sayMoney } from '../orders/money';
import { describePizza, type Order, type OrderTerms, type Pizza } from '../orders/pizza-order';
import { receiptOf } from '../orders/receipt';
import type { CodeLength } from '../step-up/code';
import { completeDraft, type Draft, pizzaOf, type Said } from './draft';
import { type NotOnOffer, sayable } from './not-on-offer';
import { type Asking, ask, tell } from './reply';
import { createStepUpSpeech } from './step-up-speech';
import { listed, stillWaiting } from './vocabulary';

/** What a yes means to the question whether a draft should be ordered. */
export const orderOffer = 'order';

const whichSize = 'Which size would you like?';
const whichToppings = 'Which toppings would you like?';
export const menuOfSizes = `We have ${listed(sizes)}.`;
export const menuOfToppings = `We have ${listed(toppings)}.`;
export const menu = `We have ${listed(sizes)} pizzas, with ${listed(toppings)}.`;
const callUs = `call ${seller.name} at ${seller.phone}.`;

/** Amazon wants a skill that sells to be called what its seller is called. */
const skill = seller.name;

export type PizzaSpeech = ReturnType<typeof createPizzaSpeech>;

export function createPizzaSpeech(codeLength: CodeLength) {
  const order = (pizza: OrderTerms) => `order of a ${describePizza(pizza)}`;
  const speech = createStepUpSpeech<OrderTerms>(codeLength, {
    skill,
    describe: (pizza) => `a ${describePizza(pizza)}`,
    order,
    held: (pizza) => `${skill} is holding a ${describePizza(pizza)} for you.`,
    details: sayBill,
    receipt: ({ bill }) => bill && receiptOf(bill),
    linkInMessage: true,
    withoutCode: 'Nothing will be delivered.',
    tooLateToCancel: `Please ${callUs}`,
    skilledIn: 'order a pizza',
    example: 'get me a large pizza with pepperoni',
  });
  return {
    ...speech,
    askForDraft,
    /** Asks for what is not clear yet, after what was said; what is not on the menu is named. */
    unclear: (draft: Draft, said: Said) =>
      askForDraft(draft, [notOnMenu(said), menuFor(draft)].join(' ').trim()),
    /** What we do not have, and what we could do instead. */
    instead: ({ speech, needsToppings }: NotOnOffer, draft: Draft) =>
      needsToppings && draft.toppings === undefined
        ? askForDraft({ ...draft, unclear: [...draft.unclear, 'toppings'] }, speech)
        : askForDraft(draft, speech),
    /** Before a change of what waits is made that may have been meant otherwise. */
    offerChange: ({ id, terms }: Order, pizza: Pizza): Asking =>
      askForDraft({ ...pizza, unclear: [], changes: id }, stillWaiting({ order }, { terms })),
    unchanged: sayUnchanged,
    tooLateToChange: ({ terms }: Order) =>
      tell(`Your ${order(terms)} is already confirmed. To change it, ${callUs}`),
    noneWaits: 'You have no order that waits.',
    noCodeYet:
      'I send a code once you order, by text message, or by e-mail if your account has no phone number.',
    howToChange: 'To change it, say for example: make it small, or: add bacon.',
    nothingOrdered: 'All right, nothing was ordered.',
    nothingChanged: 'All right, nothing was changed.',
  };
}

/** Asks for what a draft still needs, or whether to order it. @param before what is said first: the menu, if absent */
function askForDraft(draft: Draft, before = menuFor(draft)): Asking {
  const { question, offer } = questionFor(draft);
  // Whoever then says "add bacon" adds it to what was offered.
  const offered = draft.unclear.length === 0 ? { ...draft, ...pizzaOf(draft) } : draft;
  return { ...(before ? ask(before, question) : { speech: question, question }), draft: offered, offer };
}

function questionFor(draft: Draft): { question: string; offer?: string } {
  const pizza = completeDraft(draft);
  if (pizza === 'size') return { question: whichSize };
  if (pizza !== 'toppings')
    return {
      question: `Shall I ${draft.changes ? 'make it' : 'order'} a ${describePizza(pizza)}?`,
      offer: orderOffer,
    };
  if (!draft.toppings?.length) return { question: whichToppings };
  return { question: `Shall I make it with ${listed(draft.toppings)} only?`, offer: orderOffer };
}

function menuFor(draft: Draft): string {
  const [part] = draft.unclear;
  if (part === 'size') return menuOfSizes;
  return part === 'toppings' && !draft.toppings?.length ? menuOfToppings : '';
}

/** Says what we do not have, by its name if that cannot be a code. */
export function notOnMenu({ unknown, unknownWithout, unclear }: Said): string {
  if (unknown.length === 0) return unknownWithout.length > 0 ? sayNotOnIt(unknownWithout) : '';
  const names = sayable(unknown);
  if (unclear.includes('size')) return names ? `We have no ${names} pizza.` : 'I do not know that size.';
  return names ? `We have no ${names}.` : 'I do not know all of those toppings.';
}

function sayNotOnIt(unknown: readonly string[]): string {
  const names = sayable(unknown);
  return names ? `It has no ${names}.` : 'It has none of that.';
}

function sayUnchanged({ size, toppings, without }: Said): string {
  if (without.length > 0) return `It has no ${listed(without)}.`;
  if (toppings) return toppings.length > 0 ? `It has ${listed(toppings)} already.` : 'It has no toppings.';
  return `It is ${size} already.`;
}

/**
 * Where it goes, and what it costs in all: Amazon wants both said before an order is complete, and after. Of the customer's
 * address only the street is ever spoken.
 */
function sayBill({ bill }: OrderTerms): string | undefined {
  if (!bill) return undefined;
  const { delivery, seller, minutes, currency } = bill;
  const total = `The total is ${sayMoney(bill.total, currency)}`;
  if (!delivery.to)
    return `Pick-up is at ${seller.address.street}, in ${minutes} minutes. ${total} with tax.`;
  return `Delivery is to ${delivery.to.street}, in ${minutes} minutes. ${total} with tax and the delivery fee.`;
}
