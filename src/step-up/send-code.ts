import type { CodeDelivery } from './action';
import type { CustomerId } from './customer';
import type { CustomerRecord } from './ledger';
import { everybody, spendCodeOfAll, unspendCodeOfAll } from './limits';
import type { StepUpServices } from './outside';
import { Refusal } from './refusal';

/**
 * Sends a code within the budget that all customers share, on all instances. It is paid before, so that parallel requests
 * share it, and given back when the code was surely not sent: nobody without a contact uses up the others' codes.
 * @throws Refusal `too_many_codes_in_all`, or as Passwordless.sendCode does
 */
export async function sendCode<Terms>(
  { store, passwordless, limits, clock, log }: StepUpServices<Terms>,
  customerId: CustomerId,
  signal: AbortSignal,
): Promise<CodeDelivery> {
  const book = (change: (record: CustomerRecord) => CustomerRecord) =>
    store.transact(everybody, ({ customer }) => ({ customer: change(customer), result: undefined }));
  try {
    await book((record) => spendCodeOfAll(record, limits.codesPerHourTotal, clock()));
    return await passwordless.sendCode(customerId, signal);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'too_many_codes_in_all') {
      log.error({ codesPerHourTotal: limits.codesPerHourTotal }, 'no more codes are sent to anybody');
    } else if (error.code !== 'store_unavailable') {
      await book(unspendCodeOfAll);
    }
    throw error;
  }
}
