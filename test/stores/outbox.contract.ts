import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ClaimedNotice, type Notice, noticeKinds, noticeOf } from '../../src/step-up/notice';
import { archiveAll, newCustomerId } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { useStore } from './use-store';

/** The part of ActionStore's specification that keeps notices until they are brought. */
export function outboxContract<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`${name} as an outbox`, () => {
    const at = useStore(open, sample);
    const { pending, reopen, another } = at;

    const customerId = newCustomerId();
    const write = (...notices: Notice[]) =>
      at.store.transact(customerId, () => ({ notices, result: undefined }));
    const receipt = (when: number) => noticeOf('receipt', { id: randomUUID() }, when);
    /** Claimed for no time, so that they stay as due as they were. */
    const dueAt = async (now: number) => idsOf(await at.store.claimNotices(now, now, 100));

    it('has none at first', async () => {
      expect(await at.store.claimNotices(9, 10, 5)).toEqual([]);
    });

    it.each([...noticeKinds])('gives a notice back as it was written: %s', async (kind) => {
      const notice = noticeOf(kind, { id: randomUUID() }, 7);
      await write(notice);
      expect(await at.store.claimNotices(7, 8, 5)).toEqual([{ ...notice, customerId }]);
    });

    it('writes notices together with the rest of the decision', async () => {
      const action = pending({ customerId });
      const notice = noticeOf('receipt', action, 7);
      await at.store.transact(customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 2 },
        actions: [action],
        notices: [notice],
        result: undefined,
      }));
      expect(await dueAt(7)).toEqual([notice.id]);
      expect((await at.store.find(action.id))?.id).toBe(action.id);
      expect((await at.store.read(customerId)).customer.wrongCodesInARow).toBe(2);
    });

    it('writes none of a decision that fails', async () => {
      const theirs = pending();
      await at.save(theirs);
      const failing = at.store.transact(customerId, () => ({
        actions: [theirs],
        notices: [receipt(7)],
        result: undefined,
      }));
      await expect(failing).rejects.toThrow();
      expect(await dueAt(100)).toEqual([]);
    });

    it('keeps what it acknowledged after it is closed and opened again, claimed or not', async () => {
      const [claimed, waiting] = [receipt(5), receipt(6)];
      await write(claimed, waiting);
      await at.store.claimNotices(5, 50, 5);
      await reopen();
      expect(await dueAt(49)).toEqual([waiting.id]);
      expect(await dueAt(50)).toEqual([waiting.id, claimed.id].sort());
    });

    it('gives nobody else what is claimed, until the time that was said', async () => {
      const notice = receipt(5);
      await write(notice);
      expect(idsOf(await at.store.claimNotices(5, 60, 5))).toEqual([notice.id]);
      expect(await at.store.claimNotices(59, 99, 5)).toEqual([]);
      expect(idsOf(await at.store.claimNotices(60, 99, 5))).toEqual([notice.id]);
    });

    it('gives none before its time, and those that wait the longest first, up to the limit', async () => {
      const [third, first, second, later] = [receipt(30), receipt(10), receipt(20), receipt(41)];
      await write(third, first, second, later);
      expect(idsOf(await at.store.claimNotices(40, 99, 2))).toEqual([first.id, second.id].sort());
      expect(idsOf(await at.store.claimNotices(40, 99, 2))).toEqual([third.id]);
      expect(await dueAt(41)).toEqual([later.id]);
    });

    it('gives each of a hundred to one of those who claim at once, on two instances', async ({ skip }) => {
      const other = await another?.();
      if (!other) return skip('this store has one instance only');
      const notices = Array.from({ length: 100 }, (_, index) => receipt(index));
      await write(...notices);
      const claims: Promise<ClaimedNotice[]>[] = [];
      for (let count = 0; count < 30; count += 1) {
        claims.push((count % 2 ? other : at.store).claimNotices(100, 200, 10));
      }
      const claimed = (await Promise.all(claims)).flatMap(idsOf);
      expect(new Set(claimed).size).toBe(claimed.length);
      // Who lost against another comes again.
      const rest = await at.store.claimNotices(100, 200, 100);
      await other.close();
      expect([...claimed, ...idsOf(rest)].sort()).toEqual(idsOf(notices));
      return undefined;
    });

    it('makes a notice due again when it is postponed', async () => {
      const [notice, other] = [receipt(5), receipt(5)];
      await write(notice, other);
      await at.store.claimNotices(5, 60, 5);
      await at.store.postponeNotice(notice.id, 30);
      expect(await dueAt(29)).toEqual([]);
      expect(await dueAt(30)).toEqual([notice.id]);
    });

    it('has no more of a notice that was removed, and of no other', async () => {
      const [notice, other] = [receipt(5), receipt(6)];
      await write(notice, other);
      await at.store.removeNotice(notice.id);
      expect(await dueAt(9)).toEqual([other.id]);
      await reopen();
      expect(await dueAt(9)).toEqual([other.id]);
    });

    it('does not mind a notice that is there no more', async () => {
      await at.store.removeNotice(randomUUID());
      await at.store.postponeNotice(randomUUID(), 5);
      expect(await dueAt(9)).toEqual([]);
    });

    it('keeps the notices of a customer whose record and actions change', async () => {
      const notice = receipt(5);
      await write(notice);
      await at.save(pending({ customerId }));
      await at.store.transact(customerId, ({ customer }) => ({
        customer: { ...customer, wrongCodesInARow: 1 },
        result: undefined,
      }));
      await archiveAll(at.store, 6);
      expect(await dueAt(9)).toEqual([notice.id]);
    });
  });
}

/** In the order of the ids: which of those that are claimed together comes first is not said. */
const idsOf = (notices: readonly Notice[]) => notices.map(({ id }) => id).sort();
