import type { Door } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import type { Passwordless, StepUpServices } from '../step-up/outside';
import { propose } from '../step-up/propose';
import { Refusal } from '../step-up/refusal';
import type { TurnRequest } from '../step-up/turn';
import { parseAddress } from './address';
import { parseName } from './name';
import {
  asSold,
  changePizza,
  describePizza,
  type Order,
  type OrderTerms,
  type Pizza,
  type PizzaChange,
} from './pizza-order';
import { quote } from './quote';

/** Who orders are for, and where they are brought. */
export interface AddressBook {
  /** What people call the customer: a text that anybody may have written, or anything else. Throws as `addressOf` does. */
  nameOf(customerId: CustomerId, signal: AbortSignal): Promise<unknown>;
  /**
   * The customer's delivery address as it was kept: JSON that anybody may have written. Throws
   * `Refusal('upstream_unavailable')`, `upstream_misconfigured`, `account_blocked` or `invalid_token`.
   */
  addressOf(customerId: CustomerId, signal: AbortSignal): Promise<unknown>;
}

/** What ordering a pizza needs from outside. */
export interface OrderServices extends StepUpServices<OrderTerms> {
  passwordless: Passwordless & AddressBook;
}

/**
 * Places an order at today's prices, to the customer's delivery address; without a usable one it is for pick-up.
 * @returns the pending order with its terms, and where its code went
 * @throws Refusal as propose and AddressBook do
 */
export function placeOrder(
  services: OrderServices,
  request: TurnRequest & { pizza: Pizza; via: Door },
): Promise<Order> {
  const { pizza, ...turn } = request;
  return propose<OrderTerms>(services, {
    ...turn,
    asked: describePizza(pizza),
    termsOf: (signal) => quoteTo(services, turn.customerId, pizza, signal),
  });
}

/**
 * Places the order that waits otherwise: another order in its place, with a code of its own.
 * @param request.orderId the order that the customer was asked about; if absent, whichever waits
 * @returns the pending order with its terms, and where its code went
 * @throws Refusal `nothing_to_change` when it is so already, `nothing_pending` when another one waits by now, or as propose and AddressBook do
 */
export function changeOrder(
  services: OrderServices,
  request: TurnRequest & { change: PizzaChange; orderId?: string; via: Door },
): Promise<Order> {
  const { change, orderId, ...turn } = request;
  return propose<OrderTerms>(services, {
    ...turn,
    asked: `change ${orderId ? `${orderId} ` : ''}${JSON.stringify(change)}`,
    changedFrom(waiting) {
      if (orderId !== undefined && waiting.id !== orderId)
        throw new Refusal('nothing_pending', 'Another order waits by now.');
      const waits = asSold(waiting.terms);
      if (!waits)
        throw new Refusal('nothing_pending', 'What waits is on the menu no more: place a new order.');
      const pizza = changePizza(waits, change);
      if (describePizza(pizza) === describePizza(waiting.terms)) {
        throw new Refusal('nothing_to_change', 'The order is so already.', { action: waiting });
      }
      return (signal) => quoteTo(services, turn.customerId, pizza, signal);
    },
  });
}

async function quoteTo(
  { passwordless }: Pick<OrderServices, 'passwordless'>,
  customerId: CustomerId,
  pizza: Pizza,
  signal: AbortSignal,
): Promise<OrderTerms> {
  const address = parseAddress(await passwordless.addressOf(customerId, signal));
  const name = parseName(await passwordless.nameOf(customerId, signal));
  return { ...quote(pizza, address), ...(name !== undefined && { name }) };
}
