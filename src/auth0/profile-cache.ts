import type { CustomerId } from '../step-up/customer';
import type { Clock } from '../step-up/outside';

/** A changed number or a blocked account takes effect within a minute. */
const lifetimeMs = 60_000;
const mostEntries = 10_000;

/** What was learnt of a customer less than 60 s ago. What is older, or more than memory should hold, is dropped. */
export function createProfileCache<T>(clock: Clock) {
  const entries = new Map<CustomerId, { value: T; until: number }>();
  const learning = new Map<CustomerId, symbol>();

  function keep(customerId: CustomerId, value: T): void {
    entries.delete(customerId);
    entries.set(customerId, { value, until: clock() + lifetimeMs });
    // Entries are in the order of their end, because all live equally long.
    for (const [oldest, { until }] of entries) {
      if (until > clock() && entries.size <= mostEntries) break;
      entries.delete(oldest);
    }
  }

  return {
    get(customerId: CustomerId): T | undefined {
      const entry = entries.get(customerId);
      return entry && entry.until > clock() ? entry.value : undefined;
    },
    /** Keeps what `ask` finds, unless what is known of this customer was deleted meanwhile: the answer may be older than that. */
    async learn(customerId: CustomerId, ask: () => Promise<T>): Promise<T> {
      const turn = Symbol();
      learning.set(customerId, turn);
      try {
        const value = await ask();
        if (learning.get(customerId) === turn) keep(customerId, value);
        return value;
      } finally {
        if (learning.get(customerId) === turn) learning.delete(customerId);
      }
    },
    delete(customerId: CustomerId): void {
      entries.delete(customerId);
      learning.delete(customerId);
    },
  };
}
