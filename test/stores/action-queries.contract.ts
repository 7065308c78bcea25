import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
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

    it('archives confirmed actions of one customer or of all, destroying nothing', async () => {
      const customerId = newCustomerId();
      const own = ended({ customerId, placedAt: 1, endedAt: 2 });
      const foreign = ended({ placedAt: 3, endedAt: 4 });
      const waiting = pending({ placedAt: 5 });
      await save(own, foreign, waiting);

      expect(await at.store.archiveConfirmed({ customerId }, 70)).toBe(1);
      expect(await at.store.archiveConfirmed({ customerId }, 71)).toBe(0);
      expect(await ids({})).toEqual([waiting.id, foreign.id]);
      expect(await at.store.archiveConfirmed({}, 72)).toBe(1);
      expect(await ids({})).toEqual([waiting.id]);
      expect(await ids({ includeArchived: true })).toEqual([waiting.id, foreign.id, own.id]);
      expect(await at.store.find(own.id)).toEqual({ ...own, archivedAt: 70 });
    });

    it('A20: hides the confirmed actions of one customer, which stay on the board', async () => {
      const customerId = newCustomerId();
      const own = ended({ customerId, placedAt: 1, endedAt: 2 });
      const foreign = ended({ placedAt: 3, endedAt: 4 });
      const waiting = pending({ customerId, placedAt: 5 });
      await save(own, foreign, waiting);

      expect(await at.store.hideConfirmed(customerId, 70)).toBe(1);
      expect(await at.store.hideConfirmed(customerId, 71)).toBe(0);
      expect(await ids({})).toEqual([waiting.id, foreign.id]);
      expect(await ids({ includeHidden: true })).toEqual([waiting.id, foreign.id, own.id]);
      expect(await at.store.find(own.id)).toEqual({ ...own, hiddenAt: 70 });

      expect(await at.store.archiveConfirmed({}, 72)).toBe(2);
      expect(await ids({ includeHidden: true })).toEqual([waiting.id]);
      expect(await at.store.find(own.id)).toEqual({ ...own, hiddenAt: 70, archivedAt: 72 });
    });
  });
}
