import { Counter, Histogram, Registry } from 'prom-client';
import type { OrderFeed, OrderStep } from '../services';

/** What Prometheus is told. Counts are of this process: a sum over all instances is a query. */
export interface Metrics {
  recordStep(step: OrderStep): void;
  /** A feed that counts what passes through it: every change of an order's status is announced. */
  countOrders(feed: OrderFeed): OrderFeed;
  /** A fetch that times what it asks of Auth0. */
  timeAuth0(fetchIt: typeof fetch): typeof fetch;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  contentType: string;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const orders = new Counter({
    name: 'pod_orders_total',
    help: 'Orders by the status they came into',
    labelNames: ['status'],
    registers,
  });
  const codeSends = new Counter({
    name: 'pod_code_sends_total',
    help: 'One-time codes by what became of sending them',
    labelNames: ['outcome'],
    registers,
  });
  const attempts = new Counter({
    name: 'pod_attempts_total',
    help: 'Attempts to confirm an order by their outcome',
    labelNames: ['outcome'],
    registers,
  });
  const turns = new Histogram({
    name: 'pod_turn_seconds',
    help: 'Duration of the steps of an order',
    labelNames: ['step'],
    buckets: seconds,
    registers,
  });
  const auth0 = new Histogram({
    name: 'pod_auth0_request_seconds',
    help: 'Duration of requests to Auth0, by path and status; status 0 is no answer',
    labelNames: ['path', 'status'],
    buckets: seconds,
    registers,
  });

  return {
    recordStep({ step, outcome, durationMs }) {
      turns.observe({ step }, durationMs / 1000);
      if (step === 'place' || step === 'resend') codeSends.inc({ outcome });
      if (step === 'confirm') attempts.inc({ outcome });
    },
    countOrders: (feed) => ({
      publish(event) {
        orders.inc({ status: event.status });
        return feed.publish(event);
      },
    }),
    timeAuth0: (fetchIt) => async (input, init) => {
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
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Without ids: a label for each customer would fill Prometheus, and tell who ordered. */
function pathOf(url: string | URL): string {
  return new URL(url).pathname.replace(/(\/users\/)[^/]+/, '$1{id}');
}
