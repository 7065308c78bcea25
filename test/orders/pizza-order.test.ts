import { describe, expect, it } from 'vitest';
import { type Pizza, pizzaOrder } from '../../src/orders/pizza-order';
import { createSqliteStore } from '../../src/stores/sqlite';
import { pizza, pizzas } from '../fixtures/orders';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';

async function openInMemory(): Promise<OpenStore<Pizza>> {
  const store = createSqliteStore(':memory:', pizzaOrder);
  return { store, reopen: async () => store, dispose: () => store.close() };
}

stepUpRules('memory, for pizzas', openInMemory, pizzas);
stepUpRaces('memory, for pizzas', openInMemory, pizzas);

describe('ordering a pizza', () => {
  it('reads its terms back from JSON', () => {
    expect(pizzaOrder.parse(JSON.parse(JSON.stringify(pizza)))).toEqual(pizza);
  });

  it.each([
    undefined,
    null,
    'large',
    {},
    { size: 'large' },
    { size: 'huge', toppings: [] },
    { size: 'large', toppings: ['tar'] },
  ])('takes nothing else for terms: %j', (json) => {
    expect(() => pizzaOrder.parse(json)).toThrow();
  });
});
