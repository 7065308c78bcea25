import type { CustomerRecord } from './ledger';
import { Refusal } from './refusal';

/** Three wrong codes refuse an action, even if the next one is right: the limit that Auth0 itself has for a code. */
export const attemptsPerAction = 3;

/** Wrong codes in a row, across actions, after which a customer must sign in on the web to go on (NIST SP 800-63B-4 §3.2.2). */
const wrongCodesUntilLocked = 5;

const hourMs = 3_600_000;

/** Whether the customer must sign in on the web and unlock ordering before any further action, by whichever door. */
export function isLocked(customer: CustomerRecord): boolean {
  return customer.wrongCodesInARow >= wrongCodesUntilLocked;
}

/** @throws Refusal `ordering_locked` */
export function refuseIfLocked(customer: CustomerRecord): void {
  if (!isLocked(customer)) return;
  throw new Refusal(
    'ordering_locked',
    'Too many wrong codes in a row. Sign in to the web page and unlock ordering under your profile.',
  );
}

/**
 * Takes one code off the customer's hourly budget, before it is sent, so that parallel requests share it.
 * @throws Refusal `too_many_codes` with the seconds until the oldest code is an hour old
 */
export function spendCode(customer: CustomerRecord, codesPerHour: number, now: number): CustomerRecord {
  const recent = customer.codesSentAt.filter((sentAt) => sentAt > now - hourMs);
  const oldest = recent[0];
  if (oldest !== undefined && recent.length >= codesPerHour) {
    const retryAfterSeconds = Math.ceil((oldest + hourMs - now) / 1000);
    throw new Refusal('too_many_codes', `No more than ${codesPerHour} codes are sent within an hour.`, {
      retryAfterSeconds,
    });
  }
  return { ...customer, codesSentAt: [...recent, now] };
}

/** Gives back the newest code of the budget: it was never sent. */
export function unspendCode(customer: CustomerRecord): CustomerRecord {
  return { ...customer, codesSentAt: customer.codesSentAt.slice(0, -1) };
}
