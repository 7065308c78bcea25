import type { ActionKind, CodeDelivery, Status } from './action';
import type { Code, CodeLength } from './code';
import type { CustomerId } from './customer';
import type { ActionStore } from './ledger';
import type { RefusalCode } from './refusal';

/** All that a step-up needs from outside. */
export interface StepUpServices<Terms> {
  kind: ActionKind<Terms>;
  store: ActionStore<Terms>;
  passwordless: Passwordless;
  feed: Feed;
  /** Absent where nothing can be brought to customers: no notice is written then. */
  courier?: Courier;
  clock: Clock;
  log: Log;
  limits: StepUpLimits;
  codeLength: CodeLength;
  /** Told of every finished step, for logs and metrics. */
  recordStep(step: Step): void;
}

interface StepUpLimits {
  /** How many actions a customer may ask for within an hour, whatever becomes of them. */
  ordersPerHour: number;
  /** How many codes a customer may be sent within an hour: each costs money. */
  codesPerHour: number;
  /** How many codes all customers together may be sent within an hour. */
  codesPerHourTotal: number;
}

/** Now, in milliseconds since the epoch. */
export type Clock = () => number;

/** What pino's logger offers of itself; other runtimes give a console one. Never hand it a code, token or full contact. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One step of one action, as it ended. */
export interface Step {
  step: 'place' | 'confirm' | 'resend' | 'cancel' | 'done' | 'undo' | 'hide';
  outcome: 'done' | RefusalCode;
  durationMs: number;
  requestId?: string;
  actionId?: string;
  /** Whose action it was, if it is known. */
  customerId?: CustomerId;
  /** As what it was asked for. */
  by: 'customer' | 'staff';
  /** Which of the staff. */
  staffId?: CustomerId;
  /** Where it was asked for: the door adds it (`recordedWith`). */
  door?: 'alexa' | 'api' | 'app';
}

/**
 * What Auth0 says of a code. `exhausted`: no further code will be accepted until a new one is sent. `unsure`: no answer
 * came, so that the code may be used up.
 */
export type CodeVerdict = 'right' | 'wrong' | 'expired' | 'exhausted' | 'unsure';

/**
 * One-time codes on a channel of their own. Takes customer ids: phone numbers and mailboxes stay in auth0/.
 * What a method throws was surely not done: `Refusal('upstream_unavailable')` when Auth0 is limited or down, or `signal`
 * aborts before it was asked. What is unknown is an answer of its own, so that nobody can take it for either.
 */
export interface Passwordless {
  /**
   * Sends a new code, which kills the older ones; an `unsure` delivery may or may not have. Throws
   * `Refusal('no_contact')` for a customer without phone and mailbox, `contact_unusable` and `contact_unreachable` for one
   * whose phone gets no code, and `contact_taken` when the number or mailbox is already someone else's identity. Both
   * methods throw `account_blocked`, and `upstream_misconfigured` for what only the operator can mend.
   */
  sendCode(customerId: CustomerId, signal: AbortSignal): Promise<CodeDelivery>;
  /** Whether `code` is this customer's newest code. Right means: Auth0 signed an id_token for this very customer. */
  checkCode(customerId: CustomerId, code: Code, signal: AbortSignal): Promise<CodeVerdict>;
}

/** Something that changed. Small and without contact data: it may travel through a third party. */
export type FeedEvent = {
  /** UUID; the same event keeps it when sending is tried again. */
  id: string;
  at: number;
  /** Whose page should hear of it, besides staff's. */
  customerId?: CustomerId;
} & (
  | {
      actionId: string;
      status: Status;
      /** For example `large pizza with pepperoni`. */
      summary: string;
    }
  | { actionId: string; done: boolean }
);

/** Tells open pages that something changed. */
export interface Feed {
  /** Never rejects and never throws: a board that cannot be told does not fail an action. */
  publish(event: FeedEvent): Promise<void>;
}

/** Brings the notices that wait in the store to their customers. */
interface Courier {
  /** Says that there are new ones. Never throws, and nobody waits for it: a customer who cannot be reached fails no action. */
  wake(): void;
}
