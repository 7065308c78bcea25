import { type Action, type ActionKind, cancelReasons, channels, doors, statuses } from './action';
import type { CustomerId } from './customer';
import { proofDoors, proofMethods } from './evidence';
import { type Fields, list, number, object, oneOf, optional, type Shape, text } from './json-shape';
import { type CustomerRecord, type Entry, newCustomer } from './ledger';

/**
 * The bodies that stores keep, as JSON. Version 2 is written. Version 1 said no version, called the terms by the kind's
 * own word and an ending `settledAt`; it is read for as long as a store may hold it.
 */
const version = 2;

const flag = optional(oneOf([true]));
const times = optional(list(number));

const hash = optional(text(64, /^[0-9a-f]{64}$/));
const shapeOfEvidence = object({
  method: oneOf(proofMethods),
  door: oneOf(proofDoors),
  channel: optional(oneOf(channels)),
  authTime: optional(number),
  amr: optional(list(text())),
  at: number,
});

const shapeOfAction = object({
  id: text(),
  number: optional(number),
  termsHash: hash,
  via: oneOf(doors),
  placedAt: number,
  attempts: number,
  delivery: optional(object({ channel: oneOf(channels), maskedContact: text(), unsure: flag })),
  wrongCodesBefore: optional(number),
  evidence: optional(shapeOfEvidence),
  hiddenAt: optional(number),
  status: oneOf(statuses),
});
const shapeOfPending = object({
  expiresAt: number,
  uncharged: flag,
  doubtful: flag,
  proved: optional(object({ conversation: text(), at: number })),
});
const shapeOfCancelled = object({
  endedAt: number,
  reason: oneOf(cancelReasons),
  who: optional(text()),
  note: optional(text()),
  confirmedAt: optional(number),
});
const shapeOfEnded = object({ endedAt: number });

const shapeOfRecord = object({
  wrongCodesInARow: optional(number),
  wrongCodesAt: times,
  wrongCodesUntold: optional(number),
  otherCodeUntil: optional(number),
  disownedAt: optional(number),
  signedOutAt: optional(number),
  lastNumber: optional(number),
  codesByMinute: optional(list(object({ at: number, count: number }))),
  actionsAt: times,
  codesSentAt: times,
  termsOfAnswers: optional(object({})),
  turn: optional(object({ id: text(), startedAt: number })),
  answers: optional(list(object({ requestId: text(), fingerprint: text(), at: number, outcome: text() }))),
});

/** An action as it is stored: the store keeps whose it is, and whether and by whom it is archived, beside it. */
export function formatAction<Terms>(action: Entry<Terms>): object {
  const {
    customerId: _key,
    archivedAt: _column,
    archivedBy: _another,
    evidence,
    ...body
  } = action as Action<Terms>;
  if (!evidence) return { version, ...body };
  // The hash is the action's own: a webtask's storage is small.
  const { termsHash: _same, ...proof } = evidence;
  return { version, ...body, evidence: proof };
}

/** Terms that are kept once for many bodies, by their hash. */
export type KeptTerms = Readonly<Record<string, unknown>>;

/** The same without its terms, if they have a hash: whoever stores it keeps them by that. */
export function formatWithoutTerms(action: Entry<unknown>): object {
  const { terms, ...body } = formatAction(action) as { terms: unknown };
  return action.termsHash === undefined ? { terms, ...body } : body;
}

/**
 * Reads an action back.
 * @param beside what the store keeps beside the body
 * @param keptTerms where the terms are of a body that was stored without
 * @throws Error for a body that POD has not written, or a newer POD has
 */
export function parseAction<Terms>(
  json: unknown,
  kind: ActionKind<Terms>,
  beside: Pick<Action<Terms>, 'customerId' | 'archivedAt' | 'archivedBy' | 'hiddenAt'>,
  keptTerms: KeptTerms = {},
): Action<Terms> {
  const { written, body } = versionOf(json, shapeOfAction);
  // A POD of version 1 that runs beside this one adds its own word to a body of version 2.
  if (written === 1 || 'settledAt' in body) {
    const { [kind.unversionedTerms ?? '']: old, terms = old, settledAt, endedAt = settledAt, ...same } = body;
    const renamed = { version, ...same, terms, ...(endedAt !== undefined && { endedAt }) };
    return parseAction(renamed, kind, beside, keptTerms);
  }
  const { status, termsHash, terms = keptTerms[String(termsHash)], evidence } = body;
  check(
    body,
    status === 'pending' ? shapeOfPending : status === 'cancelled' ? shapeOfCancelled : shapeOfEnded,
  );
  if (evidence && termsHash !== undefined) Object.assign(evidence, { termsHash });
  return Object.assign(body, beside, { terms: kind.parse(terms) }) as unknown as Action<Terms>;
}

/** A customer's record as it is stored, without what is as in a new one: the store keeps whose it is beside it. */
export function formatRecord(customer: CustomerRecord): object {
  const initial: Fields = { ...newCustomer(customer.id) };
  const isInitial = ([name, value]: [string, unknown]) =>
    value === initial[name] || (Array.isArray(value) && value.length === 0);
  const telling = Object.entries(customer).filter((entry) => !isInitial(entry));
  return { version, ...Object.fromEntries(telling) };
}

/**
 * Reads a customer's record back; what is absent is as in a new one.
 * @throws Error for a body that POD has not written, or a newer POD has
 */
export function parseRecord(json: unknown, customerId: CustomerId): CustomerRecord {
  const { body } = versionOf(json, shapeOfRecord);
  return { ...newCustomer(customerId), ...body, id: customerId };
}

function versionOf(json: unknown, shape: Shape): { written: number; body: Fields } {
  const { version: written = 1, ...body } = Object(json) as Fields;
  if (written !== 1 && written !== version) {
    throw new Error(`The store holds a body of version ${String(written)}, and this POD knows ${version}.`);
  }
  check(json, shape);
  return { written, body };
}

function check(json: unknown, shape: Shape): void {
  const fault = shape(json);
  // Without the value: it may be a customer's.
  if (fault !== undefined) throw new Error(`The store holds a body that POD has not written: body${fault}.`);
}
