import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Order } from '../../src/orders/pizza-order';
import { otherThan } from '../fixtures/local';
import { type Customer, type ManyMachines, openManyMachines } from '../fixtures/many-machines';
import { customerOf } from '../fixtures/orders';

describe('two servers on one PostgreSQL', () => {
  let at: ManyMachines;
  beforeAll(async () => {
    // How many orders are placed while servers come and go is the machine's affair, and no limit of ours.
    at = await openManyMachines({ CODES_PER_HOUR_TOTAL: '1000000' });
    await Promise.all([at.start(), at.start()]);
  });
  afterAll(() => at?.close());

  async function ordersOf(customers: readonly Customer[]): Promise<Order[][]> {
    const store = at.openStore();
    const orders: Order[][] = [];
    // One after the other: who waits for a connection for longer than the store's limit is refused.
    for (const { customerId } of customers) {
      const page = await store.list({
        customerId: customerOf(customerId),
        limit: 100,
        includeArchived: true,
      });
      orders.push([...page.actions]);
    }
    await store.close();
    return orders;
  }

  it('let 200 customers order and authorize, twenty at a time, wrong codes among the right ones', async () => {
    const customers: Customer[] = [];
    const unsure = new Set<number>();
    const visit = async (customer: Customer, index: number) => {
      // Who hears an apology asks again.
      await expect.poll(() => at.order(customer)).toContain('is holding');
      const code = at.newestCode(customer);
      const guesses = [...Array(index % 4).fill(otherThan(code)), code];
      for (const guess of guesses) {
        const answer = () => at.authorize(customer, guess);
        const first = await answer();
        if (!first.includes('Sorry')) continue;
        // The tenant may have counted a guess whose answer came too late for us.
        unsure.add(index);
        await expect.poll(answer).not.toContain('Sorry');
      }
    };
    // On a slow machine many answers come too late: others order then, until there is enough to judge by.
    while (customers.length < 200 || customers.length - unsure.size < 100) {
      const before = customers.length;
      customers.push(...(await at.addCustomers(200)));
      const queue = customers.slice(before).entries();
      // As many at once as one tenant on two busy cores can answer in time.
      const lane = async () => {
        for (const [index, customer] of queue) await visit(customer, before + index);
      };
      await Promise.all(Array.from({ length: 20 }, lane));
    }
    for (const [index, orders] of (await ordersOf(customers)).entries()) {
      const wrong = index % 4;
      const [order, ...others] = orders.filter(({ status }) => status !== 'cancelled');
      expect(others).toEqual([]);
      expect(order?.attempts).toBeLessThanOrEqual(3);
      if (unsure.has(index)) continue;
      const expected =
        wrong === 3 ? { status: 'refused', attempts: 3 } : { status: 'confirmed', attempts: wrong + 1 };
      expect(order).toMatchObject(expected);
    }
  });

  it('count the guesses of one customer together', async () => {
    const [customer] = (await at.addCustomers(1)) as [Customer];
    await at.order(customer);
    const code = at.newestCode(customer);
    const guesses = Array.from({ length: 8 }, () => at.authorize(customer, otherThan(code)));
    await Promise.all(guesses);
    // Those that had to wait too long for the others were sent away; the count is the same whoever makes it.
    await expect.poll(() => at.authorize(customer, otherThan(code))).toContain('refused');
    expect(await at.authorize(customer, code)).toContain('refused');
    expect(await ordersOf([customer])).toMatchObject([[{ status: 'refused', attempts: 3 }]]);
  });

  it('tell Prometheus what happened, and a balancer whether they are ready', async () => {
    const [customer] = (await at.addCustomers(1)) as [Customer];
    await at.order(customer);
    await at.authorize(customer, at.newestCode(customer));
    const texts = at.machines.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text());
    const metrics = (await Promise.all(texts)).join('\n');
    for (const name of [
      'pod_orders_total',
      'pod_code_sends_total',
      'pod_attempts_total',
      'pod_turn_seconds',
    ]) {
      expect(metrics).toMatch(new RegExp(`^${name}\\S*\\{.*\\} [1-9]`, 'm'));
    }
    expect(metrics).toMatch(
      /pod_auth0_request_seconds_count\{path="\/passwordless\/start",status="200"\} [1-9]/,
    );
    expect(metrics).not.toMatch(/auth0\||%7C|\+1/);
    for (const { url } of at.machines) {
      const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status;
      expect([await statusOf('/healthz'), await statusOf('/readyz'), await statusOf('/metrics')]).toEqual([
        200, 200, 404,
      ]);
    }
  });

  it.each(['a server', 'PostgreSQL'])(
    'keep every acknowledged step when %s is killed ten times',
    async (victim) => {
      const acknowledged = new Map<Customer, 'pending' | 'confirmed'>();
      const countConfirmed = () =>
        [...acknowledged.values()].filter((status) => status === 'confirmed').length;
      let killing = true;
      const work = async () => {
        while (killing) {
          const [customer] = (await at.addCustomers(1)) as [Customer];
          // What is not acknowledged may fail: the customer hears an apology, or nothing.
          const placed = await at.order(customer).catch(() => '');
          if (!placed.includes('is holding')) continue;
          acknowledged.set(customer, 'pending');
          const confirmed = await at.authorize(customer, at.newestCode(customer)).catch(() => '');
          if (confirmed.includes('is confirmed')) acknowledged.set(customer, 'confirmed');
        }
      };
      const workers = Array.from({ length: 4 }, work);
      onTestFinished(() => {
        killing = false;
      });
      for (let kills = 0; kills < 10; kills += 1) {
        // Steps of both kinds are done before each kill, and others of both kinds are amid it.
        const placed = acknowledged.size;
        const confirmed = countConfirmed();
        await expect.poll(() => acknowledged.size).toBeGreaterThan(placed + 3);
        await expect.poll(countConfirmed).toBeGreaterThan(confirmed);
        if (victim === 'PostgreSQL') {
          await at.postgres.kill();
          await at.postgres.start();
        } else {
          const [machine] = at.machines;
          if (machine) await at.end(machine, 'SIGKILL');
          await at.start();
        }
      }
      killing = false;
      await Promise.all(workers);

      const customers = [...acknowledged.keys()];
      for (const [index, orders] of (await ordersOf(customers)).entries()) {
        const status = acknowledged.get(customers[index] as Customer);
        expect(orders).toHaveLength(1);
        // An authorization may have been written although its answer was lost.
        expect(status === 'confirmed' ? ['confirmed'] : ['pending', 'confirmed']).toContain(
          orders[0]?.status,
        );
      }
      expect(countConfirmed()).toBeGreaterThanOrEqual(10);
    },
  );
});
