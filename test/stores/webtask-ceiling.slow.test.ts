import { expect, it } from 'vitest';
import { toppings } from '../../src/orders/menu';
import type { OrderTerms } from '../../src/orders/pizza-order';
import { pizzaOrder } from '../../src/orders/pizza-order';
import type { CustomerId } from '../../src/step-up/customer';
import { type ActionStore, everybody } from '../../src/step-up/ledger';
import { noticeOf } from '../../src/step-up/notice';
import { propose } from '../../src/step-up/propose';
import { Refusal } from '../../src/step-up/refusal';
import { archiveAll, endedOrder, newCustomerId, pendingOrder, pizza } from '../fixtures/orders';
import { openStepUp, proposalOf, turnOf } from '../fixtures/step-up';
import { now, openOn, runtimeStorage } from './webtask-storage';

const bytesOf = (storage: { data: unknown }) => Buffer.byteLength(JSON.stringify(storage.data));

it('trims its history at the ceiling: archived orders first, and never what is pending or counted', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const waiting = pendingOrder({ placedAt: 1, expiresAt: now + 1 });
  const counted = newCustomerId();
  await store.transact(waiting.customerId, () => ({ actions: [waiting], result: undefined }));
  await store.transact(counted, ({ customer }) => ({
    customer: { ...customer, wrongCodesInARow: 4 },
    result: undefined,
  }));
  const archived = endedOrder({ placedAt: 900_000, endedAt: 2 });
  await store.transact(archived.customerId, () => ({ actions: [archived], result: undefined }));
  await archiveAll(store, now);

  for (let batch = 0; batch < 30; batch += 1) {
    const orders = Array.from({ length: 100 }, (_, index) =>
      endedOrder({ status: 'cancelled', placedAt: 1_000 + batch * 100 + index, endedAt: 3 }),
    );
    await Promise.all(
      orders.map((order) =>
        store.transact(order.customerId, () => ({ actions: [order], result: undefined })),
      ),
    );
    expect(bytesOf(storage)).toBeLessThanOrEqual(500_000);
  }
  expect(bytesOf(storage)).toBeGreaterThan(450_000);
  expect(await store.find(archived.id)).toBeUndefined();
  expect(await store.find(waiting.id)).toEqual(waiting);
  expect((await store.read(counted)).customer.wrongCodesInARow).toBe(4);
  const { actions } = await store.list({ limit: 200 });
  expect(actions[0]?.placedAt).toBe(3_999);
  expect(actions).toHaveLength(200);
});

it('says that it is full when nothing may leave, and goes on when what is confirmed was cleared', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const orders = Array.from({ length: 2_000 }, (_, index) =>
    pendingOrder({ placedAt: index, expiresAt: now + 1 }),
  );
  const outcomes = await Promise.allSettled(
    orders.map((order) => store.transact(order.customerId, () => ({ actions: [order], result: order }))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'store_full' });
  const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  for (const { id, customerId, placedAt } of kept.slice(0, 3)) {
    const confirmed = endedOrder({ id, customerId, placedAt, endedAt: now });
    await store.transact(customerId, () => ({ actions: [confirmed], result: undefined }));
  }
  const next = pendingOrder({ terms: { size: 'jumbo', toppings: [...toppings] }, expiresAt: now + 1 });
  const place = () => store.transact(next.customerId, () => ({ actions: [next], result: undefined }));
  await expect(place()).rejects.toMatchObject({ code: 'store_full' });
  await archiveAll(store, now);
  await place();
  expect(await store.find(next.id)).toEqual(next);
});

it('A3: keeps what is confirmed and not done, and what all codes are counted in, whoever orders', async () => {
  const store = openOn(runtimeStorage.create());
  const { services, codes } = openStepUp(store, pizzaOrder);
  const turn = (customerId: CustomerId) => ({ ...turnOf(customerId), ...proposalOf(pizzaOrder, pizza) });
  await propose(services, turn(newCustomerId()));
  const confirmed: string[] = [];
  const fill = async () => {
    for (;;) {
      const orders = Array.from({ length: 100 }, () => endedOrder({ placedAt: now, endedAt: now }));
      await Promise.all(
        orders.map((order) =>
          store.transact(order.customerId, () => ({ actions: [order], result: undefined })),
        ),
      );
      confirmed.push(...orders.map(({ id }) => id));
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'store_full' });
  const before = await idsOfConfirmed(store);
  expect(before.length).toBeGreaterThanOrEqual(confirmed.length);

  codes.fail(new Refusal('no_contact', 'No phone and no mailbox.'));
  // Forty at once, because each write is of the whole document.
  const nobodies = Array.from({ length: 40 }, newCustomerId);
  for (let order = 0; order < 5; order += 1) {
    await Promise.all(nobodies.map((nobody) => propose(services, turn(nobody)).catch(() => {})));
  }
  expect(await idsOfConfirmed(store)).toEqual(before);
  expect((await store.read(everybody)).customer.codesByMinute).not.toEqual([]);
});

it('lets notices leave at the very last, and what they tell of with them, so that a silent mail server ends no order', async () => {
  const storage = runtimeStorage.create();
  const store = openOn(storage);
  const due = async () => (await store.claimNotices(now, now, 10_000)).map(({ id }) => id);
  const noticed = Array.from({ length: 300 }, (_, index) => {
    const order = endedOrder({ placedAt: index, endedAt: now });
    return { order, notice: noticeOf('receipt', order, index) };
  });
  await Promise.all(
    noticed.map(({ order, notice }) =>
      store.transact(order.customerId, () => ({ actions: [order], notices: [notice], result: undefined })),
    ),
  );
  await archiveAll(store, now);
  expect(await due()).toHaveLength(300);

  const unnoticed = endedOrder({ placedAt: 5_000, endedAt: now });
  await store.transact(unnoticed.customerId, () => ({ actions: [unnoticed], result: undefined }));
  await archiveAll(store, now);
  const fill = async (count: number) => {
    const orders = Array.from({ length: count }, () => pendingOrder({ placedAt: now, expiresAt: now + 1 }));
    await Promise.all(
      orders.map((order) =>
        store.transact(order.customerId, () => ({ actions: [order], result: undefined })),
      ),
    );
  };
  // What no notice is about gives way first.
  while (await store.find(unnoticed.id)) await fill(bytesOf(storage) < 490_000 ? 20 : 1);
  expect(await due()).toHaveLength(300);
  await fill(200);
  const [oldest, newest] = [noticed[0], noticed.at(-1)];
  const left = await due();
  expect(left).toContain(newest?.notice.id);
  expect(left).not.toContain(oldest?.notice.id);
  expect(await store.find(oldest?.order.id ?? '')).toBeUndefined();
  expect(await store.find(newest?.order.id ?? '')).toEqual({
    ...newest?.order,
    archivedAt: now,
    archivedBy: 'Stella',
  });
  expect(bytesOf(storage)).toBeLessThanOrEqual(500_000);
});

async function idsOfConfirmed(store: ActionStore<OrderTerms>): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ statuses: ['confirmed'], limit: 200, after });
    ids.push(...page.actions.map(({ id }) => id));
    after = page.next;
  } while (after);
  return ids;
}
