import { describe, expect, it } from 'vitest';
import { end } from '../../src/step-up/action';
import { type ActionStore, type Entry, everybody, newCustomer } from '../../src/step-up/ledger';
import { Refusal } from '../../src/step-up/refusal';
import { newCustomerId } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { actionQueries } from './action-queries.contract';
import { useStore } from './use-store';

/** The specification of ActionStore, with whatever kind of action. Every implementation's own test calls it. */
export function actionStoreContract<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  actionQueries(name, open, sample);

  describe(`${name} as an action store`, () => {
    const at = useStore(open, sample);
    const { pending, ended, save, ids, reopen, another } = at;

    it('gives an empty ledger for a customer never seen', async () => {
      const id = newCustomerId();
      const empty = { customer: newCustomer(id) };
      expect(await at.store.read(id)).toEqual(empty);
      expect(await at.store.transact(id, (ledger) => ({ result: ledger }))).toEqual(empty);
    });

    it('writes the customer and the actions of a decision together, and gives the decision’s result', async () => {
      const action = pending();
      const result = await at.store.transact(action.customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 2, codesSentAt: [7], turn: { id: 't', startedAt: 9 } },
        actions: [action],
        result: 'done',
      }));

      expect(result).toBe('done');
      const ledger = await at.store.read(action.customerId);
      expect(ledger.customer).toMatchObject({
        wrongCodesInARow: 2,
        codesSentAt: [7],
        turn: { id: 't', startedAt: 9 },
      });
      expect(ledger.latest).toEqual(action);
      expect(await at.store.find(action.id)).toEqual(action);
    });

    describe('with what all customers share', () => {
      const within = { with: 'everybody' } as const;
      const count = async () => (await at.store.read(everybody)).customer.wrongCodesInARow;
      const countOne = (store: ActionStore<Terms>, customerId = newCustomerId()) =>
        store.transact(
          customerId,
          ({ customer, everybody: shared = newCustomer(everybody) }) => ({
            customer: { ...customer, wrongCodesInARow: 1 },
            everybody: { ...shared, wrongCodesInARow: shared.wrongCodesInARow + 1 },
            result: undefined,
          }),
          within,
        );

      it('shows it to a step that asks for it, and to no other', async () => {
        const id = newCustomerId();
        const seen = (scope?: typeof within) =>
          at.store.transact(id, ({ everybody: shared }) => ({ result: shared }), scope);
        await countOne(at.store);
        expect(await seen(within)).toMatchObject({ id: everybody, wrongCodesInARow: await count() });
        expect(await seen()).toBeUndefined();
      });

      it('counts every one of many steps, of many customers, on as many instances as there can be', async () => {
        const before = await count();
        const other = await another();
        const steps = Array.from({ length: 40 }, (_, index) =>
          countOne(index % 2 && other ? other : at.store),
        );
        await Promise.all(steps);
        await other?.close();
        expect(await count()).toBe(before + 40);
      });

      it('writes both or neither', async () => {
        const theirs = pending();
        await save(theirs);
        const before = await count();
        const customerId = newCustomerId();
        const failing = at.store.transact(
          customerId,
          ({ customer, everybody: shared = newCustomer(everybody) }) => ({
            customer: { ...customer, wrongCodesInARow: 1 },
            everybody: { ...shared, wrongCodesInARow: 99 },
            actions: [theirs],
            result: undefined,
          }),
          within,
        );
        await expect(failing).rejects.toThrow();
        expect(await count()).toBe(before);
        await countOne(at.store, customerId);
        expect((await at.store.read(customerId)).customer.wrongCodesInARow).toBe(1);
      });
    });

    it.each([...sample.someTerms])('gives terms back as they were: %j', async (terms) => {
      const action = { ...pending(), terms };
      await save(action);
      expect((await at.store.find(action.id))?.terms).toEqual(terms);
    });

    it('writes what a decision names under its own customer, whatever else it says', async () => {
      const customerId = newCustomerId();
      const named: Entry<Terms> = pending();
      await at.store.transact(customerId, () => ({ actions: [named], result: undefined }));
      expect(await at.store.find(named.id)).toEqual({ ...named, customerId });
    });

    it('writes nothing of a decision that names an action of another customer, which is a bug', async () => {
      const theirs = pending();
      await save(theirs);
      const customerId = newCustomerId();
      const own = ended({ customerId });
      const taken = end(theirs, { status: 'cancelled', endedAt: 3, reason: 'customer' });
      const writing = at.store.transact(customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 1 },
        actions: [own, taken],
        result: undefined,
      }));

      const fault = await writing.catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect(fault).not.toBeInstanceOf(Refusal);
      expect(await at.store.find(theirs.id)).toEqual(theirs);
      expect(await at.store.find(own.id)).toBeUndefined();
      expect((await at.store.read(customerId)).customer.wrongCodesInARow).toBe(0);
      await save(own);
      expect(await at.store.find(own.id)).toEqual(own);
    });

    it('writes nothing when the decision throws, and throws what it threw', async () => {
      const action = pending();
      await save(action);
      const fault = new Error('no');
      const failing = at.store.transact(action.customerId, () => {
        throw fault;
      });
      await expect(failing).rejects.toBe(fault);
      expect((await at.store.read(action.customerId)).latest).toEqual(action);
    });

    it('keeps what it acknowledged after it is closed and opened again', async () => {
      const action = pending();
      await save(action);
      await reopen();
      expect(await at.store.find(action.id)).toEqual(action);
      expect((await at.store.read(action.customerId)).latest).toEqual(action);
    });

    it('gives the newest action as the latest one', async () => {
      const customerId = newCustomerId();
      const older = ended({ customerId, placedAt: 1, endedAt: 2 });
      const newer = pending({ customerId, placedAt: 3 });
      await save(newer, older);
      expect((await at.store.read(customerId)).latest).toEqual(newer);
    });

    it('runs the steps of one customer one after the other', async () => {
      const id = newCustomerId();
      const count = () =>
        at.store.transact(id, ({ customer }) => ({
          customer: { ...customer, wrongCodesInARow: customer.wrongCodesInARow + 1 },
          result: customer.wrongCodesInARow,
        }));
      const seen = await Promise.all(Array.from({ length: 40 }, count));
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
      expect((await at.store.read(id)).customer.wrongCodesInARow).toBe(40);
    });

    it('runs the steps of one customer one after the other on two instances', async ({ skip }) => {
      const other = await another();
      if (!other) return skip('this store has one instance only');
      const id = newCustomerId();
      const count = (instance: ActionStore<Terms>) =>
        instance.transact(id, ({ customer }) => ({
          customer: { ...customer, wrongCodesInARow: customer.wrongCodesInARow + 1 },
          result: undefined,
        }));
      await Promise.all(Array.from({ length: 30 }, (_, index) => count(index % 2 ? at.store : other)));
      await other.close();
      expect((await at.store.read(id)).customer.wrongCodesInARow).toBe(30);
      return undefined;
    });

    it('keeps fifty customers apart who come at once', async () => {
      const actions = Array.from({ length: 50 }, () => pending());
      await save(...actions);
      for (const action of actions) expect((await at.store.read(action.customerId)).latest).toEqual(action);
    });

    it('undoes a failing step alone when others are on their way', async () => {
      const actions = Array.from({ length: 10 }, () => pending());
      const outcomes = await Promise.allSettled([
        ...actions.map((action) =>
          at.store.transact(action.customerId, () => ({ actions: [action], result: 'saved' })),
        ),
        at.store.transact(newCustomerId(), () => {
          throw new Error('no');
        }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
      expect(await ids({})).toHaveLength(10);
    });

    it('never holds two pending actions of one customer', async () => {
      const first = pending();
      await save(first);
      const second = pending({ customerId: first.customerId, placedAt: first.placedAt + 1 });
      await expect(save(second)).rejects.toThrow();
      expect(await ids({ customerId: first.customerId })).toEqual([first.id]);
    });

    it('answers a ping', async () => {
      await expect(at.store.ping()).resolves.toBeUndefined();
    });
  });
}
