import type { Action, EndedAction } from '../step-up/action';

/** The words of one skill in the sentences that every skill says. */
export interface Vocabulary<Terms> {
  /** The skill's invocation name, which people say to Alexa: `Pizza on Demand`. */
  skill: string;
  /** What is ordered: `a large pizza`, `opening the left door`. */
  describe(terms: Terms): string;
  /** After "your": `order of a large pizza`, `order to open the left door`. */
  order(terms: Terms): string;
  /** A sentence about what waits for its code: `Pizza on Demand is holding a large pizza for you.` */
  held(terms: Terms): string;
  /**
   * What else the terms say, in sentences, after they are described: `Delivery is to 7 Elm Street. The total is 9 dollars.`
   * For terms that say no more than their description there is none.
   */
  details?(terms: Terms): string | undefined;
  /** What the card holds once it is confirmed; the description if there is none. */
  receipt?(terms: Terms): string | undefined;
  /** The message that brings a code leads to the page, too, where the order can be approved. */
  linkInMessage?: true;
  /** A sentence about what does not happen without a code: `Nothing will be delivered.` */
  withoutCode: string;
  /** A sentence after an order that can no longer be cancelled: `Please call the pizzeria.` */
  tooLateToCancel: string;
  /** After "I can": `order a pizza`. */
  skilledIn: string;
  /** An order in full, as it is said in the session: `get me a large pizza with pepperoni`. */
  example: string;
}

export const whatToOrder = 'What would you like to order?';
export const anotherCode = 'To get one, say: send me another code.';
export const later = 'Please try again in a few minutes.';

/** How an order ended, after what it is. */
export const endings: Record<EndedAction<unknown>['status'], string> = {
  confirmed: 'is confirmed',
  cancelled: 'was cancelled',
  expired: 'ran out of time before it was authorized',
  refused: 'was refused after too many wrong codes',
};

/** The sentences with a space before them, to stand after another one. */
export function detailsAfter<Terms>(words: Pick<Vocabulary<Terms>, 'details'>, terms: Terms): string {
  const details = words.details?.(terms);
  return details ? ` ${details}` : '';
}

export function stillWaiting<Terms>(
  words: Pick<Vocabulary<Terms>, 'order'>,
  { terms }: Pick<Action<Terms>, 'terms'>,
): string {
  return `Your ${words.order(terms)} is waiting for its code.`;
}

/** Whether an order was confirmed on the page, where this conversation did not hear of it. */
export function isApproved({ status, evidence }: Action<unknown>): boolean {
  return status === 'confirmed' && evidence?.method === 'approval';
}

/** What is said of such an order. */
export function approvedOnPage<Terms>(
  words: Pick<Vocabulary<Terms>, 'order'>,
  { terms }: Pick<Action<Terms>, 'terms'>,
): string {
  return `Your ${words.order(terms)} was approved on the page, and is confirmed.`;
}

/** Words in a sentence: `pepperoni, onions and bacon`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}
