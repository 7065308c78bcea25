import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describePizza } from '../../src/orders/pizza-order';
import { everybody } from '../../src/step-up/ledger';
import { assertProperty } from '../fixtures/assert-property';
import {
  customersMoves,
  type Household,
  heard,
  openHouseholds,
  ordersOf,
  type Shop,
  strangersMoves,
} from '../fixtures/haunted-shop';
import { openManyMachines } from '../fixtures/many-machines';
import { customerOf } from '../fixtures/orders';
import { secretsIn } from '../fixtures/secrets-in';
import { openTwoWebtasks } from '../fixtures/two-webtasks';

const limits = { ORDERS_PER_HOUR: 9, CODES_PER_HOUR: 7, CODES_PER_HOUR_TOTAL: 170 };
const settings = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, String(limit)]));
const customers = 200;
const attackers = 20;

type Run = (shop: Shop, town: Town, step: number) => Promise<unknown>;
interface Step {
  /** Steps of one place come one after the other. */
  place: string;
  /** Does not wait for what is under way at its place. */
  atOnce: boolean;
  run: Run;
}

/** Half of the attackers' own accounts claim a customer's number, the others have no contact. */
interface Town {
  homes: Household[];
  claimers: Household[];
  nobodies: Household[];
}

const at = (list: Household[], index: number) => list[index] as Household;
const weighted = <Name extends string>(weights: Record<Name, number>) =>
  fc.oneof(
    ...Object.entries<number>(weights).map(([name, weight]) => ({
      weight,
      arbitrary: fc.constant(name as Name),
    })),
  );

// Ten times as much is ordered where somebody else stands at the speaker.
const aHome = fc.oneof(
  { weight: 1, arbitrary: fc.nat(customers - 1) },
  { weight: 2, arbitrary: fc.nat(attackers - 1) },
);
const customersStep = fc
  .record({ home: aHome, move: weighted({ visit: 6, order: 2, authorize: 4, resend: 1, cancel: 1 }) })
  .map(
    ({ home, move }): Step => ({
      place: `home ${home}`,
      atOnce: false,
      run: (shop, { homes }, step) => customersMoves[move](shop, at(homes, home), step),
    }),
  );
const strangersStep = fc
  .record({
    home: fc.nat(attackers - 1),
    move: weighted({ replace: 5, cancel: 2, guess: 3, sayYes: 2, replay: 3 }),
    atOnce: fc.boolean(),
  })
  .map(
    ({ home, move, atOnce }): Step => ({
      place: `home ${home}`,
      atOnce,
      run: (shop, { homes }, step) => strangersMoves[move](shop, at(homes, home), step),
    }),
  );
const accountsStep = fc
  .record({
    account: fc.nat(attackers / 2 - 1),
    move: fc.constantFrom('claim', 'guess', 'nobody'),
    atOnce: fc.boolean(),
  })
  .map(
    ({ account, move, atOnce }): Step => ({
      place: `account ${account}`,
      atOnce,
      run: (shop, { claimers, nobodies }, step) => {
        if (move === 'guess') return strangersMoves.guess(shop, at(claimers, account), step);
        if (move === 'claim') return strangersMoves.replace(shop, at(claimers, account), step);
        const orders = Array.from({ length: 3 }, () =>
          strangersMoves.replace(shop, at(nobodies, account % 3), step),
        );
        return Promise.all(orders);
      },
    }),
  );
const thousandSteps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: customersStep },
    { weight: 4, arbitrary: strangersStep },
    { weight: 1, arbitrary: accountsStep },
  ),
  { minLength: 1_000, maxLength: 1_000 },
);

async function settle(shop: Shop): Promise<Town> {
  const homes = await openHouseholds(shop, customers);
  const own = await openHouseholds(shop, attackers);
  const [claimers, nobodies] = [own.slice(0, attackers / 2), own.slice(attackers / 2)];
  for (const [index, { customerId }] of claimers.entries()) {
    const { phoneNumber } = at(homes, customers - 1 - index);
    await shop.tenant.users.change(customerId, { phoneNumber });
    Object.assign(at(claimers, index), { phoneNumber });
  }
  for (const { customerId } of nobodies) {
    await shop.tenant.users.change(customerId, { phoneNumber: null, email: null });
  }
  return { homes, claimers, nobodies };
}

/** Twelve places are busy at once, as many as two busy cores can answer in time. */
async function live(shop: Shop, town: Town, steps: readonly Step[]): Promise<void> {
  const places = new Map<string, [number, Step][]>();
  for (const [index, step] of steps.entries()) {
    places.set(step.place, [...(places.get(step.place) ?? []), [index, step]]);
  }
  const queue = places.values();
  const lane = async () => {
    for (const ofPlace of queue) {
      const underWay: Promise<unknown>[] = [];
      for (const [index, { atOnce, run }] of ofPlace) {
        if (!atOnce) await Promise.all(underWay.splice(0));
        underWay.push(run(shop, town, index));
      }
      await Promise.all(underWay);
    }
  };
  await Promise.all(Array.from({ length: 12 }, lane));
}

/** A busy machine answers fewer in time: what is left of the budget of all is used up one by one, so that its limit is met. */
async function useUpCodes(shop: Shop, { homes, claimers }: Town): Promise<void> {
  for (const [index, home] of homes.entries()) {
    if ([...homes, ...claimers].some((one) => counted(one, heard.noMoreCodes) > 0)) return;
    await customersMoves.order(shop, home, index);
  }
}

const counted = ({ answers }: Pick<Household, 'answers'>, what: RegExp) =>
  answers.filter((answer) => what.test(answer)).length;

/** What must be true of each place, whatever was done there. */
async function judgePlaces(shop: Shop, { homes, claimers, nobodies }: Town): Promise<void> {
  const store = shop.openStore();
  let tried = 0;
  const claimed = new Set(claimers.map(({ phoneNumber }) => phoneNumber));
  for (const home of [...homes, ...claimers, ...nobodies]) {
    const orders = await ordersOf(store, home);
    const { customer } = await store.read(customerOf(home.customerId));
    // Also what was cancelled after that.
    const confirmed = orders
      .filter((order) => order.status === 'confirmed' || ('confirmedAt' in order && order.confirmedAt))
      .map(({ terms }) => describePizza(terms));
    for (const pizza of confirmed) expect(pizza).not.toContain('jumbo');
    // An answer that was lost may have confirmed, too.
    if (home.isUnsure) expect(confirmed).toEqual(expect.arrayContaining(home.confirmed));
    else expect([...confirmed].sort()).toEqual([...home.confirmed].sort());
    for (const [first, again] of home.replays) expect(again).toBe(first);

    const held = counted(home, heard.held) - home.replays.filter(([first]) => heard.held.test(first)).length;
    expect(orders.length).toBeGreaterThanOrEqual(held);
    for (const { attempts } of orders) expect(attempts).toBeLessThanOrEqual(3);
    // A right code that was read back gave its attempt back: it is used up, and proves nothing more.
    tried += orders.reduce((sum, { attempts }) => sum + attempts, 0) + counted(home, heard.whichOne);
    const untilLocked = Math.min(5 - customer.wrongCodesInARow, 10 - customer.wrongCodesAt.length);
    expect(untilLocked).toBeGreaterThanOrEqual(0);
    if (counted(home, heard.locked) > 0) expect(untilLocked).toBe(0);

    const messages = shop.tenant.inbox.messages(home.phoneNumber).length;
    expect(customer.codesSentAt.length).toBeLessThanOrEqual(limits.CODES_PER_HOUR);
    expect(customer.actionsAt.length).toBeLessThanOrEqual(limits.ORDERS_PER_HOUR);
    if (counted(home, heard.manyOrders) > 0) expect(customer.actionsAt.length).toBe(limits.ORDERS_PER_HOUR);
    if (counted(home, heard.manyCodes) > 0) expect(customer.codesSentAt.length).toBe(limits.CODES_PER_HOUR);
    if (!home.isUnsure && !claimed.has(home.phoneNumber)) expect(messages).toBe(customer.codesSentAt.length);
  }
  // Each code that Auth0 was asked about had been counted.
  if (![...homes, ...claimers].some(({ isUnsure }) => isUnsure)) {
    expect(shop.tenant.calls.get()['otp.exchange']).toBeLessThanOrEqual(tried);
  }
  for (const nobody of nobodies) {
    expect(counted(nobody, heard.noContact)).toBeLessThanOrEqual(limits.ORDERS_PER_HOUR);
    expect(await ordersOf(store, nobody)).toEqual([]);
  }
  await store.close();
}

const { confirmed, whichOne, locked, manyOrders, manyCodes, noMoreCodes, noContact } = heard;
const worthHearing = [confirmed, whichOne, locked, manyOrders, manyCodes, noMoreCodes, noContact];

/** What must be true of all places together. */
async function judgeTown(shop: Shop, town: Town): Promise<void> {
  const { homes, claimers, nobodies } = town;
  const all = [...homes, ...claimers, ...nobodies];
  const store = shop.openStore();
  const { codesByMinute = [] } = (await store.read(everybody)).customer;
  await store.close();
  const sends = codesByMinute.reduce((sum, { count }) => sum + count, 0);
  const messages = shop.tenant.inbox.messages().length;
  expect(sends).toBe(limits.CODES_PER_HOUR_TOTAL);
  expect(messages).toBeLessThanOrEqual(sends);
  // The steps were worth taking.
  const total = (what: RegExp) => all.reduce((sum, home) => sum + counted(home, what), 0);
  for (const what of worthHearing) {
    expect(total(what), String(what)).toBeGreaterThan(0);
  }
  // A busy machine loses more answers, and each of them may have been a confirmation.
  expect(total(heard.confirmed) + total(heard.unknown)).toBeGreaterThan(50);
}

describe('no order is confirmed that its customer did not hear and prove, whatever twenty attackers do', () => {
  const open = {
    'on two servers with one PostgreSQL': async () => {
      const machines = await openManyMachines(settings);
      await Promise.all([machines.start(), machines.start()]);
      return machines;
    },
    'on two webtasks with one storage': () => openTwoWebtasks(settings),
  };
  it.each(Object.keys(open) as (keyof typeof open)[])('%s', async (where) => {
    const shop = await open[where]();
    onTestFinished(() => shop.close());
    const town = await settle(shop);
    await assertProperty(
      fc.asyncProperty(thousandSteps, (steps) => live(shop, town, steps)),
      { numRuns: 1, endOnFailure: true },
    );
    await useUpCodes(shop, town);
    await judgePlaces(shop, town);
    await judgeTown(shop, town);
    expect(secretsIn(shop)).toEqual([]);
  });
});
