import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bill } from '../../src/orders/bill';
import { asSold, type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import { placeOrder } from '../../src/orders/place';
import { quote } from '../../src/orders/quote';
import { propose } from '../../src/step-up/propose';
import { prove } from '../../src/step-up/prove';
import { hashTerms } from '../../src/step-up/terms-hash';
import { createSqliteStore } from '../../src/stores/sqlite';
import { anyAddress, anyPizza } from '../fixtures/any-pizza';
import { assertProperty } from '../fixtures/assert-property';
import { home, newCustomerId, pizza } from '../fixtures/orders';
import { openStepUp, turnOf } from '../fixtures/step-up';

function openOrders() {
  const opened = openStepUp(createSqliteStore(':memory:', pizzaOrder), pizzaOrder);
  const { passwordless } = opened.codes;
  const limits = { ...opened.services.limits, codesPerHourTotal: 1_000_000 };
  return { ...opened, services: { ...opened.services, limits, passwordless } };
}

it('are what the pizza costs where the customer lives when it is ordered', async () => {
  const { services, codes } = openOrders();
  const customerId = newCustomerId();
  const order = { ...turnOf(customerId), pizza, via: 'voice' } as const;
  expect((await placeOrder(services, order)).terms).toEqual(quote(pizza, undefined));
  codes.moveTo(customerId, { ...home, country: 'US' });
  expect((await placeOrder(services, order)).terms).toEqual(quote(pizza, home));
  codes.moveTo(customerId, { street: home.street });
  expect((await placeOrder(services, order)).terms).toEqual(quote(pizza, undefined));
});

it('can be confirmed however loosely the menu was written', async () => {
  const { services, codes } = openOrders();
  const customerId = newCustomerId();
  const terms = quote(pizza, undefined);
  const { bill = expect.unreachable() } = terms;
  const address = { ...bill.seller.address, street: '24 Mill Lane ', region: '', country: 'US' };
  const loose = { ...terms, bill: { ...bill, seller: { ...bill.seller, address, since: 1999 } } };
  const turn = turnOf(customerId);
  await propose(services, { ...turn, asked: 'a pizza', termsOf: async () => loose, via: 'api' });
  const confirmed = await prove(services, {
    ...turn,
    code: codes.newestCode(customerId),
    prover: { door: 'api' },
  });
  expect(confirmed).toMatchObject({ status: 'confirmed', termsHash: hashTerms(confirmed.terms) });
});

it('stay as they were when a request is repeated although the customer has moved', async () => {
  const { services, codes } = openOrders();
  const customerId = newCustomerId();
  const order = { ...turnOf(customerId, 'r1'), pizza, via: 'api' } as const;
  const first = await placeOrder(services, order);
  codes.moveTo(customerId, home);
  expect(await placeOrder(services, order)).toEqual(first);
  expect(codes.counts(customerId).sent).toBe(1);
});

it('send nothing and order nothing when the address cannot be asked for', async () => {
  const { services, codes, told } = openOrders();
  codes.fail();
  const placing = placeOrder(services, { ...turnOf(newCustomerId()), pizza, via: 'voice' });
  await expect(placing).rejects.toMatchObject({ code: 'upstream_unavailable' });
  expect([codes.counts().sent, told()]).toEqual([0, []]);
});

const changesOfBill: ((bill: Bill, by: number) => object)[] = [
  ({ total, tax }, by) => ({ tax: tax + by, total: total + by }),
  ({ total, deliveryFee }, by) => ({ deliveryFee: deliveryFee + by, total: total + by }),
  ({ total }, by) => ({ total: total + by }),
  ({ lines: [first, ...rest], total }, by) => ({
    lines: [{ what: first?.what, amount: (first?.amount ?? 0) + by }, ...rest],
    total: total + by,
  }),
  ({ lines }, by) => ({ lines: [...lines, { what: `topping ${by}`, amount: 0 }] }),
  ({ minutes }, by) => ({ minutes: minutes + by }),
  ({ seller }, by) => ({ seller: { ...seller, phone: `555-01${by}` } }),
  ({ seller }, by) => ({ seller: { ...seller, name: `Pizza ${by}` } }),
  (_bill, by) => ({ delivery: { to: { ...home, street: `${by} Elm Street` } } }),
  () => ({ currency: 'XXX' }),
];

/** What somebody may make of terms: other ones that are whole, and parts that fit or do not. */
const anyChange: fc.Arbitrary<(terms: OrderTerms) => unknown> = fc.oneof(
  fc.tuple(anyPizza, anyAddress).map(
    ([other, address]) =>
      () =>
        quote(other, address),
  ),
  fc
    .tuple(fc.constantFrom(...changesOfBill), fc.integer({ min: 1, max: 99 }))
    .map(([change, by]) => (terms: OrderTerms) => {
      if (!terms.bill) throw new Error('These terms have no bill.');
      return { ...terms, bill: { ...terms.bill, ...change(terms.bill, by) } };
    }),
  fc.constant(({ size, toppings }: OrderTerms) => ({ size, toppings })),
  fc.json().map((json) => () => JSON.parse(json)),
);

it('that were changed are never confirmed by the proof of those before: 1,000 changes in the store and by new orders', async () => {
  const { services, codes } = openOrders();
  const { store } = services;
  let changes = 0;
  const property = fc.asyncProperty(anyPizza, anyAddress, anyChange, fc.boolean(), async (...given) => {
    const [any, address, change, isInStore] = given;
    const customerId = newCustomerId();
    codes.moveTo(customerId, address);
    const order = await placeOrder(services, { ...turnOf(customerId), pizza: any, via: 'voice' });
    const proof = codes.newestCode(customerId);
    const changed = change(order.terms) as OrderTerms;
    fc.pre(hashTerms(changed) !== order.termsHash);
    changes += 1;
    if (isInStore) {
      await store.transact(customerId, () => ({
        actions: [{ ...order, terms: changed }],
        result: undefined,
      }));
    } else {
      const other = (isTerms(changed) && asSold(changed)) || pizza;
      codes.moveTo(customerId, changed?.bill?.delivery?.to);
      await placeOrder(services, { ...turnOf(customerId), pizza: other, via: 'voice' });
    }
    for (const actionId of [undefined, order.id]) {
      const said = { code: proof, actionId, conversation: 'here', prover: { door: 'voice' } } as const;
      const proving = prove(services, { ...turnOf(customerId), ...said });
      const code = expect.stringMatching(/^(order_changed|store_unavailable|wrong_code|order_cancelled)$/);
      await expect(proving).rejects.toMatchObject({ code });
    }
    expect((await store.list({ statuses: ['confirmed'], limit: 1 })).actions).toEqual([]);
  });
  await assertProperty(property, { numRuns: 1_000 });
  expect(changes).toBeGreaterThanOrEqual(1_000);
});

function isTerms(json: unknown): json is OrderTerms {
  try {
    return Boolean(pizzaOrder.parse(json));
  } catch {
    return false;
  }
}
