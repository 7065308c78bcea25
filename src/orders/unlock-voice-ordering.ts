import type { Services } from '../services';
import type { CustomerId } from './order';

/**
 * Lets a locked customer order by voice again. The door must have made sure that the customer has just signed in
 * on the web: the wrong codes may have been spoken by somebody else.
 */
export function unlockVoiceOrdering(
  services: Pick<Services, 'store'>,
  customerId: CustomerId,
): Promise<void> {
  return services.store.transact(customerId, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 0 },
    result: undefined,
  }));
}
