import type { CustomerId } from './customer';
import type { Evidence } from './evidence';

/** What a step-up is for: a kind of action, whose terms are what the customer proves to have meant. */
export interface ActionKind<Terms> {
  /**
   * Reads terms back from JSON.
   * @throws Error for JSON that holds no such terms
   */
  parse(json: unknown): Terms;
  /** The one way to say the terms, within a sentence: `large pizza with pepperoni`. */
  describe(terms: Terms): string;
  /** The member that held the terms before bodies had a version; a kind that came later has none. */
  unversionedTerms?: string;
  /**
   * For how long after its confirmation its customer may still cancel an action, in milliseconds; staff may until it is
   * archived. Absent: nobody may, as for a garage door, which is open by then.
   */
  cancelWithinMs?: number;
}

/** Whether it may be the id of an action or a notice, as they are made here (RFC 9562 §4). PostgreSQL cannot even look for another one. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** How a code travels. A new channel does not compile until every table of channels has decided about it. */
export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

/** Where a code went. The contact is masked: the full one never leaves auth0/. */
export interface CodeDelivery {
  channel: Channel;
  /** For example `•••• 0199` or `a•••@example.com`. */
  maskedContact: string;
  /** No answer came when it was sent, so that it may come or not. If it comes, it counts. */
  unsure?: true;
}

/** The door by which an action was asked for. */
export const doors = ['voice', 'api'] as const;
export type Door = (typeof doors)[number];

export const statuses = ['pending', 'confirmed', 'cancelled', 'expired', 'refused'] as const;
export type Status = (typeof statuses)[number];

export const cancelReasons = ['customer', 'staff', 'replaced', 'code_not_sent', 'not_me'] as const;
export type CancelReason = (typeof cancelReasons)[number];

interface Facts<Terms> {
  /** UUID (RFC 9562). */
  id: string;
  customerId: CustomerId;
  /**
   * What people call it by: 1 to 999 and around again, of all customers together; absent in actions of a POD before this one.
   */
  number?: number;
  /** Never change: other terms are another action, with another code. */
  terms: Terms;
  /** Fits the terms that were placed (terms-hash.ts); absent in actions of a POD before this one. */
  termsHash?: string;
  via: Door;
  /** Milliseconds since the epoch, like every time in POD. */
  placedAt: number;
  /** Codes tried so far; the one in flight counts, so that parallel guesses cannot exceed the limit. */
  attempts: number;
  /** Where the newest code went; absent until it has been sent. */
  delivery?: CodeDelivery;
  /** How many wrong codes there were since the customer's last success, when this action was proved: worth telling. */
  wrongCodesBefore?: number;
  /** How it was proved, also of one that was cancelled after that; absent in actions of a POD before this one. */
  evidence?: Evidence;
  /** Set while the action is done with, which can be taken back. Nothing is ever deleted. */
  archivedAt?: number;
  /** Who of the staff was done with it, as people call them. */
  archivedBy?: string;
  /** Set when the customer hid it from their own list; on the board it stays. */
  hiddenAt?: number;
}

interface Confirmation {
  status: 'confirmed';
  endedAt: number;
}

export interface Cancellation {
  status: 'cancelled';
  endedAt: number;
  reason: CancelReason;
  /** Who of the staff cancelled it, as people call them. */
  who?: string;
  /** Why, in their own words: the customer reads it. */
  note?: string;
  /** When it had been confirmed, if it was cancelled after that. */
  confirmedAt?: number;
}

/** How an action ended. */
export type Ending = Confirmation | Cancellation | { status: 'expired' | 'refused'; endedAt: number };

export type PendingAction<Terms> = Facts<Terms> & {
  status: 'pending';
  expiresAt: number;
  /** The next wrong code costs no attempt: an answer of Auth0's was lost, so that the customer could not know better. */
  uncharged?: true;
  /**
   * Another action of this customer gave way to this one, or was withdrawn shortly before, while its code could still be
   * alive: the customer may take this one's codes for that one's, however late they come.
   */
  doubtful?: true;
  /** The code was right, but another action's code may have been meant: a yes in this conversation is awaited. */
  proved?: { conversation: string; at: number };
};
export type ConfirmedAction<Terms> = Facts<Terms> & Confirmation;
export type EndedAction<Terms> = Facts<Terms> & Ending;

/**
 * Something a customer asked for, which waits for its proof: `pending → confirmed | cancelled | expired | refused`.
 * A confirmed one may become `cancelled`, as its kind allows and until it is archived (withdraw.ts). Nothing else that has
 * ended changes its status again.
 */
export type Action<Terms> = PendingAction<Terms> | EndedAction<Terms>;

/** Auth0's default lifetime of a one-time code. */
export const codeLifetimeMs = 180_000;
/** An action outlives its code a little, for speech and travel. */
export const pendingLifetimeMs = codeLifetimeMs + 20_000;

/** The action as it truly is at `now`: a pending one past its time is expired, whether or not that was written yet. */
export function asOf<Terms>(action: Action<Terms>, now: number): Action<Terms> {
  if (action.status !== 'pending' || action.expiresAt > now) return action;
  return end(action, { status: 'expired', endedAt: action.expiresAt });
}

/** The one way out of `pending`. Takes a pending action, so that one that has ended cannot end so again. */
export function end<Terms>(action: PendingAction<Terms>, ending: Ending): EndedAction<Terms> {
  const {
    status: _pending,
    expiresAt: _expiresAt,
    uncharged: _uncharged,
    doubtful: _doubtful,
    proved: _proved,
    ...facts
  } = action;
  return { ...facts, ...ending };
}

/** The one way out of `confirmed`. Whether it is open is withdraw's to say. */
export function takeBack<Terms>(
  action: ConfirmedAction<Terms>,
  cancellation: Cancellation,
): EndedAction<Terms> {
  const { status: _confirmed, endedAt: confirmedAt, ...facts } = action;
  return { ...facts, ...cancellation, confirmedAt };
}
