import { describe, expect, it } from 'vitest';
import { type EndedAction, end } from '../../src/step-up/action';
import { type ActionStore, type Entry, newCustomer } from '../../src/step-up/ledger';
import { Refusal } from '../../src/step-up/refusal';
import { newCustomerId } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { actionQueries } from './action-queries.contract';
import { outboxContract } from './outbox.contract';
import { sharedRecord } from './shared-record.contract';
import { useStore } from './use-store';

const mark = { at: 70, by: 'Stella' };

/** The specification of ActionStore, with whatever kind of action. Every implementation's own test calls it. */
export function actionStoreContract<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  actionQueries(name, open, sample);
  outboxContract(name, open, sample);
  sharedRecord(name, open, sample);

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

    it('gives the action that is named beside the newest, if it is this customer’s', async () => {
      const customerId = newCustomerId();
      const older = ended({ customerId, placedAt: 1 });
      const newest = pending({ customerId, placedAt: 2 });
      await save(older, newest);
      const namedBy = (who: typeof customerId, id: string) =>
        at.store.transact(who, ({ named }) => ({ result: named }), { named: id });
      expect(await namedBy(customerId, older.id)).toEqual(older);
      expect(await namedBy(customerId, newest.id)).toEqual(newest);
      expect(await namedBy(newCustomerId(), older.id)).toBeUndefined();
      expect(await namedBy(customerId, 'not an id')).toBeUndefined();
    });

    it('cancels a confirmed action, and gives it back as it was cancelled', async () => {
      const action = ended();
      const cancelled = cancelledLater(action);
      await save(action);
      await save(cancelled);
      await reopen();
      expect(await at.store.find(action.id)).toEqual(cancelled);
      expect(await ids({ statuses: ['confirmed'] })).toEqual([]);
      expect(await ids({ statuses: ['cancelled'] })).toEqual([action.id]);
      expect(await at.store.archive(action.id, mark)).toBeUndefined();
      expect(await at.store.hide(action.customerId, action.id, 71_000)).toBeUndefined();
    });

    it('changes no archived action’s status, which is a bug, and writes nothing else then', async () => {
      const action = ended();
      await save(action);
      await at.store.archive(action.id, mark);
      const writing = at.store.transact(action.customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 1 },
        actions: [cancelledLater(action)],
        result: undefined,
      }));

      const fault = await writing.catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(Error);
      expect(fault).not.toBeInstanceOf(Refusal);
      expect(await at.store.find(action.id)).toEqual({ ...action, archivedAt: 70, archivedBy: 'Stella' });
      expect((await at.store.read(action.customerId)).customer.wrongCodesInARow).toBe(0);
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

function cancelledLater<Terms>(action: EndedAction<Terms>): EndedAction<Terms> {
  const confirmedAt = action.endedAt;
  return { ...action, status: 'cancelled', endedAt: confirmedAt + 1, reason: 'staff', confirmedAt };
}
