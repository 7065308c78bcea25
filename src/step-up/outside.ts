import type { ActionKind, CodeDelivery, Status } from './action';
import type { Code } from './code';
import type { CustomerId } from './customer';
import type { ActionStore } from './ledger';
import type { RefusalCode } from './refusal';

/** All that a step-up needs from outside. */
export interface StepUpServices<Terms> {
  kind: ActionKind<Terms>;
  store: ActionStore<Terms>;
  passwordless: Passwordless;
  feed: Feed;
  clock: Clock;
  log: Log;
  limits: StepUpLimits;
  /** Told of every finished step, for logs and metrics. */
  recordStep(step: Step): void;
}

interface StepUpLimits {
  /** How many codes a customer may be sent within an hour: each costs money. */
  codesPerHour: number;
}

/** Now, in milliseconds since the epoch. */
export type Clock = () => number;

/** What pino's logger offers of itself; other runtimes give a console one. Never hand it a code, token or full contact. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One step of one action, or of all of them (`clear`), as it ended. */
export interface Step {
  step: 'place' | 'confirm' | 'resend' | 'cancel' | 'clear';
  outcome: 'done' | RefusalCode;
  durationMs: number;
  requestId?: string;
  actionId?: string;
}

/** What Auth0 says of a code. `exhausted`: no further code will be accepted until a new one is sent. */
export type CodeVerdict = 'right' | 'wrong' | 'expired' | 'exhausted';

/**
 * One-time codes on a channel of their own. Takes customer ids: phone numbers and mailboxes never leave auth0/.
 * Every method throws `Refusal('upstream_unavailable')` when Auth0 is slow, limited or down, or `signal` aborts.
 */
export interface Passwordless {
  /**
   * Sends a new code, which kills the older ones. Throws `Refusal('no_contact')` for a customer without phone and
   * mailbox, and `Refusal('contact_taken')` when the number or mailbox is already someone else's identity.
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
  | { cleared: number }
);

/** Tells open pages that something changed. */
export interface Feed {
  /** Never rejects and never throws: a board that cannot be told does not fail an action. */
  publish(event: FeedEvent): Promise<void>;
}
