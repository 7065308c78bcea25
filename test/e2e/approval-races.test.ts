import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Order } from '../../src/orders/pizza-order';
import { type Customer, type Machine, type ManyMachines, openManyMachines } from '../fixtures/many-machines';
import { customerOf } from '../fixtures/orders';

let at: ManyMachines;
let machines: [Machine, Machine];
let store: ReturnType<ManyMachines['openStore']>;
beforeAll(async () => {
  at = await openManyMachines({ CODES_PER_HOUR_TOTAL: '1000000' });
  machines = [await at.start(), await at.start()];
  store = at.openStore();
});
afterAll(async () => {
  await store?.close();
  await at?.close();
});

type Way = 'code' | 'approve' | 'disown';
const contests: readonly (readonly [Way, Way])[] = [
  ['approve', 'code'],
  ['disown', 'approve'],
  ['disown', 'code'],
];

/** How a turn of each way says that it was the one, and what else it may say when the order is as it is. */
function isTrue(way: Way, told: string, { status, evidence }: Order): boolean {
  const winner: Way =
    status === 'cancelled' ? 'disown' : evidence?.method === 'approval' ? 'approve' : 'code';
  if (way === 'code') {
    const speech = {
      code: /Thank you\. Your order at .* is confirmed/,
      approve: /was approved on the page, and is confirmed/,
      disown: /You said that an order was not yours, so ordering is locked/,
    };
    return speech[winner].test(told);
  }
  if (way === winner) return told === '200';
  return told === (winner === 'disown' ? 'ordering_locked' : 'order_already_confirmed');
}

async function race(
  customer: Customer,
  ways: readonly Way[],
  browser: ReturnType<ManyMachines['browserAt']>,
) {
  // Who hears an apology asks again.
  await expect.poll(() => at.order(customer)).toContain('is holding');
  const code = at.newestCode(customer);
  const read = async () => (await store.read(customerOf(customer.customerId))).latest as Order;
  const { id, placedAt } = await read();
  // `auth_time` has whole seconds.
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(placedAt / 1000);
  await browser.signIn();
  const take: Record<Way, () => Promise<string>> = {
    code: () => at.authorize(customer, code),
    approve: () => onPage('approve'),
    disown: () => onPage('disown'),
  };
  const onPage = async (what: string) => {
    const { status, json } = await browser.post(`approval/${id}/${what}`);
    return status === 200 ? '200' : json.code;
  };
  const told = await Promise.all(
    ways.map(async (way) => {
      let last = '';
      // Whoever had to wait too long for the other one asks again.
      await expect
        .poll(async () => (last = await take[way]()))
        .not.toMatch(/request_in_progress|still working|Sorry/);
      return [way, last] as const;
    }),
  );
  const order = await read();
  expect(['confirmed', 'cancelled']).toContain(order.status);
  expect(told.filter(([way, words]) => !isTrue(way, words, order))).toEqual([]);
  return order.status === 'cancelled' ? 'disown' : order.evidence?.method;
}

it('200 races of an approval, a spoken code and “not me” on two processes: one winner each, all told the truth', async () => {
  const customers = await at.addCustomers(200);
  const queue = customers.entries();
  const winners = new Map<unknown, number>();
  const lane = async () => {
    for (const [index, customer] of queue) {
      const ways = contests[index % contests.length] ?? [];
      const browser = at.browserAt(machines[index % 2] ?? machines[0], customer);
      const winner = await race(customer, ways, browser);
      winners.set(winner, (winners.get(winner) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  expect([...winners.values()].reduce((sum, count) => sum + count, 0)).toBe(200);
  // Else it was no race.
  for (const way of ['approval', 'disown']) expect(winners.get(way)).toBeGreaterThan(0);
});
