import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Stage, startMailServer } from '../fixtures/mail-server';
import { type Customer, type Machine, type ManyMachines, openManyMachines } from '../fixtures/many-machines';
import { longestMs } from '../longest';

let mailServer: Awaited<ReturnType<typeof startMailServer>>;
let at: ManyMachines;
beforeEach(async () => {
  mailServer = await startMailServer();
  at = await openManyMachines({
    MAIL_URL: mailServer.url,
    MAIL_FROM: 'Pizza on Demand <orders@pod.example>',
  });
});
afterEach(async () => {
  await at?.close();
  await mailServer?.stop();
});

/** How far a session with the mail server has come when its process is killed; `away` is no session at all. */
const moments: readonly (Stage | 'away')[] = ['connect', 'mailFrom', 'rcptTo', 'data', 'reply', 'away'];

it('kill -9 between confirmation and mail, 20 times: each order is mailed, and has one Message-ID', {
  timeout: 4 * longestMs,
}, async () => {
  const customers = await at.addCustomers(20);
  let kills = 0;
  for (const [index, customer] of customers.entries()) {
    const moment = moments[index % moments.length] ?? 'away';
    const machine = await at.start();
    if (moment === 'away') await mailServer.stop();
    else mailServer.failAt(moment, 'hang');
    const before = mailServer.heard.length;
    await confirm(customer);
    if (moment !== 'away') {
      const message = `It never came to kill ${kills + 1}: the session did not come to ${moment}. ${at.log().slice(-500)}`;
      await expect.poll(() => mailServer.heard.slice(before), { message }).toContain(moment);
    }
    await at.end(machine, 'SIGKILL');
    kills += 1;
    mailServer.recover();
    if (moment === 'away') await mailServer.start();
  }
  expect(kills).toBe(20);

  await at.start();
  await untilNothingWaits();
  const idsOf = ({ customerId }: Customer) =>
    mailServer.taken
      .filter(({ to }) => to.join() === mailboxOf(customerId))
      .map(({ messageId }) => messageId);
  for (const customer of customers) {
    const ids = idsOf(customer);
    expect(new Set(ids).size, `${customer.customerId} has the mails ${ids}`).toBe(1);
  }
  expect(new Set(customers.flatMap(idsOf)).size).toBe(20);
  expect(at.log()).not.toMatch(/@example|@pod/);
});

it('two servers on one PostgreSQL mail each order once', async () => {
  const customers = await at.addCustomers(30);
  const machines = await Promise.all([at.start(), at.start()]);
  await Promise.all(customers.map(confirm));
  await untilNothingWaits();
  const mailed = mailServer.taken.map(({ to }) => to.join());
  expect(mailed.sort()).toEqual(customers.map(({ customerId }) => mailboxOf(customerId)).sort());
  const sent = async () => (await Promise.all(machines.map(countSent))).reduce((sum, count) => sum + count);
  await expect.poll(sent).toBe(30);
  expect(at.log()).not.toMatch(/@example|@pod/);
});

it('a server that is told to stop mails what it has confirmed, or leaves it to the next one', async () => {
  const customers = await at.addCustomers(10);
  const [machine] = await Promise.all([at.start(), at.start()]);
  await Promise.all(customers.map(confirm));
  expect(await at.end(machine, 'SIGTERM')).toBe(0);
  await untilNothingWaits();
  expect(mailServer.taken).toHaveLength(10);
});

async function confirm(customer: Customer): Promise<void> {
  // Who hears an apology asks again: many at once are much for a busy machine.
  await expect.poll(() => at.order(customer)).toContain('is holding');
  await expect.poll(() => at.authorize(customer, at.newestCode(customer))).toContain('confirmed');
}

async function countSent({ metricsUrl }: Machine): Promise<number> {
  const metrics = await (await fetch(metricsUrl)).text();
  return Number(/^pod_mails_total\{outcome="sent"\} (\d+)$/m.exec(metrics)?.[1]);
}

/**
 * Until the outbox is empty: what was claimed by a process that died is free after a minute, and the next try of a notice is
 * as far away as it is old, which on a slow machine is minutes.
 */
async function untilNothingWaits(): Promise<void> {
  await expect.poll(at.countNotices, { timeout: 2 * longestMs }).toBe(0);
}

function mailboxOf(customerId: string): string {
  return `${customerId.replace('auth0|', '')}@example.com`;
}
