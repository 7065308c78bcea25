import { describe, expect, it } from 'vitest';
import { propose } from '../../src/step-up/propose';
import { prove } from '../../src/step-up/prove';
import { Refusal } from '../../src/step-up/refusal';
import { type OpenStore, proposalOf, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** What is confirmed is what was meant. Every store's own test calls it. */
export function stepUpMeaning<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`what a code is for, on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, placeOther, confirm, cancel, resend, yes, no, latest, rightCode, confirmations } = at;
    const other = sample.someTerms[1];
    const guess = async (times: number) => {
      for (let guesses = 0; guesses < times; guesses += 1) await confirm(at.wrongCode()).catch(() => {});
    };
    const needed = (terms: Terms) => ({ code: 'confirmation_needed', details: { action: { terms } } });

    const ways: [string, () => Promise<unknown>][] = [
      ['replaced', () => placeOther()],
      ['cancelled', () => cancel().then(() => placeOther())],
      ['refused after wrong codes', () => guess(3).then(() => placeOther())],
      ['replaced, with another code sent since', () => placeOther().then(() => resend())],
      [
        'replaced through another door',
        () => propose(at.services, { ...turnOf(at.customer), ...proposalOf(sample.kind, other, 'api') }),
      ],
    ];
    it.each(ways)(
      'A1: is read back when an earlier order was %s, and only a yes confirms',
      async (_how, happen) => {
        await place();
        await happen();
        await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
        expect(confirmations()).toEqual([]);
        expect(await yes()).toMatchObject({ status: 'confirmed', terms: other });
        expect(confirmations()).toHaveLength(1);
      },
    );

    it('A1: confirms at once where no other order was asked for', async () => {
      await place();
      await resend();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
      await place();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A1: is read back however late the code comes, when the other order gave way to this one', async () => {
      await place();
      at.stepUp.pass(150_000);
      await placeOther();
      at.stepUp.pass(60_000);
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      await resend();
      at.stepUp.pass(190_000);
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
    });

    it('A1: confirms at once when the other code could no longer be alive', async () => {
      await place();
      at.stepUp.pass(200_001);
      await placeOther();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A1: is read back after a code went out whose order was never written', async () => {
      const { transact } = at.services.store;
      let writes = 0;
      // The turn's begin is the first write, and what settles it the second.
      const failing = {
        ...at.services.store,
        transact: (...given: Parameters<typeof transact>) => {
          writes += 1;
          if (writes > 1) throw new Refusal('store_unavailable', 'The store is away.');
          return transact(...given);
        },
      } as typeof at.services.store;
      const lost = propose(
        { ...at.services, store: failing },
        { ...turnOf(at.customer), ...proposalOf(sample.kind, other) },
      );
      await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' });
      at.stepUp.pass(10_001);
      await place();
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(sample.someTerms[0]));
    });

    it('A1: costs no attempt to be right, so that another code after a late yes is good for something', async () => {
      await place();
      await placeOther();
      for (let wrong = 0; wrong < 2; wrong += 1)
        await expect(confirm('0000')).rejects.toMatchObject({ code: 'wrong_code' });
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      at.stepUp.pass(60_001);
      await expect(yes()).rejects.toMatchObject({ code: 'confirmation_too_late' });
      await resend();
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('A1: waits a minute for the yes, also when the code was said in its last second', async () => {
      await place();
      await placeOther();
      at.stepUp.pass(199_999);
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      at.stepUp.pass(50_000);
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('A1: confirms at once when the id names what is meant', async () => {
      await place();
      const { id: actionId } = await placeOther();
      const code = rightCode();
      const proof = { actionId, code, prover: { door: 'api' } } as const;
      expect(await prove(at.services, { ...turnOf(at.customer), ...proof })).toMatchObject({
        status: 'confirmed',
      });
    });

    it('A1: takes no yes from another conversation', async () => {
      await place();
      await placeOther();
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      await expect(yes('elsewhere')).rejects.toMatchObject({ code: 'nothing_to_affirm' });
      await expect(no('elsewhere')).rejects.toMatchObject({ code: 'nothing_to_affirm' });
      expect(await latest()).toMatchObject({ status: 'pending' });
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('A1: takes no yes after a minute, and the code is used up', async () => {
      await place();
      await placeOther();
      const code = rightCode();
      await expect(confirm(code)).rejects.toMatchObject(needed(other));
      at.stepUp.pass(60_001);
      await expect(yes()).rejects.toMatchObject({ code: 'confirmation_too_late' });
      await expect(confirm(code)).rejects.toMatchObject({ code: 'confirmation_too_late' });
      expect(at.stepUp.codes.counts().checked).toBe(1);
    });

    it('A1: takes no yes to what a resend or a new order has overtaken', async () => {
      await place();
      await placeOther();
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      await resend();
      await expect(yes()).rejects.toMatchObject({ code: 'nothing_to_affirm' });
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      await place();
      await expect(yes()).rejects.toMatchObject({ code: 'nothing_to_affirm' });
      expect(confirmations()).toEqual([]);
    });

    it('A1: cancels at a no', async () => {
      await place();
      await placeOther();
      await expect(confirm(rightCode())).rejects.toMatchObject(needed(other));
      expect(await no()).toMatchObject({ status: 'cancelled', reason: 'customer' });
      await expect(yes()).rejects.toMatchObject({ code: 'order_cancelled' });
    });

    it('A1: asks for no yes where nothing was asked', async () => {
      await place();
      await expect(yes()).rejects.toMatchObject({ code: 'nothing_to_affirm' });
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });
  });
}
