import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { notVerifiedReasons } from '../alexa/verify-error';
import { problemTraits } from '../http/problem';
import { type DoorCounts, signInOutcomes } from '../http/refused';
import { type MailOutcome, mailOutcomes } from '../mail/courier';
import { statuses } from '../step-up/action';
import type { Feed, Step } from '../step-up/outside';
import { refusalTraits } from '../step-up/refusal';
import { type StoreCall, storeCalls, storeFaults } from '../stores/watch-store';
import { type LifeState, lifeStates } from './life';

/** What Prometheus is told. Counts are of this process: a sum over all instances is a query. */
export type Metrics = ReturnType<typeof createMetrics>;

const doors = ['alexa', 'api', 'app'] as const satisfies readonly Step['door'][];
const steps = [
  'place',
  'confirm',
  'resend',
  'cancel',
  'done',
  'undo',
  'hide',
] as const satisfies readonly Step['step'][];
const outcomes = ['done', ...Object.keys(refusalTraits)];
/** What body-parser calls a body that cannot be read. */
const bodyFaults = ['entity.too.large', 'encoding.unsupported', 'request.aborted', 'request.size.invalid'];
const problems = [...Object.keys(problemTraits), 'insufficient_user_authentication'];
const refusals = {
  alexa: [...Object.keys(refusalTraits), ...notVerifiedReasons, ...bodyFaults, 'internal_error'],
  api: problems,
  app: problems,
} satisfies Record<(typeof doors)[number], string[]>;

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7];

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const count = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const time = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });

  const state = new Gauge({
    name: 'pod_state',
    help: 'The state that the process is in: 1 for one of them',
    labelNames: ['state'],
    registers,
  });
  const storeUp = new Gauge({
    name: 'pod_store_up',
    help: 'Whether an order could be written when it was last tried: 1 or 0',
    registers,
  });
  const storeCallTime = time('pod_store_seconds', 'Duration of calls of the store, by the call', 'call');
  const storeFaultCount = count('pod_store_faults_total', 'Calls that the store failed, by reason', 'reason');
  const orders = count('pod_orders_total', 'Orders by the status they came into', 'status');
  const codeSends = count('pod_code_sends_total', 'One-time codes by what became of sending them', 'outcome');
  const attempts = count('pod_attempts_total', 'Attempts to confirm an order by their outcome', 'outcome');
  const refused = count('pod_refusals_total', 'Refused requests by door and reason', 'door', 'reason');
  const signIns = count('pod_sign_ins_total', 'Sign-ins at the page by their outcome', 'outcome');
  const mails = count('pod_mails_total', 'Mails to customers by what became of a try', 'outcome');
  const turns = time('pod_turn_seconds', 'Duration of the steps of an order', 'step');
  const auth0 = time(
    'pod_auth0_request_seconds',
    'Duration of requests to Auth0, by path and status; status 0 is no answer',
    'path',
    'status',
  );

  // A count that appears with its first event has no rate: all that is known is there from the start.
  for (const status of statuses) orders.inc({ status }, 0);
  for (const outcome of outcomes) {
    codeSends.inc({ outcome }, 0);
    attempts.inc({ outcome }, 0);
  }
  for (const door of doors) {
    for (const reason of refusals[door]) refused.inc({ door, reason }, 0);
  }
  for (const outcome of signInOutcomes) signIns.inc({ outcome }, 0);
  for (const outcome of mailOutcomes) mails.inc({ outcome }, 0);
  for (const step of steps) turns.zero({ step });
  for (const call of storeCalls) storeCallTime.zero({ call });
  for (const reason of storeFaults) storeFaultCount.inc({ reason }, 0);

  return {
    tellState(now: LifeState): void {
      for (const one of lifeStates) state.set({ state: one }, one === now ? 1 : 0);
    },
    tellStore: (isUp: boolean) => storeUp.set(isUp ? 1 : 0),
    recordStoreCall({ call, fault, durationMs }: StoreCall): void {
      storeCallTime.observe({ call }, durationMs / 1000);
      if (fault) storeFaultCount.inc({ reason: fault });
    },
    /** What the doors count themselves. */
    counts: {
      refusal: (door, reason) => refused.inc({ door, reason }),
      signIn: (outcome) => signIns.inc({ outcome }),
    } satisfies DoorCounts,
    countMail: (outcome: MailOutcome) => mails.inc({ outcome }),
    recordStep({ step, outcome, door, durationMs }: Step): void {
      if (outcome !== 'done' && door) refused.inc({ door, reason: outcome });
      turns.observe({ step }, durationMs / 1000);
      if (step === 'place' || step === 'resend') codeSends.inc({ outcome });
      if (step === 'confirm') attempts.inc({ outcome });
    },
    /** A feed that counts what passes through it: every change of an order's status is announced. */
    countOrders: (feed: Feed): Feed => ({
      publish(event) {
        if ('status' in event) orders.inc({ status: event.status });
        return feed.publish(event);
      },
    }),
    /** A fetch that times what it asks of Auth0. */
    timeAuth0:
      (fetchIt: typeof fetch): typeof fetch =>
      async (input, init) => {
        const path = pathOf(input instanceof Request ? input.url : input);
        const startedAt = performance.now();
        const observe = (status: number) =>
          auth0.observe({ path, status }, (performance.now() - startedAt) / 1000);
        try {
          const response = await fetchIt(input, init);
          observe(response.status);
          return response;
        } catch (error) {
          observe(0);
          throw error;
        }
      },
    /** The text of `/metrics`. */
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Without ids: a label for each customer would fill Prometheus, and tell who ordered. */
function pathOf(url: string | URL): string {
  return new URL(url).pathname.replace(/(\/users\/)[^/]+/, '$1{id}');
}
