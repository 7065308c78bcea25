import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/step-up/action';
import { withdraw } from '../../src/step-up/withdraw';
import { newCustomerId } from '../fixtures/orders';
import { type OpenStore, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** Until when a confirmed action may be cancelled, and by whom. Every store's own test calls it, with a kind that allows it. */
export function stepUpCancelling<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  const { cancelWithinMs = 0, ...neverCancelled } = sample.kind;
  const dayMs = 24 * 3_600_000;

  describe(`cancelling what is confirmed on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, placeOther, confirm, cancel, resend, archive, latest, rightCode } = at;
    const find = (id: string) => at.services.store.find(id);
    const cancellations = () => at.stepUp.told().filter(([status]) => status === 'cancelled');
    const order = async (who = at.customer) => {
      await place(undefined, who);
      return confirm(rightCode(who), undefined, who);
    };
    const endedAtOf = (action: Action<Terms>) => (action.status === 'pending' ? Number.NaN : action.endedAt);
    const tooLate = (id: string) => ({
      code: 'order_already_confirmed',
      details: { action: { id, status: 'confirmed' } },
    });

    it('lets its customer, up to the last millisecond, and keeps when it was confirmed', async () => {
      const { id, ...confirmed } = await order();
      at.stepUp.pass(cancelWithinMs);
      const cancelled = await cancel({ actionId: id });
      expect(cancelled).toMatchObject({ id, status: 'cancelled', reason: 'customer' });
      expect(cancelled).toMatchObject({
        endedAt: at.stepUp.now(),
        confirmedAt: endedAtOf({ id, ...confirmed }),
      });
      expect(await find(id)).toEqual(cancelled);
      expect(cancellations()).toHaveLength(1);
      expect(at.stepUp.steps.at(-1)).toMatchObject({ step: 'cancel', outcome: 'done', actionId: id });
    });

    it('refuses its customer a millisecond later, and tells the truth', async () => {
      const { id } = await order();
      at.stepUp.pass(cancelWithinMs + 1);
      for (const what of [{ actionId: id }, {}]) {
        await expect(cancel(what)).rejects.toMatchObject(tooLate(id));
      }
      expect(await latest()).toMatchObject({ id, status: 'confirmed' });
      expect(cancellations()).toEqual([]);
    });

    it('lets staff until it is archived, and nobody then', async () => {
      const { id: done } = await order();
      await archive();
      for (const by of ['customer', 'staff'] as const) {
        await expect(cancel({ actionId: done, by })).rejects.toMatchObject(tooLate(done));
      }
      const { id } = await order();
      at.stepUp.pass(dayMs);
      expect(await cancel({ actionId: id, by: 'staff' })).toMatchObject({ id, reason: 'staff' });
      expect(await find(done)).toMatchObject({ status: 'confirmed', archivedAt: expect.any(Number) });
      expect(await archive()).toBe(0);
    });

    it('keeps who of the staff cancelled it, and why', async () => {
      const { id } = await order();
      const words = { who: 'Stella', note: 'We are out of bacon.' };
      const cancelled = await withdraw(at.services, {
        ...turnOf(at.customer),
        actionId: id,
        by: 'staff',
        ...words,
      });
      expect(cancelled).toMatchObject({ ...words, status: 'cancelled', reason: 'staff' });
      expect(await find(id)).toEqual(cancelled);
    });

    it('lets nobody where the kind does not say for how long', async () => {
      const { id: actionId } = await order();
      for (const by of ['customer', 'staff'] as const) {
        const turn = { ...turnOf(at.customer), actionId, by };
        const refused = withdraw({ ...at.services, kind: neverCancelled }, turn);
        await expect(refused).rejects.toMatchObject(tooLate(actionId));
      }
    });

    it.each(['customer', 'staff'] as const)(
      'takes the one that is named (by %s), and lets the newer one wait',
      async (by) => {
        const { id } = await order();
        const newer = await placeOther();
        expect(await cancel({ actionId: id, by })).toMatchObject({ id, status: 'cancelled', reason: by });
        expect(await latest()).toMatchObject({ id: newer.id, status: 'pending' });
        // Its code was used up, so that it cannot be meant by the next one.
        expect(await confirm(rightCode())).toMatchObject({ id: newer.id, status: 'confirmed' });
      },
    );

    it('takes only what waits where none is named', async () => {
      const { id } = await order();
      await expect(cancel()).rejects.toMatchObject(tooLate(id));
      const waiting = await placeOther();
      expect(await cancel()).toMatchObject({ id: waiting.id, status: 'cancelled' });
      await expect(cancel()).rejects.toMatchObject({
        code: 'order_cancelled',
        details: { action: { id: waiting.id } },
      });
      expect(await find(id)).toMatchObject({ status: 'confirmed' });
    });

    it('takes nothing that was confirmed while it waited for its turn, where none is named', async () => {
      const { id } = await place();
      const release = at.stepUp.codes.hold();
      const confirming = confirm(rightCode());
      await expect.poll(async () => (await at.services.store.read(at.customer)).customer.turn).toBeDefined();
      const cancelling = cancel();
      release();
      expect(await confirming).toMatchObject({ id, status: 'confirmed' });
      await expect(cancelling).rejects.toMatchObject(tooLate(id));
      expect(await find(id)).toMatchObject({ status: 'confirmed' });
    });

    it('takes one that its customer has hidden', async () => {
      const { id } = await order();
      await at.services.store.hide(at.customer, id, at.stepUp.now());
      expect(await cancel({ actionId: id })).toMatchObject({ id, status: 'cancelled' });
    });

    it('leaves nothing to confirm, to send a code for, or to cancel', async () => {
      const { id } = await order();
      const code = rightCode();
      await cancel({ actionId: id });
      for (const turn of [() => confirm(code), resend, cancel, () => cancel({ actionId: id, by: 'staff' })]) {
        await expect(turn()).rejects.toMatchObject({ code: 'order_cancelled', details: { action: { id } } });
      }
      expect(at.stepUp.codes.counts()).toEqual({ sent: 1, checked: 1 });
    });

    it('does not find another customer’s', async () => {
      const { id: actionId } = await order();
      const turn = { ...turnOf(newCustomerId()), actionId, by: 'customer' as const };
      await expect(withdraw(at.services, turn)).rejects.toMatchObject({ code: 'not_found' });
      expect(await find(actionId)).toMatchObject({ status: 'confirmed' });
    });

    it('answers a repeated request the same, however late, and each request as it was', async () => {
      await place();
      const code = rightCode();
      const confirmed = await confirm(code, 'r1');
      const cancelling = { actionId: confirmed.id, requestId: 'r2' };
      const cancelled = await cancel(cancelling);
      at.stepUp.pass(cancelWithinMs + 1);
      expect(await cancel(cancelling)).toEqual(cancelled);
      expect(await confirm(code, 'r1')).toEqual(confirmed);
      expect(cancellations()).toHaveLength(1);
    });

    it('cancels once when customer and staff come at once, and tells the other one', async () => {
      const { id: actionId } = await order();
      const outcomes = await Promise.allSettled([
        cancel({ actionId }),
        cancel({ actionId, by: 'staff' }),
        cancel({ actionId }),
      ]);
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      expect(refused).toHaveLength(2);
      for (const reason of refused) {
        expect(reason).toMatchObject({ code: 'order_cancelled', details: { action: { id: actionId } } });
      }
      expect(cancellations()).toHaveLength(1);
    });

    it('is done or cancelled, and never both, when they come at once', async () => {
      const store = (await at.another()) ?? at.services.store;
      const customers = Array.from({ length: 30 }, newCustomerId);
      const orders = await Promise.all(customers.map(order));
      const races = orders.map(async ({ id: actionId, customerId }) => {
        const cancelling = withdraw(at.services, { ...turnOf(customerId), actionId, by: 'customer' });
        const refused = cancelling.then(
          () => undefined,
          (error) => error,
        );
        const archived = await store.archive(actionId, { at: at.stepUp.now(), by: 'Stella' });
        if (archived === undefined) expect(await refused).toBeUndefined();
        else expect(await refused).toMatchObject(tooLate(actionId));
        expect((await find(actionId))?.status).toBe(archived === undefined ? 'cancelled' : 'confirmed');
      });
      await Promise.all(races);
      if (store !== at.services.store) await store.close();
    });
  });
}
