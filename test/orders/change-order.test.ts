import { expect, it } from 'vitest';
import type { Topping } from '../../src/orders/menu';
import { changePizza, type PizzaChange, pizzaOrder } from '../../src/orders/pizza-order';
import { changeOrder, placeOrder } from '../../src/orders/place';
import { quote } from '../../src/orders/quote';
import { createSqliteStore } from '../../src/stores/sqlite';
import { home, newCustomerId, pizza } from '../fixtures/orders';
import { openStepUp, turnOf } from '../fixtures/step-up';

/** A large pizza with pepperoni waits for its code. */
async function openWaiting() {
  const { services, codes } = openStepUp(createSqliteStore(':memory:', pizzaOrder), pizzaOrder);
  const customerId = newCustomerId();
  const orders = { ...services, passwordless: codes.passwordless };
  const placed = await placeOrder(orders, { ...turnOf(customerId), pizza, via: 'voice' });
  const change = (change: PizzaChange, requestId?: string) =>
    changeOrder(orders, { ...turnOf(customerId, requestId), change, via: 'voice' });
  return { codes, customerId, placed, change, ledger: () => services.store.read(customerId) };
}

it.each<[PizzaChange, string, Topping[]]>([
  [{ size: 'small' }, 'small', ['pepperoni']],
  [{ add: ['bacon'] }, 'large', ['pepperoni', 'bacon']],
  [{ remove: ['pepperoni'] }, 'large', []],
  [{ toppings: ['onions'] }, 'large', ['onions']],
  [{ toppings: [] }, 'large', []],
  [{ size: 'jumbo', add: ['bacon', 'pepperoni'], remove: ['pepperoni'] }, 'jumbo', ['bacon']],
])(
  '%j makes another order of what waits, at its own price, where the customer lives now',
  async (wanted, size, toppings) => {
    const { codes, customerId, placed, change, ledger } = await openWaiting();
    codes.moveTo(customerId, home);
    const changed = await change(wanted);
    expect(changed.id).not.toBe(placed.id);
    expect(changed.terms).toEqual(quote(changePizza(pizza, wanted), home));
    expect(changed.terms).toMatchObject({ size, toppings });
    expect((await ledger()).latest).toEqual(changed);
    expect(codes.counts().sent).toBe(2);
  },
);

it.each<PizzaChange>([
  {},
  { size: 'large' },
  { add: ['pepperoni'] },
  { remove: ['mushrooms'] },
  { toppings: ['pepperoni'] },
])(
  '%j changes nothing: the order waits for the code it has, and no other one is sent or paid for',
  async (wanted) => {
    const { codes, placed, change, ledger } = await openWaiting();
    await expect(change(wanted)).rejects.toMatchObject({
      code: 'nothing_to_change',
      details: { action: placed },
    });
    const { customer, latest } = await ledger();
    expect(latest).toEqual(placed);
    expect([customer.codesSentAt, customer.actionsAt].map(({ length }) => length)).toEqual([1, 1]);
    expect(codes.counts().sent).toBe(1);
  },
);

it('is the same order when the request is repeated, and no change of the change', async () => {
  const { codes, change } = await openWaiting();
  const changed = await change({ add: ['bacon'] }, 'r1');
  expect(await change({ add: ['bacon'] }, 'r1')).toEqual(changed);
  await expect(change({ add: ['onions'] }, 'r1')).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  expect(codes.counts().sent).toBe(2);
});
