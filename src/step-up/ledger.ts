import type { Action, Status } from './action';
import type { CustomerId } from './customer';
import type { Notice, Outbox } from './notice';

/** What is remembered of a customer between turns; all limits live here, so that every instance shares them. */
export interface CustomerRecord {
  id: CustomerId;
  /** Across actions; a new action or a new code does not reset it, only success or an unlock does. */
  wrongCodesInARow: number;
  /** When wrong codes were tried within the last 30 days. Success does not reset it, only an unlock does. */
  wrongCodesAt: readonly number[];
  /** Wrong codes since the last success, which the customer hears of at the next one. */
  wrongCodesUntold: number;
  /** Until when the code of an action that was replaced or withdrawn may still be alive; 0 when none is. */
  otherCodeUntil: number;
  /** When the customer last said that an action was not theirs: ordering is locked since, until an unlock. */
  disownedAt?: number;
  /** When the customer last signed out of the page: sessions that began before have ended, wherever they are used. */
  signedOutAt?: number;
  /** Of all customers together (`everybody`): the number that the newest action was given. */
  lastNumber?: number;
  /** Of all customers together (`everybody`): how many codes were sent, by the minute. */
  codesByMinute?: readonly { at: number; count: number }[];
  /** When actions were asked for within the last hour. */
  actionsAt: readonly number[];
  /** When codes were sent within the last hour, for the code budget. */
  codesSentAt: readonly number[];
  /** The turn in flight: one at a time for a customer, so that codes and attempts cannot overtake one another. */
  turn?: { id: string; startedAt: number };
  /** The newest answers by request id, so that a repeated request gets the same answer and does nothing. */
  answers: readonly RememberedAnswer[];
  /** The terms of what was answered, by their hash: once each, because many answers are about the same action. */
  termsOfAnswers?: Readonly<Record<string, unknown>>;
}

export interface RememberedAnswer {
  requestId: string;
  /** What was asked; the same id for something else is refused. Holds no code. */
  fingerprint: string;
  at: number;
  /** JSON of what the use case returned or refused; of an action's terms it has the hash. */
  outcome: string;
}

/** The record of a customer nothing is known of yet. */
export function newCustomer(id: CustomerId): CustomerRecord {
  return {
    id,
    wrongCodesInARow: 0,
    wrongCodesAt: [],
    wrongCodesUntold: 0,
    otherCodeUntil: 0,
    actionsAt: [],
    codesSentAt: [],
    answers: [],
  };
}

/** Whose record holds what all customers share: nobody's `sub`, which Auth0 gives a provider. */
export const everybody = '*' as CustomerId;

/** One customer as a transition sees it: the record and the newest action (a pending one is always the newest). */
export interface Ledger<Terms> {
  customer: CustomerRecord;
  latest?: Action<Terms>;
  /** What all customers share, if the transition's scope has it. */
  everybody?: CustomerRecord;
  /** The action that the transition's scope names, if it is this customer's. */
  named?: Action<Terms>;
}

/** What a transition sees beside its customer's record and newest action. */
export interface Scope {
  /** What all customers share is part of the same step. Such steps wait for one another, whosoever they are. */
  everybody?: boolean;
  /** The id of an action. */
  named?: string;
}

/** An action as it is written: into the ledger it was decided on, so that nobody else's can be meant. */
export type Entry<Terms> = WithoutCustomer<Action<Terms>>;
type WithoutCustomer<Each> = Each extends unknown ? Omit<Each, 'customerId'> : never;

/** What a transition wants written. Actions not named stay as they are. */
export interface Decision<Terms, Result> {
  customer?: Omit<CustomerRecord, 'id'>;
  /** Only in a transition whose scope has it. */
  everybody?: Omit<CustomerRecord, 'id'>;
  actions?: readonly Entry<Terms>[];
  /** What the customer must be told, whatever happens next. */
  notices?: readonly Notice[];
  result: Result;
}

export interface ActionQuery {
  /** Only this customer's actions; everybody's if absent. */
  customerId?: CustomerId;
  statuses?: readonly Status[];
  /** Archived actions are left out unless this is true. */
  includeArchived?: boolean;
  /** Only those placed from `from` on and before `to`. */
  placed?: { from: number; to: number };
  /** Actions that their customer hid are left out unless this is true. */
  includeHidden?: boolean;
  /** Continue after this cursor, as an earlier page gave it. */
  after?: string;
  /** 1 to 200. */
  limit: number;
}

export interface ActionPage<Terms> {
  /** Newest first. */
  actions: Action<Terms>[];
  /** Present when there are more. */
  next?: string;
}

/** Beyond it what is to do is not counted: nobody tells 1,000 from more, and counting must cost the same. */
export const countedAtMost = 1_000;

/**
 * Where actions live. Its specification is test/stores/action-store.contract.ts, which runs on every implementation.
 * Every method throws `Refusal('store_unavailable')` when the store cannot be reached: nothing was written then.
 */
export interface ActionStore<Terms> extends Outbox {
  /**
   * One atomic step of one customer: reads the ledger, asks `decide` what should become of it, and writes that, all or
   * nothing, durably, before it resolves. Steps of one customer run one after the other, on any number of instances.
   * `decide` is pure, synchronous, and may be called again after a conflict; what it throws is thrown, and nothing is written.
   * The status of an archived action is final: a decision that would change it, because it did not know, is made again, and one
   * that insists is a bug.
   */
  transact<Result>(
    customerId: CustomerId,
    decide: (ledger: Ledger<Terms>) => Decision<Terms, Result>,
    scope?: Scope,
  ): Promise<Result>;
  /** The ledger as it is, without a lock. A customer never seen has an empty one. */
  read(customerId: CustomerId): Promise<Ledger<Terms>>;
  find(actionId: string): Promise<Action<Terms> | undefined>;
  /** Newest first (by `placedAt`, then by id), a page at a time. Throws `Refusal('invalid_request')` for a foreign cursor. */
  list(query: ActionQuery): Promise<ActionPage<Terms>>;
  /** Customers with a pending action whose time was over at `now`; at most 100 a call. */
  overdue(now: number): Promise<CustomerId[]>;
  /**
   * What is confirmed and not archived, those that were confirmed first at the front: at most `limit` (1 to 200), and of how many, up to
   * `countedAtMost`.
   * It costs the same however many others there are.
   */
  toDo(limit: number): Promise<{ actions: Action<Terms>[]; count: number }>;
  /** Marks a confirmed action as archived. Gives it as it is then; undefined if it is not confirmed, or archived already. */
  archive(actionId: string, mark: { at: number; by: string }): Promise<Action<Terms> | undefined>;
  /** Takes that mark away. Gives the action as it is then; undefined if it had none. */
  unarchive(actionId: string): Promise<Action<Terms> | undefined>;
  /** Hides a confirmed action of this customer from their own list. Gives it as it is then; undefined if there was nothing to hide. */
  hide(customerId: CustomerId, actionId: string, at: number): Promise<Action<Terms> | undefined>;
  /** The customers who may be locked (`mayBeLocked` in limits.ts): at most `limit`. */
  maybeLocked(limit: number): Promise<CustomerRecord[]>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
