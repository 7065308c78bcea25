import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Haproxy, startHaproxy } from '../fixtures/haproxy';
import { type Customer, type ManyMachines, openManyMachines } from '../fixtures/many-machines';
import { customerOf } from '../fixtures/orders';
import { provideProgram } from '../fixtures/programs';

/** Fifty in all, in rounds. */
const rounds = [1, 2, 3, 4, 5];
const restarts = 10;

describe('B9: two servers behind HAProxy', async () => {
  const program = await provideProgram('haproxy');
  if (!program) return void it.skip('needs HAProxy');

  let haproxy: Haproxy;
  let at: ManyMachines;
  beforeAll(async () => {
    haproxy = await startHaproxy(program);
    const settings = { CODES_PER_HOUR_TOTAL: '1000000', DATABASE_POOL: '3', SHUTDOWN_SECONDS: '3' };
    at = await openManyMachines(settings, haproxy);
    await Promise.all([at.start(), at.start()]);
  });
  afterAll(async () => {
    await at?.close();
    await haproxy?.stop();
  });

  it.each(rounds)(
    `fail no request in ${restarts} restarts under load, and lose no order: round %i`,
    async () => {
      let restarting = true;
      const failures: string[] = [];
      const confirmed: Customer[] = [];
      let answers = 0;
      const note = async (asking: Promise<string | number>): Promise<string> => {
        const answer = await asking.then(String, (error: Error) => `failed: ${error.message}`);
        answers += 1;
        if (answer.startsWith('failed')) failures.push(answer);
        return answer;
      };
      /** A steady load: who asks as fast as they are answered leaves a small machine nothing to start servers with. */
      const breath = () => pause(50);
      /** By voice, from the order to the code. */
      const speak = async () => {
        for (; restarting; await breath()) {
          const [customer] = (await at.addCustomers(1)) as [Customer];
          await note(at.order(customer));
          const speech = await note(at.authorize(customer, at.newestCode(customer)));
          if (speech.includes('is confirmed')) confirmed.push(customer);
        }
      };
      /** A customer's page or program, over kept connections. */
      const look = async () => {
        const [customer] = (await at.addCustomers(1)) as [Customer];
        const headers = { authorization: `Bearer ${at.tokenOf(customer)}` };
        const ask = async () => {
          const answer = await haproxy.get('/api/orders', headers);
          if (answer.status !== 200)
            throw new Error(`The API answered ${answer.status}: ${await answer.text()}`);
          return answer.status;
        };
        for (; restarting; await breath()) await note(ask());
      };
      const load = Promise.all([speak(), speak(), look()]);
      const ends: Promise<number | null>[] = [];
      for (let done = 0; done < restarts; done += 1) {
        const [oldest] = at.machines;
        await at.start();
        // The next one starts while this one drains.
        if (oldest) ends.push(at.end(oldest, 'SIGTERM'));
      }
      expect(new Set(await Promise.all(ends))).toEqual(new Set([0]));
      restarting = false;
      await load;
      expect(failures).toEqual([]);
      expect(answers).toBeGreaterThan(restarts * 4);
      expect(confirmed.length).toBeGreaterThan(0);
      const store = at.openStore();
      for (const { customerId } of confirmed) {
        const { actions } = await store.list({ customerId: customerOf(customerId), limit: 2 });
        expect(actions).toMatchObject([{ status: 'confirmed' }]);
      }
      await store.close();
    },
  );
});
