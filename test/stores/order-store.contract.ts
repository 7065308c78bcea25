import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CustomerId, type Order, type PendingOrder, settle } from '../../src/orders/order';
import type { OrderQuery, OrderStore } from '../../src/services';
import { newCustomerId } from '../fixtures/shop';

export interface OpenStore {
  store: OrderStore;
  /** Closes the store and opens what it has written again. */
  reopen(): Promise<OrderStore>;
  /** Another instance on the same data, where the store can have one. */
  another?(): Promise<OrderStore>;
  dispose(): Promise<void>;
}

/** The specification of OrderStore. Every implementation's own test calls it. */
export function orderStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`${name} as an order store`, () => {
    let opened: OpenStore;
    let store: OrderStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    const save = (...orders: Order[]) =>
      Promise.all(
        orders.map((order) =>
          store.transact(order.customerId, () => ({ orders: [order], result: undefined })),
        ),
      );
    const ids = async (query: Partial<OrderQuery>) =>
      (await store.list({ limit: 50, ...query })).orders.map((order) => order.id);

    it('gives an empty ledger for a customer never seen', async () => {
      const id = newCustomerId();
      const empty = { customer: { id, wrongCodesInARow: 0, codesSentAt: [], answers: [] } };
      expect(await store.read(id)).toEqual(empty);
      expect(await store.transact(id, (ledger) => ({ result: ledger }))).toEqual(empty);
    });

    it('writes the customer and the orders of a decision together, and gives the decision’s result', async () => {
      const order = pendingOrder();
      const result = await store.transact(order.customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 2, codesSentAt: [7], turn: { id: 't', startedAt: 9 } },
        orders: [order],
        result: 'done',
      }));

      expect(result).toBe('done');
      const ledger = await store.read(order.customerId);
      expect(ledger.customer).toMatchObject({
        wrongCodesInARow: 2,
        codesSentAt: [7],
        turn: { id: 't', startedAt: 9 },
      });
      expect(ledger.latest).toEqual(order);
      expect(await store.find(order.id)).toEqual(order);
    });

    it('writes nothing when the decision throws, and throws what it threw', async () => {
      const order = pendingOrder();
      await save(order);
      const fault = new Error('no');
      const failing = store.transact(order.customerId, () => {
        throw fault;
      });
      await expect(failing).rejects.toBe(fault);
      expect((await store.read(order.customerId)).latest).toEqual(order);
    });

    it('keeps what it acknowledged after it is closed and opened again', async () => {
      const order = pendingOrder();
      await save(order);
      store = await opened.reopen();
      expect(await store.find(order.id)).toEqual(order);
      expect((await store.read(order.customerId)).latest).toEqual(order);
    });

    it('gives the newest order as the latest', async () => {
      const customerId = newCustomerId();
      const older = settle(pendingOrder({ customerId, placedAt: 1 }), { status: 'confirmed', settledAt: 2 });
      const newer = pendingOrder({ customerId, placedAt: 3 });
      await save(newer, older);
      expect((await store.read(customerId)).latest).toEqual(newer);
    });

    it('runs the steps of one customer one after the other', async () => {
      const id = newCustomerId();
      const count = () =>
        store.transact(id, ({ customer }) => ({
          customer: { ...customer, wrongCodesInARow: customer.wrongCodesInARow + 1 },
          result: customer.wrongCodesInARow,
        }));
      const seen = await Promise.all(Array.from({ length: 40 }, count));
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
      expect((await store.read(id)).customer.wrongCodesInARow).toBe(40);
    });

    it('runs the steps of one customer one after the other on two instances', async ({ skip }) => {
      if (!opened.another) return skip('this store has one instance only');
      const other = await opened.another();
      const id = newCustomerId();
      const count = (instance: OrderStore) =>
        instance.transact(id, ({ customer }) => ({
          customer: { ...customer, wrongCodesInARow: customer.wrongCodesInARow + 1 },
          result: undefined,
        }));
      await Promise.all(Array.from({ length: 30 }, (_, index) => count(index % 2 ? store : other)));
      await other.close();
      expect((await store.read(id)).customer.wrongCodesInARow).toBe(30);
      return undefined;
    });

    it('keeps fifty customers apart who come at once', async () => {
      const orders = Array.from({ length: 50 }, () => pendingOrder());
      await save(...orders);
      for (const order of orders) expect((await store.read(order.customerId)).latest).toEqual(order);
    });

    it('undoes a failing step alone when others are on their way', async () => {
      const orders = Array.from({ length: 10 }, () => pendingOrder());
      const outcomes = await Promise.allSettled([
        ...orders.map((order) =>
          store.transact(order.customerId, () => ({ orders: [order], result: 'saved' })),
        ),
        store.transact(newCustomerId(), () => {
          throw new Error('no');
        }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
      expect(await ids({})).toHaveLength(10);
    });

    it('never holds two pending orders of one customer', async () => {
      const first = pendingOrder();
      await save(first);
      const second = pendingOrder({ customerId: first.customerId, placedAt: first.placedAt + 1 });
      await expect(save(second)).rejects.toThrow();
      expect(await ids({ customerId: first.customerId })).toEqual([first.id]);
    });

    it('does not find an order that is not there', async () => {
      expect(await store.find(randomUUID())).toBeUndefined();
      expect(await store.find('not an id')).toBeUndefined();
    });

    it('lists newest first, and in one order for orders of the same millisecond', async () => {
      const placedAt = [5, 9, 7, 7, 7];
      const orders = placedAt.map((at) => pendingOrder({ placedAt: at }));
      await save(...orders);
      const expected = [...orders].sort((a, b) => b.placedAt - a.placedAt || (a.id < b.id ? 1 : -1));
      expect(await ids({})).toEqual(expected.map(({ id }) => id));
    });

    it('pages without losing or repeating an order', async () => {
      const orders = Array.from({ length: 25 }, (_, index) =>
        pendingOrder({ placedAt: 100 + Math.floor(index / 3) }),
      );
      await save(...orders);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.list({ limit: 4, after });
        expect(page.orders.length).toBeLessThanOrEqual(4);
        seen.push(...page.orders.map(({ id }) => id));
        after = page.next;
      } while (after);
      expect(seen).toEqual(await ids({}));
      expect(new Set(seen)).toEqual(new Set(orders.map(({ id }) => id)));
    });

    it('refuses a cursor that no page gave', async () => {
      for (const after of ['', 'x', Buffer.from('1/2').toString('base64url')]) {
        await expect(store.list({ limit: 5, after })).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    it('filters by customer and by status, together and across pages', async () => {
      const customerId = newCustomerId();
      const own = settle(pendingOrder({ customerId, placedAt: 10 }), { status: 'confirmed', settledAt: 11 });
      const ownRefused = settle(pendingOrder({ customerId, placedAt: 12 }), {
        status: 'refused',
        settledAt: 13,
      });
      const ownPending = pendingOrder({ customerId, placedAt: 14 });
      const foreign = settle(pendingOrder({ placedAt: 15 }), { status: 'confirmed', settledAt: 16 });
      await save(own, ownRefused, ownPending, foreign);

      expect(await ids({ customerId })).toEqual([ownPending.id, ownRefused.id, own.id]);
      expect(await ids({ statuses: ['confirmed'] })).toEqual([foreign.id, own.id]);
      expect(await ids({ customerId, statuses: ['confirmed', 'pending'] })).toEqual([ownPending.id, own.id]);
      expect(await ids({ statuses: [] })).toEqual([]);
      const first = await store.list({ statuses: ['confirmed', 'pending'], limit: 2 });
      expect(first.orders.map(({ id }) => id)).toEqual([foreign.id, ownPending.id]);
      expect(await ids({ statuses: ['confirmed', 'pending'], after: first.next })).toEqual([own.id]);
    });

    it('names the customers whose pending order has run out', async () => {
      const due = pendingOrder({ expiresAt: 100 });
      const later = pendingOrder({ expiresAt: 101 });
      const settled = settle(pendingOrder({ expiresAt: 50 }), { status: 'confirmed', settledAt: 40 });
      await save(due, later, settled);
      expect(await store.overdue(99)).toEqual([]);
      expect(await store.overdue(100)).toEqual([due.customerId]);
    });

    it('archives confirmed orders of one customer or of all, destroying nothing', async () => {
      const customerId = newCustomerId();
      const own = settle(pendingOrder({ customerId, placedAt: 1 }), { status: 'confirmed', settledAt: 2 });
      const foreign = settle(pendingOrder({ placedAt: 3 }), { status: 'confirmed', settledAt: 4 });
      const pending = pendingOrder({ placedAt: 5 });
      await save(own, foreign, pending);

      expect(await store.archiveConfirmed({ customerId }, 70)).toBe(1);
      expect(await store.archiveConfirmed({ customerId }, 71)).toBe(0);
      expect(await ids({})).toEqual([pending.id, foreign.id]);
      expect(await store.archiveConfirmed({}, 72)).toBe(1);
      expect(await ids({})).toEqual([pending.id]);
      expect(await ids({ includeArchived: true })).toEqual([pending.id, foreign.id, own.id]);
      expect(await store.find(own.id)).toEqual({ ...own, archivedAt: 70 });
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}

export function pendingOrder(
  facts: { customerId?: CustomerId; placedAt?: number; expiresAt?: number } = {},
): PendingOrder {
  return {
    id: randomUUID(),
    customerId: newCustomerId(),
    pizza: { size: 'large', toppings: ['pepperoni', 'black olives'] },
    via: 'voice',
    placedAt: 1,
    attempts: 0,
    delivery: { channel: 'sms', maskedContact: '•••• 0199' },
    status: 'pending',
    expiresAt: 1_000,
    ...facts,
  };
}
