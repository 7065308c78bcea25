import type { Status } from '../../src/step-up/action';
import type { Message } from '../tenant/inbox';
import type { Exchange } from './echo-device';

export type EchoId = 'kitchen' | 'living-room';
export type PersonId = 'owner' | 'housemate' | 'guest';

/** Something that was said at an Echo, and what came of it. */
export interface Turn extends Exchange {
  /** That of the request. */
  id: string;
  /** Milliseconds since the epoch, like every time here. */
  at: number;
  echo: EchoId;
  /** Absent when nobody spoke: the session ended by silence. */
  person?: PersonId;
  text: string;
  /** What Alexa says when nobody answers. */
  reprompt?: string;
  isListening: boolean;
  /** Why no phrase of the skill's model fits, if none does. */
  unmatched?: string;
}

/** The customer whose account is linked. */
export interface LinkedCustomer {
  id: string;
  name: string;
  login: string;
  phoneNumber?: string;
  email?: string;
}

/** An order as the small board shows it. */
export interface BoardItem {
  id: string;
  customerId: string;
  what: string;
  status: Status;
  /** Where its code went, masked. */
  contact?: string;
  placedAt: number;
  expiresAt?: number;
}

/** What to say next: at first, while a code is awaited, and after. */
export interface Suggestions {
  first: readonly string[];
  waiting: readonly string[];
  after: readonly string[];
}

/** All that the page shows. */
export interface HouseholdState {
  /** The name under which people call the skill. */
  invocationName: string;
  officeUrl: string;
  inboxUrl: string;
  customer?: LinkedCustomer;
  listening: Record<EchoId, boolean>;
  turns: readonly Turn[];
  /** To the linked customer, newest first. */
  messages: Message[];
  board: BoardItem[];
  suggestions: Suggestions;
}

/** A request as it was really sent, and what POD answered. */
export interface Sent {
  headers: Record<string, string>;
  body: string;
  status: number;
  answer: unknown;
  /** Why POD refused it, as its log says: a skill's answer gives no reason. */
  reason?: string;
}

export interface AttackInfo {
  id: string;
  name: string;
  /** What the attacker does. */
  story: string;
  /** What should stop them. */
  rule: string;
}

export interface AttackOutcome extends AttackInfo {
  refused: boolean;
  /** What POD answered in the end. */
  answer: string;
  /** What went wrong for POD, if it was not refused as it should be. */
  fault?: string;
}
