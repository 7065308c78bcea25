import { type Action, end } from './action';
import { mindOtherCode } from './limits';
import type { StepUpServices } from './outside';
import { ownAction, requirePending } from './pending';
import { type TurnRequest, takeTurn } from './turn';

/**
 * Cancels the customer's pending action; its code is dead from then on.
 * @param request.customerId whose action it is, also when staff cancels it
 * @param request.actionId the action meant; the pending one if absent
 * @returns the cancelled action
 * @throws Refusal `not_found`, `nothing_pending`, `order_*`, or as takeTurn does
 */
export async function withdraw<Terms>(
  services: StepUpServices<Terms>,
  request: TurnRequest & { actionId?: string; by: 'customer' | 'staff' },
): Promise<Action<Terms>> {
  const { customerId, actionId, by } = request;
  const named = await ownAction(services, customerId, actionId);
  return takeTurn<Terms, never>(services, request, {
    step: 'cancel',
    fingerprint: `cancel ${actionId ?? 'pending'}`,
    begin: (ledger, now) => {
      const action = requirePending(ledger, named, now);
      const cancelled = end(action, { status: 'cancelled', endedAt: now, reason: by });
      const customer = mindOtherCode(ledger.customer, action);
      return { customer, actions: [cancelled], announce: [cancelled], answer: { action: cancelled } };
    },
  });
}
