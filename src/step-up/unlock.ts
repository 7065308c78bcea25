import type { CustomerId } from './customer';
import { isSignedInSince, type SignIn } from './evidence';
import type { StepUpServices } from './outside';
import { Refusal } from './refusal';

/**
 * Lets a locked customer order again. The door must have made sure that the customer has just signed in on the web:
 * the wrong codes may have been spoken by somebody else.
 * @throws Refusal `insufficient_user_authentication` for a sign-in from before the customer said that an action was not theirs
 */
export function unlock<Terms>(
  services: Pick<StepUpServices<Terms>, 'store'>,
  customerId: CustomerId,
  signIn: SignIn | undefined,
): Promise<void> {
  return services.store.transact(customerId, ({ customer: { disownedAt, ...customer } }) => {
    if (disownedAt !== undefined && !isSignedInSince(signIn, disownedAt)) {
      throw new Refusal('insufficient_user_authentication', 'Sign in again first.');
    }
    return { customer: { ...customer, wrongCodesInARow: 0, wrongCodesAt: [] }, result: undefined };
  });
}
