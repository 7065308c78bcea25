import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Action } from './action';
import { announce } from './announce';
import type { CustomerId } from './customer';
import { type Answer, recall, remember } from './idempotency';
import type { CustomerRecord, Entry, Ledger, Scope } from './ledger';
import type { Notice } from './notice';
import type { Step, StepUpServices } from './outside';
import { recordOutcome } from './record-outcome';
import { Refusal } from './refusal';

/** What a door says of every turn. */
export interface TurnRequest {
  customerId: CustomerId;
  /** A repeated id gets the same answer and does nothing. Doors prefix it: `alexa:…`, `api:…`. */
  requestId?: string;
  /** Ends the turn's calls to Auth0; the turn is then settled as `upstream_unavailable`. */
  signal: AbortSignal;
}

/**
 * What a step wants written, and which actions the board should hear of once it is. Notices are written where there is
 * somebody to bring them.
 */
interface Change<Terms> {
  customer?: CustomerRecord;
  /** What all customers share: only in a turn whose scope has it. */
  everybody?: CustomerRecord;
  actions?: readonly Entry<Terms>[];
  notices?: readonly Notice[];
  announce?: readonly Action<Terms>[];
}

export type Settled<Terms> = Change<Terms> & { answer: Answer<Terms> };

/** What a turn asks Auth0, and what it makes of the answer. */
interface Question<Terms, Found> {
  ask(): Promise<Found>;
  settle(ledger: Ledger<Terms>, found: Found | Refusal, now: number): Settled<Terms>;
}

type Begun<Terms, Found> = Settled<Terms> | (Change<Terms> & Question<Terms, Found>);

/**
 * A turn in three steps: `begin` and `settle` are transitions of the store, `ask` is the question to Auth0 between them.
 * What could be lost or abused is written in `begin`, before Auth0 is asked, and given back in `settle` where that is fair.
 */
export interface Turn<Terms, Found> {
  step: Step['step'];
  /** What is asked for; a request id used for something else is refused. Must not hold a code. */
  fingerprint: string;
  /** What `begin` sees besides, and `settle` too after a refusal. */
  scope?: Scope;
  /** Ends the turn at once with an `answer`, or asks. A Refusal thrown here is the answer, and nothing changes. */
  begin(ledger: Ledger<Terms>, now: number): Begun<Terms, Found>;
}

/** How many turns of one customer may wait for the one in flight, in a process; the next is sent away at once. */
const waitingAtMost = 3;

/** Longer than any turn may take, so that only a process that died leaves a turn open until then. */
export const turnLifetimeMs = 10_000;
const busyForMs = 3_000;
const busyPollMs = 50;

/**
 * Takes one turn of one customer, one at a time on all instances, and remembers its answer under the request id.
 * @returns the action the turn was about, as it is now
 * @throws Refusal as the turn's own steps do, and `request_in_progress` when another turn does not end,
 *   `idempotency_key_reused`, `upstream_unavailable`, `store_unavailable`
 */
export function takeTurn<Terms, Found>(
  services: StepUpServices<Terms>,
  request: TurnRequest,
  turn: Turn<Terms, Found>,
): Promise<Action<Terms>> {
  const { requestId, customerId } = request;
  return recordOutcome(
    services,
    { step: turn.step, requestId, customerId, by: 'customer' },
    () => runTurn(services, request, turn),
    ({ id }) => id,
  );
}

async function runTurn<Terms, Found>(
  services: StepUpServices<Terms>,
  request: TurnRequest,
  turn: Turn<Terms, Found>,
): Promise<Action<Terms>> {
  const turnId = randomUUID();
  const begun = await beginWhenFree(services, request, turn, turnId);
  tell(services, begun);
  if ('answer' in begun) return unwrap(services, begun.answer);

  const found = await ask(services, turn.step, begun);
  const settle = (ledger: Ledger<Terms>) => {
    const now = services.clock();
    const change = begun.settle(ledger, found, now);
    const { everybody, actions } = change;
    const customer = endTurn(change.customer ?? ledger.customer, turnId);
    const notices = services.courier && change.notices;
    const remembering = remember(customer, request.requestId, turn.fingerprint, change.answer, now);
    return { customer: remembering, everybody, actions, notices, result: change };
  };
  // What is given back may be everybody's.
  const scope = found instanceof Refusal ? turn.scope : undefined;
  const settled = await services.store.transact(request.customerId, settle, scope);
  tell(services, settled);
  return unwrap(services, settled.answer);
}

/** Once it is written: open pages hear of it, and who brings the notices. The turn waits for neither. */
function tell<Terms>(services: StepUpServices<Terms>, { announce: actions, notices }: Change<Terms>): void {
  announce(services, actions);
  if (notices) services.courier?.wake();
}

async function beginWhenFree<Terms, Found>(
  services: StepUpServices<Terms>,
  request: TurnRequest,
  turn: Turn<Terms, Found>,
  turnId: string,
): Promise<Begun<Terms, Found>> {
  const giveUpAt = performance.now() + busyForMs;
  const written = (ledger: Ledger<Terms>, begun: Begun<Terms, Found>, now: number) => {
    const customer = begun.customer ?? ledger.customer;
    const { actions, everybody } = begun;
    const notices = services.courier && begun.notices;
    if (!('answer' in begun)) {
      const turnOfThis = { id: turnId, startedAt: now };
      return { customer: { ...customer, turn: turnOfThis }, everybody, actions, notices };
    }
    if (customer === ledger.customer && !actions) return {};
    return {
      customer: remember(customer, request.requestId, turn.fingerprint, begun.answer, now),
      actions,
      notices,
    };
  };
  for (;;) {
    const begun = await services.store.transact<Begun<Terms, Found> | 'busy'>(
      request.customerId,
      (ledger) => {
        const now = services.clock();
        const known = recall(services.kind, ledger.customer, request.requestId, turn.fingerprint, now);
        if (known) return { result: { answer: known } };
        if (isInTurn(ledger.customer, now)) return { result: 'busy' };

        const begun = beginOrRefuse(turn, ledger, now);
        return { ...written(ledger, begun, now), result: begun };
      },
      turn.scope,
    );
    if (begun !== 'busy') return begun;
    if (performance.now() > giveUpAt || request.signal.aborted) throw inProgress();
    await waitInLine(services.store, request.customerId);
  }
}

/** How many turns of a customer wait in this process, by the store in which they do. */
const waiting = new WeakMap<object, Map<CustomerId, number>>();

/** @throws Refusal `request_in_progress` when enough of this customer's turns wait already */
async function waitInLine(store: object, customerId: CustomerId): Promise<void> {
  const line = waiting.get(store) ?? new Map<CustomerId, number>();
  waiting.set(store, line);
  const before = line.get(customerId) ?? 0;
  if (before >= waitingAtMost) throw inProgress();
  line.set(customerId, before + 1);
  await pause(busyPollMs);
  const after = (line.get(customerId) ?? 1) - 1;
  if (after > 0) line.set(customerId, after);
  else line.delete(customerId);
}

function inProgress(): Refusal {
  const message = 'An earlier request of this customer is still being worked on.';
  return new Refusal('request_in_progress', message, { retryAfterSeconds: 2 });
}

function beginOrRefuse<Terms, Found>(
  turn: Turn<Terms, Found>,
  ledger: Ledger<Terms>,
  now: number,
): Begun<Terms, Found> {
  try {
    return turn.begin(ledger, now);
  } catch (error) {
    if (error instanceof Refusal) return { answer: { refusal: error } };
    throw error;
  }
}

// A fault of ours must not leave the customer's turn open, nor cost an attempt: it is settled like Auth0's silence.
async function ask<Terms, Found>(
  services: StepUpServices<Terms>,
  step: Step['step'],
  question: Question<Terms, Found>,
): Promise<Found | Refusal> {
  try {
    return await question.ask();
  } catch (error) {
    if (error instanceof Refusal) return error;
    services.log.error({ err: error, step }, 'asking Auth0 failed unexpectedly');
    return new Refusal('upstream_unavailable', 'The code service failed.', {}, { cause: error });
  }
}

/** Whether a turn of this customer is under way, whose process has not died. */
export function isInTurn({ turn }: CustomerRecord, now: number): boolean {
  return turn !== undefined && Math.abs(now - turn.startedAt) < turnLifetimeMs;
}

// A turn that outlived its time has lost its place to another, whose mark must stay.
function endTurn(customer: CustomerRecord, turnId: string): CustomerRecord {
  if (customer.turn?.id !== turnId) return customer;
  const { turn: _ended, ...rest } = customer;
  return rest;
}

function unwrap<Terms>({ log, limits }: StepUpServices<Terms>, answer: Answer<Terms>): Action<Terms> {
  if ('action' in answer) return answer.action;
  const { refusal } = answer;
  if (refusal.code === 'order_changed') {
    const { details } = refusal as Refusal<'order_changed'>;
    log.error({ actionId: details.action.id }, 'The terms of an action are not those that were placed');
  }
  // A budget of all that is used up: somebody attacks, or it is too small.
  if (refusal.code === 'too_many_codes_in_all') {
    log.error({ codesPerHourTotal: limits.codesPerHourTotal }, 'no more codes are sent to anybody');
  }
  throw refusal;
}
