import type { Action, ActionKind } from './action';
import type { CustomerRecord, RememberedAnswer } from './ledger';
import { Refusal, type RefusalCode, refusalTraits } from './refusal';
import { formatWithoutTerms, parseAction } from './stored-body';

/** How a turn ended: the action it was about, or why not. */
export type Answer<Terms> = { action: Action<Terms> } | { refusal: Refusal };

/** As long as a request could come again: Alexa's for 300 s on either side of its time, an API client's a little longer. */
const neededForMs = 600_000;
/** As long as there is room: an API client may try again after hours. */
const rememberForMs = 24 * 3_600_000;
const olderAtMost = 10;

/**
 * The answer already given to this request id, or undefined for a new request.
 * The same id for something else is answered `idempotency_key_reused` (draft-ietf-httpapi-idempotency-key-header §2.7).
 */
export function recall<Terms>(
  kind: ActionKind<Terms>,
  customer: CustomerRecord,
  requestId: string | undefined,
  fingerprint: string,
  now: number,
): Answer<Terms> | undefined {
  if (requestId === undefined) return undefined;
  const remembered = customer.answers.find(
    (answer) => answer.requestId === requestId && answer.at > now - rememberForMs,
  );
  if (!remembered) return undefined;
  if (remembered.fingerprint !== fingerprint) {
    const message = 'This request id was used for a different request.';
    return { refusal: new Refusal('idempotency_key_reused', message) };
  }
  return parseOutcome(kind, customer, JSON.parse(remembered.outcome));
}

/**
 * The record with this answer added. None makes room for another while it could be needed: what changes something is limited
 * by the hour, and what changed nothing is not remembered.
 */
export function remember<Terms>(
  customer: CustomerRecord,
  requestId: string | undefined,
  fingerprint: string,
  answer: Answer<Terms>,
  now: number,
): CustomerRecord {
  if (requestId === undefined) return customer;
  if ('refusal' in answer && !refusalTraits[answer.refusal.code].remembered) return customer;
  const action = 'action' in answer ? answer.action : actionOf(answer.refusal);
  const remembered: RememberedAnswer = { requestId, fingerprint, at: now, outcome: formatOutcome(answer) };
  const needed = customer.answers.filter(({ at }) => at > now - neededForMs);
  const older = customer.answers.filter(({ at }) => at <= now - neededForMs && at > now - rememberForMs);
  const room = Math.max(0, olderAtMost - needed.length);
  const terms = action?.termsHash !== undefined && { [action.termsHash]: action.terms };
  return withAnswers({ ...customer, termsOfAnswers: { ...customer.termsOfAnswers, ...terms } }, [
    ...(room > 0 ? older.slice(-room) : []),
    ...needed,
    remembered,
  ]);
}

/** The record with these answers and no others, and the terms that they are about. */
export function withAnswers(customer: CustomerRecord, answers: readonly RememberedAnswer[]): CustomerRecord {
  const { termsOfAnswers = {}, ...rest } = customer;
  const isMeant = ([hash]: [string, unknown]) => answers.some(({ outcome }) => outcome.includes(hash));
  const meant = Object.entries(termsOfAnswers).filter(isMeant);
  return { ...rest, answers, ...(meant.length > 0 && { termsOfAnswers: Object.fromEntries(meant) }) };
}

function actionOf(refusal: Refusal): Action<unknown> | undefined {
  return (refusal.details as { action?: Action<unknown> }).action;
}

function formatOutcome<Terms>(answer: Answer<Terms>): string {
  if ('action' in answer) return JSON.stringify({ action: formatWithoutTerms(answer.action) });
  const { code, message, details } = answer.refusal;
  const action = actionOf(answer.refusal);
  return JSON.stringify({
    refusal: {
      code,
      message,
      details: { ...details, ...(action && { action: formatWithoutTerms(action) }) },
    },
  });
}

interface StoredOutcome {
  action?: unknown;
  /** As version 1 named it. */
  order?: unknown;
  refusal?: { code: string; message: string; details: Record<string, unknown> };
}

function parseOutcome<Terms>(
  kind: ActionKind<Terms>,
  { id: customerId, termsOfAnswers = {} }: CustomerRecord,
  { action, order = action, refusal }: StoredOutcome,
): Answer<Terms> | undefined {
  const parse = (stored: unknown) => parseAction(stored, kind, { customerId }, termsOfAnswers);
  if (!refusal) return { action: parse(order) };
  const { action: about, order: named = about, ...rest } = refusal.details;
  // Version 1 had one refusal that left out its action; the request is asked anew.
  if (refusal.code === 'order_cancelled' && named === undefined) return undefined;
  const details = {
    ...rest,
    ...(named !== undefined && { action: parse(named) }),
  };
  return { refusal: new Refusal(parseCode(refusal.code), refusal.message, details as never) };
}

function parseCode(code: string): RefusalCode {
  if (code === 'voice_ordering_locked') return 'ordering_locked';
  if (Object.hasOwn(refusalTraits, code)) return code as RefusalCode;
  throw new Error('The store holds an answer that POD has not given.');
}
