import { randomUUID } from 'node:crypto';
import type { Action } from './action';
import type { StepUpServices } from './outside';

/** Tells open pages what became of these actions, after the store has committed. The turn does not wait for it. */
export function announce<Terms>(
  services: Pick<StepUpServices<Terms>, 'feed' | 'clock' | 'kind'>,
  actions: readonly Action<Terms>[] = [],
): void {
  for (const action of actions) {
    void services.feed.publish({
      id: randomUUID(),
      at: services.clock(),
      customerId: action.customerId,
      actionId: action.id,
      status: action.status,
      summary: services.kind.describe(action.terms),
    });
  }
}
