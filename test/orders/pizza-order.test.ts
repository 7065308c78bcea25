import { describe, expect, it } from 'vitest';
import { asSold, type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import { createSqliteStore } from '../../src/stores/sqlite';
import { home, pizza, pizzas } from '../fixtures/orders';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';

async function openInMemory(): Promise<OpenStore<OrderTerms>> {
  const store = createSqliteStore(':memory:', pizzaOrder);
  return { store, reopen: async () => store, dispose: () => store.close() };
}

stepUpRules('memory, for pizzas', openInMemory, pizzas);
stepUpRaces('memory, for pizzas', openInMemory, pizzas);

describe('ordering a pizza', () => {
  it('reads its terms back from JSON, with the bill and as they were before there were bills', () => {
    for (const terms of [pizza, quote(pizza, undefined), quote(pizza, home)]) {
      expect(pizzaOrder.parse(JSON.parse(JSON.stringify(terms)))).toEqual(terms);
    }
  });

  it('reads what was on the menu once, says it in those words, and sells it no more', () => {
    const terms = pizzaOrder.parse({ size: 'giant', toppings: ['anchovies'] });
    expect(pizzaOrder.describe(terms)).toBe('giant pizza with anchovies');
    expect(asSold(terms)).toBeUndefined();
    expect(asSold(quote(pizza, home))).toEqual(pizza);
  });

  it('says the pizza alone', () => {
    expect(pizzaOrder.describe(quote(pizza, home))).toBe('large pizza with pepperoni');
  });

  it.each([
    undefined,
    null,
    'large',
    {},
    { size: 'large' },
    { size: ' ', toppings: [] },
    { size: 'large', toppings: [7] },
  ])('takes nothing else for terms: %j', (json) => {
    expect(() => pizzaOrder.parse(json)).toThrow();
  });

  const { bill } = quote(pizza, home);
  it.each<[string, object]>([
    ['a total that its parts do not make', { total: 2110 }],
    ['no lines', { lines: [], total: 460 }],
    ['lines that are no list', { lines: {} }],
    ['amounts that are not whole', { tax: 160.5, deliveryFee: 299.5 }],
    ['an amount below nothing', { tax: -161, deliveryFee: 621 }],
    ['an amount that is a text', { tax: '161' }],
    ['an amount too large to be exact', { tax: 2 ** 53 }],
    ['a line without words', { lines: [{ amount: 1649 }] }],
    ['a currency that is none', { currency: 'toString' }],
    ['no currency', { currency: undefined }],
    ['a seller without address', { seller: { name: 'Pizza on Demand', phone: '555-0142' } }],
    ['a seller without phone', { seller: { ...bill?.seller, phone: undefined } }],
    ['a delivery to half an address', { delivery: { to: { street: '7 Elm Street' } } }],
    ['neither delivery nor pick-up', { delivery: undefined }],
    ['minutes that are no number', { minutes: 'soon' }],
  ])('takes no bill with %s', (_case, change) => {
    expect(() => pizzaOrder.parse({ ...pizza, bill: { ...bill, ...change } })).toThrow('no bill');
  });

  it('says nothing of what is in a faulty bill: it may be an address', () => {
    const faulty = { ...pizza, bill: { ...bill, delivery: { to: { street: '7 Elm Street' } } } };
    expect(() => pizzaOrder.parse(faulty)).toThrow(/^This is no bill of an order\.$/);
  });
});
