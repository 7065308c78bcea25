import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryFee, seller, sizeEntries, taxBasisPoints, toppingEntries } from '../../src/orders/menu';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import { anyAddress, anyPizza } from '../fixtures/any-pizza';
import { assertProperty } from '../fixtures/assert-property';
import { home, pizza } from '../fixtures/orders';

describe('a quote', () => {
  it('has a line for the pizza and for each topping, and what is picked up costs no fee', () => {
    const { phone, address, name } = seller;
    expect(quote(pizza, undefined)).toEqual({
      ...pizza,
      bill: {
        seller: { name, phone, address },
        currency: 'USD',
        lines: [
          { what: 'large pizza', amount: 1499 },
          { what: 'pepperoni', amount: 150 },
        ],
        delivery: {},
        deliveryFee: 0,
        // 8.25 % of 16.49 are 1.360425.
        tax: 136,
        total: 1785,
        minutes: 20,
      },
    });
  });

  it('has the fee and the minutes of a delivery where there is an address, and taxes the fee too', () => {
    const { bill } = quote({ size: 'small', toppings: [] }, home);
    // 8.25 % of 11.98 are 0.98835.
    expect(bill).toMatchObject({
      delivery: { to: home },
      deliveryFee: 299,
      tax: 99,
      total: 1297,
      minutes: 40,
    });
  });

  it('adds up, to the cent and the same each time, for 1,000 pizzas', async () => {
    await assertProperty(
      fc.asyncProperty(anyPizza, anyAddress, async (any, address) => {
        const { bill, ...asked } = quote(any, address);
        expect(asked).toEqual(any);
        const prices = [sizeEntries[any.size].price, ...any.toppings.map((one) => toppingEntries[one].price)];
        expect(bill?.lines.map(({ amount }) => amount)).toEqual(prices);
        const net = prices.reduce((sum, price) => sum + price, address ? deliveryFee : 0);
        // In whole numbers of any size: half a cent and more is a cent.
        const tax = Number((BigInt(net) * BigInt(taxBasisPoints) + 5_000n) / 10_000n);
        expect(bill).toMatchObject({ tax, total: net + tax, delivery: address ? { to: address } : {} });
        expect(quote(any, address)).toEqual({ ...any, bill });
        expect(pizzaOrder.parse(JSON.parse(JSON.stringify({ ...any, bill })))).toEqual({ ...any, bill });
      }),
      { numRuns: 1_000 },
    );
  });
});
