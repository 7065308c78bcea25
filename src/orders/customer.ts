import { Refusal } from '../errors';
import type { CustomerRecord } from '../services';
import { type CustomerId, wrongCodesUntilLocked } from './order';

const hourMs = 3_600_000;

/** The record of a customer nothing is known of yet. */
export function newCustomer(id: CustomerId): CustomerRecord {
  return { id, wrongCodesInARow: 0, codesSentAt: [], answers: [] };
}

/** Whether the customer must sign in on the web and unlock voice ordering before any further order. */
export function isLocked(customer: CustomerRecord): boolean {
  return customer.wrongCodesInARow >= wrongCodesUntilLocked;
}

/** @throws Refusal `voice_ordering_locked` */
export function refuseIfLocked(customer: CustomerRecord): void {
  if (!isLocked(customer)) return;
  throw new Refusal(
    'voice_ordering_locked',
    'Too many wrong codes in a row. Sign in to the web page and unlock voice ordering under your profile.',
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
