import { randomUUID } from 'node:crypto';
import type { CustomerId } from './customer';

/** What a customer is told besides the answer of a turn. A new kind does not compile until there are words for it. */
export const noticeKinds = ['receipt', 'locked', 'cancelled_by_staff', 'disowned'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/**
 * Something that must reach a customer and survives a restart: it is written with what it tells of, in one atomic step, and
 * waits in the store until somebody has brought it. Holds no contact data, and no words.
 */
export interface Notice {
  /** UUID (RFC 9562); stays the same however often bringing it is tried. */
  id: string;
  kind: NoticeKind;
  /** The action that it tells of: the confirmed or cancelled one, or the one whose last wrong code locked the customer. */
  actionId: string;
  at: number;
}

/** A notice, and who it is for. */
export type ClaimedNotice = Notice & { customerId: CustomerId };

/** Where notices wait. A part of the store, with the same promises and refusals. */
export interface Outbox {
  /**
   * Up to `limit` notices that are due at `now`, those that wait the longest first. Until `until` they are due for nobody
   * else, on any number of instances: a process that dies meanwhile gives them back.
   */
  claimNotices(now: number, until: number, limit: number): Promise<ClaimedNotice[]>;
  /** Makes a notice due again at that time. */
  postponeNotice(id: string, until: number): Promise<void>;
  /** Ends a notice: it was brought, or never will be. */
  removeNotice(id: string): Promise<void>;
}

/** A notice of this moment about an action. */
export function noticeOf(kind: NoticeKind, { id: actionId }: { id: string }, at: number): Notice {
  return { id: randomUUID(), kind, actionId, at };
}
