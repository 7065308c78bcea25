import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CustomerId } from '../../src/step-up/customer';
import type { CustomerRecord } from '../../src/step-up/ledger';
import { newCustomerId } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { useStore } from './use-store';

/** The part of ActionStore's specification that looks across customers: find, list, overdue and archive. */
export function actionQueries<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`${name} as a list of actions`, () => {
    const at = useStore(open, sample);
    const { pending, ended, save, ids } = at;

    it('does not find an action that is not there', async () => {
      expect(await at.store.find(randomUUID())).toBeUndefined();
      expect(await at.store.find('not an id')).toBeUndefined();
    });

    it('lists newest first, and in one sequence for those of the same millisecond', async () => {
      const placedAt = [5, 9, 7, 7, 7];
      const actions = placedAt.map((at) => pending({ placedAt: at }));
      await save(...actions);
      const expected = [...actions].sort((a, b) => b.placedAt - a.placedAt || (a.id < b.id ? 1 : -1));
      expect(await ids({})).toEqual(expected.map(({ id }) => id));
    });

    it('pages without losing or repeating an action', async () => {
      const actions = Array.from({ length: 25 }, (_, index) =>
        pending({ placedAt: 100 + Math.floor(index / 3) }),
      );
      await save(...actions);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await at.store.list({ limit: 4, after });
        expect(page.actions.length).toBeLessThanOrEqual(4);
        seen.push(...page.actions.map(({ id }) => id));
        after = page.next;
      } while (after);
      expect(seen).toEqual(await ids({}));
      expect(new Set(seen)).toEqual(new Set(actions.map(({ id }) => id)));
    });

    it('refuses a cursor that no page gave', async () => {
      const malformed = ['1/2', `1/${'-'.repeat(36)}`].map((text) => Buffer.from(text).toString('base64url'));
      for (const after of ['', 'x', ...malformed]) {
        await expect(at.store.list({ limit: 5, after })).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    it('filters by customer and by status, together and across pages', async () => {
      const customerId = newCustomerId();
      const own = ended({ customerId, placedAt: 10, endedAt: 11 });
      const ownRefused = ended({ customerId, placedAt: 12, status: 'refused', endedAt: 13 });
      const ownPending = pending({ customerId, placedAt: 14 });
      const foreign = ended({ placedAt: 15, endedAt: 16 });
      await save(own, ownRefused, ownPending, foreign);

      expect(await ids({ customerId })).toEqual([ownPending.id, ownRefused.id, own.id]);
      expect(await ids({ statuses: ['confirmed'] })).toEqual([foreign.id, own.id]);
      expect(await ids({ customerId, statuses: ['confirmed', 'pending'] })).toEqual([ownPending.id, own.id]);
      expect(await ids({ statuses: [] })).toEqual([]);
      const first = await at.store.list({ statuses: ['confirmed', 'pending'], limit: 2 });
      expect(first.actions.map(({ id }) => id)).toEqual([foreign.id, ownPending.id]);
      expect(await ids({ statuses: ['confirmed', 'pending'], after: first.next })).toEqual([own.id]);
    });

    it('names the customers whose pending action has run out', async () => {
      const due = pending({ expiresAt: 100 });
      const later = pending({ expiresAt: 101 });
      const done = ended({ endedAt: 40 });
      await save(due, later, done);
      expect(await at.store.overdue(99)).toEqual([]);
      expect(await at.store.overdue(100)).toEqual([due.customerId]);
    });

    it('lists what was placed in a span of time, its beginning in and its end out', async () => {
      const actions = [9, 10, 15, 20].map((placedAt) => ended({ placedAt, endedAt: 30 }));
      await save(...actions);
      const [, first, second] = actions;
      const placed = { from: 10, to: 20 };
      expect(await ids({ placed })).toEqual([second?.id, first?.id]);
      const page = await at.store.list({ placed, statuses: ['confirmed'], limit: 1 });
      expect(page.actions).toEqual([second]);
      expect(await ids({ placed, after: page.next })).toEqual([first?.id]);
    });

    it('gives what is to do in the order of its confirmation, and counts it', async () => {
      const [late, early, middle] = [90, 20, 50].map((endedAt, n) => ended({ placedAt: n + 1, endedAt }));
      const same = ended({ placedAt: 9, endedAt: 50 });
      const cancelled = ended({ status: 'cancelled', endedAt: 1 });
      const done = ended({ endedAt: 2 });
      if (!late || !early || !middle) throw new Error('There are three.');
      await save(late, early, middle, same, cancelled, done, pending());
      await at.store.archive(done.id, mark);

      const [second, third] = [middle, same].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await at.store.toDo(50)).toEqual({ actions: [early, second, third, late], count: 4 });
      expect(await at.store.toDo(2)).toEqual({ actions: [early, second], count: 4 });
    });

    it('archives one action by its id and takes that back, destroying nothing', async () => {
      const [meant, other] = [ended(), ended()];
      const waiting = pending();
      await save(meant, other, waiting);
      const archived = { ...meant, archivedAt: 70, archivedBy: 'Stella' };

      expect(await at.store.archive(meant.id, mark)).toEqual(archived);
      for (const id of [meant.id, waiting.id, randomUUID(), 'not an id']) {
        expect(await at.store.archive(id, { at: 71, by: 'Steve' })).toBeUndefined();
      }
      await at.reopen();
      expect(await at.store.find(meant.id)).toEqual(archived);
      expect(new Set(await ids({}))).toEqual(new Set([waiting.id, other.id]));
      expect(await ids({ includeArchived: true })).toContain(meant.id);
      expect((await at.store.toDo(50)).actions).toEqual([other]);

      expect(await at.store.unarchive(meant.id)).toEqual(meant);
      for (const id of [meant.id, other.id, randomUUID(), 'not an id']) {
        expect(await at.store.unarchive(id)).toBeUndefined();
      }
      expect(await at.store.find(meant.id)).toEqual(meant);
      expect((await at.store.toDo(50)).count).toBe(2);
    });

    it('archives an action once when several come at once', async () => {
      const action = ended();
      await save(action);
      const other = (await at.another()) ?? at.store;
      const marked = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          (n % 2 ? at.store : other).archive(action.id, { at: n, by: `${n}` }),
        ),
      );
      if (other !== at.store) await other.close();
      const winners = marked.filter((one) => one !== undefined);
      expect(winners).toHaveLength(1);
      expect(await at.store.find(action.id)).toEqual(winners[0]);
    });

    it('A20: hides a confirmed action from its customer, and it stays on the board', async () => {
      const customerId = newCustomerId();
      const own = ended({ customerId, placedAt: 1, endedAt: 2 });
      const foreign = ended({ placedAt: 3, endedAt: 4 });
      const waiting = pending({ customerId, placedAt: 5 });
      await save(own, foreign, waiting);

      expect(await at.store.hide(customerId, own.id, 70)).toEqual({ ...own, hiddenAt: 70 });
      for (const id of [own.id, foreign.id, waiting.id, randomUUID(), 'not an id']) {
        expect(await at.store.hide(customerId, id, 71)).toBeUndefined();
      }
      expect(await ids({})).toEqual([waiting.id, foreign.id]);
      expect(await ids({ includeHidden: true })).toEqual([waiting.id, foreign.id, own.id]);
      expect((await at.store.toDo(50)).actions).toEqual([{ ...own, hiddenAt: 70 }, foreign]);

      await at.store.archive(own.id, mark);
      const both = { ...own, hiddenAt: 70, archivedAt: 70, archivedBy: 'Stella' };
      expect(await at.store.find(own.id)).toEqual(both);
    });

    it('names the customers who may be locked, and no others', async () => {
      const [inARow, lately, disowned, nearly, unlocked] = Array.from({ length: 5 }, newCustomerId);
      const write = (id: CustomerId | undefined, record: Partial<CustomerRecord>) =>
        id &&
        at.store.transact(id, ({ customer }) => ({
          customer: { ...customer, ...record },
          result: undefined,
        }));
      const nine = Array.from({ length: 9 }, (_, n) => n);
      await write(inARow, { wrongCodesInARow: 5 });
      await write(lately, { wrongCodesAt: [...nine, 9] });
      await write(disowned, { disownedAt: 7 });
      await write(nearly, { wrongCodesInARow: 4, wrongCodesAt: nine });
      await write(unlocked, { wrongCodesInARow: 5 });
      await write(unlocked, { wrongCodesInARow: 0 });

      const found = await at.store.maybeLocked(50);
      expect(found.map(({ id }) => id).sort()).toEqual([inARow, lately, disowned].sort());
      expect(found.find(({ id }) => id === lately)?.wrongCodesAt).toEqual([...nine, 9]);
      expect(await at.store.maybeLocked(1)).toHaveLength(1);
    });
  });
}

const mark = { at: 70, by: 'Stella' };
