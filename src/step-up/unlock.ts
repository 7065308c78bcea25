import type { CustomerId } from './customer';
import type { StepUpServices } from './outside';

/**
 * Lets a locked customer order again. The door must have made sure that the customer has just signed in on the web:
 * the wrong codes may have been spoken by somebody else.
 */
export function unlock<Terms>(
  services: Pick<StepUpServices<Terms>, 'store'>,
  customerId: CustomerId,
): Promise<void> {
  return services.store.transact(customerId, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 0, wrongCodesAt: [] },
    result: undefined,
  }));
}
