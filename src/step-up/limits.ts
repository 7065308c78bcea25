import { type Action, type PendingAction, pendingLifetimeMs } from './action';
import type { CustomerRecord, Ledger } from './ledger';
import { Refusal } from './refusal';
import { isInTurn, turnLifetimeMs } from './turn';

/** Three wrong codes refuse an action, even if the next one is right: the limit that Auth0 itself has for a code. */
export const attemptsPerAction = 3;

/** Wrong codes in a row, across actions, after which a customer must sign in on the web to go on (NIST SP 800-63B-4 §3.2.2). */
const inARowUntilLocked = 5;
/** Wrong codes within 30 days, successes between them or not: who guesses a few each day is stopped too. */
const inThirtyDaysUntilLocked = 10;

const hourMs = 3_600_000;
const thirtyDaysMs = 30 * 24 * hourMs;

/**
 * Whether the customer must sign in on the web and unlock ordering before any further action, by whichever door. During a turn
 * wrong codes lock nobody: who is locked begins none that asks, and the code that it may be checking is counted as wrong before
 * anybody knows whether it is.
 */
export function isLocked(customer: CustomerRecord, now: number): boolean {
  if (customer.disownedAt !== undefined) return true;
  return isLockedByCodes(customer, now) && !isInTurn(customer, now);
}

/** Whether wrong codes lock it, the one that is being checked among them. */
export function isLockedByCodes(customer: CustomerRecord, now: number): boolean {
  return wrongCodesLeft(customer, now) <= 0;
}

/** Whether the customer is locked, or was until wrong codes grew old: what a store can find without a clock. */
export function mayBeLocked(customer: Omit<CustomerRecord, 'id'>): boolean {
  const { wrongCodesInARow, wrongCodesAt, disownedAt } = customer;
  return (
    disownedAt !== undefined ||
    wrongCodesInARow >= inARowUntilLocked ||
    wrongCodesAt.length >= inThirtyDaysUntilLocked
  );
}

/** @throws Refusal `ordering_locked` */
export function refuseIfLocked(customer: CustomerRecord, now: number): void {
  if (!isLocked(customer, now)) return;
  if (customer.disownedAt !== undefined) {
    const message =
      'The customer said that an order was not theirs. Sign in to the web page again and unlock ordering under your profile.';
    throw new Refusal('ordering_locked', message, { disowned: true });
  }
  throw new Refusal(
    'ordering_locked',
    'Too many wrong codes. Sign in to the web page and unlock ordering under your profile.',
  );
}

/** How many more wrong codes are told apart from the next one, and what that one does: the nearer limit is the true one. */
export function attemptsLeft(
  action: PendingAction<unknown>,
  customer: CustomerRecord,
  now: number,
): { attemptsLeft: number; lastOne: 'refuses' | 'locks' } {
  const ofAction = attemptsPerAction - action.attempts + (action.uncharged ? 1 : 0);
  const untilLocked = wrongCodesLeft(customer, now) + (action.uncharged ? 1 : 0);
  return untilLocked <= ofAction
    ? { attemptsLeft: untilLocked, lastOne: 'locks' }
    : { attemptsLeft: ofAction, lastOne: 'refuses' };
}

function wrongCodesLeft({ wrongCodesInARow, wrongCodesAt }: CustomerRecord, now: number): number {
  const within = wrongCodesAt.filter((at) => at > now - thirtyDaysMs).length;
  return Math.min(inARowUntilLocked - wrongCodesInARow, inThirtyDaysUntilLocked - within);
}

/** Counts a code as wrong before Auth0 is asked, so that whoever hangs up has spent it. */
export function chargeWrongCode(customer: CustomerRecord, now: number): CustomerRecord {
  return {
    ...customer,
    wrongCodesInARow: customer.wrongCodesInARow + 1,
    wrongCodesUntold: customer.wrongCodesUntold + 1,
    wrongCodesAt: [...customer.wrongCodesAt.filter((at) => at > now - thirtyDaysMs), now],
  };
}

/** The record after a right code, and how many wrong ones the customer should hear of. */
export function afterSuccess(customer: CustomerRecord): {
  customer: CustomerRecord;
  wrongCodesBefore: { wrongCodesBefore?: number };
} {
  const { wrongCodesUntold } = customer;
  return {
    customer: { ...customer, wrongCodesInARow: 0, wrongCodesUntold: 0, otherCodeUntil: 0 },
    wrongCodesBefore: wrongCodesUntold > 0 ? { wrongCodesBefore: wrongCodesUntold } : {},
  };
}

/** Takes back the newest wrong code: it was none. */
export function unchargeWrongCode(customer: CustomerRecord): CustomerRecord {
  return {
    ...customer,
    wrongCodesInARow: Math.max(0, customer.wrongCodesInARow - 1),
    wrongCodesUntold: Math.max(0, customer.wrongCodesUntold - 1),
    wrongCodesAt: customer.wrongCodesAt.slice(0, -1),
  };
}

/** The record of a customer whose pending action ends unproved: its code may be alive, and be said for another action. */
export function mindOtherCode(customer: CustomerRecord, ended: Action<unknown> | undefined): CustomerRecord {
  if (ended?.status !== 'pending') return customer;
  return { ...customer, otherCodeUntil: Math.max(customer.otherCodeUntil, ended.expiresAt) };
}

/**
 * The record while a code is on its way. When its turn cannot tell what became of it, because its process died or the store
 * was away, the code is out without its action: it is minded until then, and `settleCode` takes that back.
 */
export function mindUnsettledCode(customer: CustomerRecord, now: number): CustomerRecord {
  const until = now + pendingLifetimeMs + turnLifetimeMs;
  return { ...customer, otherCodeUntil: Math.max(customer.otherCodeUntil, until) };
}

/** The record as it was before `mindUnsettledCode`, unless another turn has had to mind a code meanwhile. */
export function settleCode(
  customer: CustomerRecord,
  minded: CustomerRecord,
  { otherCodeUntil }: CustomerRecord,
): CustomerRecord {
  return customer.otherCodeUntil === minded.otherCodeUntil ? { ...customer, otherCodeUntil } : customer;
}

/** @throws Refusal `too_many_orders` with the seconds until the oldest action of the hour is an hour old */
export function spendAction(customer: CustomerRecord, ordersPerHour: number, now: number): CustomerRecord {
  const { recent, retryAfterSeconds } = spend(customer.actionsAt, ordersPerHour, now);
  if (retryAfterSeconds === undefined) return { ...customer, actionsAt: recent };
  throw new Refusal('too_many_orders', `No more than ${ordersPerHour} orders are taken within an hour.`, {
    retryAfterSeconds,
  });
}

/**
 * Takes one code off the customer's hourly budget, before it is sent, so that parallel requests share it.
 * @throws Refusal `too_many_codes` with the seconds until the oldest code is an hour old
 */
export function spendCode(customer: CustomerRecord, codesPerHour: number, now: number): CustomerRecord {
  const { recent, retryAfterSeconds } = spend(customer.codesSentAt, codesPerHour, now);
  if (retryAfterSeconds === undefined) return { ...customer, codesSentAt: recent };
  throw new Refusal('too_many_codes', `No more than ${codesPerHour} codes are sent within an hour.`, {
    retryAfterSeconds,
  });
}

function spend(times: readonly number[], perHour: number, now: number) {
  const recent = times.filter((at) => at > now - hourMs);
  const oldest = recent[recent.length - perHour];
  if (oldest === undefined) return { recent: [...recent, now] };
  return { recent, retryAfterSeconds: Math.ceil((oldest + hourMs - now) / 1000) };
}

const minuteMs = 60_000;

/**
 * Takes one code off the hourly budget of all customers together. Counted by minutes, so that the record stays small however
 * large the budget is; within no 60 minutes are more codes sent than it allows.
 * @returns what everybody shares afterwards, or the Refusal `too_many_codes_in_all`
 */
export function spendCodeOfAll(
  ledger: Ledger<unknown>,
  perHour: number,
  now: number,
): CustomerRecord | Refusal {
  const record = sharedBy(ledger);
  const minute = Math.floor(now / minuteMs) * minuteMs;
  const recent = (record.codesByMinute ?? []).filter(({ at }) => at > now - hourMs - minuteMs);
  const sent = recent.reduce((sum, { count }) => sum + count, 0);
  if (sent >= perHour) {
    const oldest = recent[0]?.at ?? now;
    const retryAfterSeconds = Math.max(1, Math.ceil((oldest + hourMs + minuteMs - now) / 1000));
    const message = 'No more codes are sent at the moment, to anybody.';
    return new Refusal('too_many_codes_in_all', message, { retryAfterSeconds });
  }
  const newest = recent.at(-1);
  const others = newest?.at === minute ? recent.slice(0, -1) : recent;
  return {
    ...record,
    codesByMinute: [...others, { at: minute, count: 1 + (newest?.at === minute ? newest.count : 0) }],
  };
}

/** Gives back the newest code, to the customer's budget and to that of all: it was surely not sent. */
export function unspendCode(ledger: Ledger<unknown>): {
  customer: CustomerRecord;
  everybody: CustomerRecord;
} {
  const { customer } = ledger;
  const everybody = sharedBy(ledger);
  const [newest, ...older] = [...(everybody.codesByMinute ?? [])].reverse();
  const rest = newest && newest.count > 1 ? [{ ...newest, count: newest.count - 1 }] : [];
  return {
    customer: { ...customer, codesSentAt: customer.codesSentAt.slice(0, -1) },
    everybody: newest ? { ...everybody, codesByMinute: [...rest, ...older].reverse() } : everybody,
  };
}

function sharedBy({ everybody }: Ledger<unknown>): CustomerRecord {
  if (everybody) return everybody;
  throw new Error('A budget of all customers needs a turn that shares it.');
}
