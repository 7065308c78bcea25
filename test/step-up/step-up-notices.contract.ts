import { describe, expect, it } from 'vitest';
import { withdraw } from '../../src/step-up/withdraw';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** What customers are told besides the answers of their turns, whatever the action and whichever the store. */
export function stepUpNotices<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`what a customer is told afterwards, on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, confirm, rightCode, wrongCode, cancel } = at;

    /** Kind and action of all that wait, which stay as they are. */
    const notices = async () => {
      const now = at.stepUp.now();
      const waiting = await at.services.store.claimNotices(now, now, 100);
      return waiting.map(({ kind, actionId, customerId }) => [kind, actionId, customerId]);
    };

    it('is a receipt, once the action is confirmed', async () => {
      const { id } = await place();
      expect(await notices()).toEqual([]);
      await confirm(rightCode());
      expect(await notices()).toEqual([['receipt', id, at.customer]]);
      expect(at.stepUp.woken()).toBe(1);
    });

    it('is one receipt, however often the request is repeated', async () => {
      await place();
      const code = rightCode();
      await confirm(code, 'r1');
      await confirm(code, 'r1');
      await confirm(code, 'r2').catch(() => {});
      expect(await notices()).toHaveLength(1);
      expect(at.stepUp.woken()).toBe(1);
    });

    it('is a receipt, too, after a yes', async () => {
      await place();
      const { id } = await at.placeOther();
      await confirm(rightCode()).catch(() => {});
      expect(await notices()).toEqual([]);
      await at.yes();
      expect(await notices()).toEqual([['receipt', id, at.customer]]);
    });

    it('is that ordering is locked, by the code that locked it and no other', async () => {
      await place();
      for (let tries = 0; tries < 3; tries += 1) await confirm(wrongCode()).catch(() => {});
      expect(await notices()).toEqual([]);
      const { id } = await place();
      await confirm(wrongCode()).catch(() => {});
      expect(await notices()).toEqual([]);
      await confirm(wrongCode()).catch(() => {});
      expect(await notices()).toEqual([['locked', id, at.customer]]);
      await confirm(wrongCode()).catch(() => {});
      await place().catch(() => {});
      expect(await notices()).toHaveLength(1);
      expect(at.stepUp.woken()).toBe(1);
    });

    it('is that staff cancelled the action, and nothing of what customers cancel themselves', async () => {
      const { id } = await place();
      await withdraw(at.services, { ...turnOf(at.customer), by: 'staff' });
      expect(await notices()).toEqual([['cancelled_by_staff', id, at.customer]]);
      await place();
      await cancel();
      expect(await notices()).toHaveLength(1);
      expect(at.stepUp.woken()).toBe(1);
    });

    it('is nothing where nobody brings it', async () => {
      at.stepUp.services.courier = undefined;
      await place();
      await confirm(rightCode());
      expect(await notices()).toEqual([]);
    });
  });
}
