import { Refusal, type RefusalCode } from '../errors';
import type { CustomerRecord, RememberedAnswer } from '../services';
import type { Order } from './order';

/** How a turn ended: the order it was about, or why not. */
export type Answer = { order: Order } | { refusal: Refusal };

const rememberForMs = 24 * 3_600_000;
const rememberAtMost = 10;

/** Not an answer but a wish to be asked again: the same request id may succeed next time. */
const passing: ReadonlySet<RefusalCode> = new Set([
  'upstream_unavailable',
  'store_unavailable',
  'store_full',
  'request_in_progress',
]);

/**
 * The answer already given to this request id, or undefined for a new request.
 * The same id for something else is answered `idempotency_key_reused` (draft-ietf-httpapi-idempotency-key-header §2.7).
 */
export function recall(
  customer: CustomerRecord,
  requestId: string | undefined,
  fingerprint: string,
  now: number,
): Answer | undefined {
  if (requestId === undefined) return undefined;
  const remembered = customer.answers.find(
    (answer) => answer.requestId === requestId && answer.at > now - rememberForMs,
  );
  if (!remembered) return undefined;
  if (remembered.fingerprint !== fingerprint) {
    const refusal = new Refusal(
      'idempotency_key_reused',
      'This request id was used for a different request.',
    );
    return { refusal };
  }
  return parseOutcome(remembered.outcome);
}

/** The record with this answer added; the oldest ones make room. */
export function remember(
  customer: CustomerRecord,
  requestId: string | undefined,
  fingerprint: string,
  answer: Answer,
  now: number,
): CustomerRecord {
  if (requestId === undefined) return customer;
  if ('refusal' in answer && passing.has(answer.refusal.code)) return customer;
  const remembered: RememberedAnswer = { requestId, fingerprint, at: now, outcome: formatOutcome(answer) };
  const recent = customer.answers.filter(({ at }) => at > now - rememberForMs);
  return { ...customer, answers: [...recent, remembered].slice(-rememberAtMost) };
}

function formatOutcome(answer: Answer): string {
  if ('order' in answer) return JSON.stringify(answer);
  const { code, message, details } = answer.refusal;
  return JSON.stringify({ refusal: { code, message, details } });
}

function parseOutcome(outcome: string): Answer {
  const parsed = JSON.parse(outcome);
  if ('order' in parsed) return parsed;
  return { refusal: new Refusal(parsed.refusal.code, parsed.refusal.message, parsed.refusal.details) };
}
