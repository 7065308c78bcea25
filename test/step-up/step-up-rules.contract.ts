import { describe, expect, it } from 'vitest';
import { prove } from '../../src/step-up/prove';
import { listActions } from '../../src/step-up/read';
import { resend as resendCode } from '../../src/step-up/resend';
import { unlock } from '../../src/step-up/unlock';
import { withdraw } from '../../src/step-up/withdraw';
import { newCustomerId } from '../fixtures/orders';
import { type OpenStore, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** The rules of a step-up, which hold on every store and for every kind of action. Every store's own test calls it. */
export function stepUpRules<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`the rules of a step-up on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { kind, someTerms } = sample;
    const { place, placeOther, confirm, resend, cancel, latest, rightCode, wrongCode, yes } = at;
    const stepUp = () => at.stepUp;
    const services = () => at.services;
    const customer = () => at.customer;

    it('confirms a pending order by its code, once, and tells the board once', async () => {
      const placed = await place();
      expect(placed).toMatchObject({ status: 'pending', terms: someTerms[0], delivery: { channel: 'sms' } });
      const code = rightCode();

      expect(await confirm(code)).toMatchObject({ id: placed.id, status: 'confirmed' });
      await expect(confirm(code)).rejects.toMatchObject({
        code: 'order_already_confirmed',
        details: { action: { id: placed.id } },
      });
      const words = kind.describe(someTerms[0]);
      expect(stepUp().told()).toEqual([
        ['pending', words],
        ['confirmed', words],
      ]);
      expect(stepUp().codes.counts()).toEqual({ sent: 1, checked: 1 });
    });

    it('has nothing to confirm, resend or cancel before an order', async () => {
      for (const turn of [() => confirm('1234'), resend, cancel]) {
        await expect(turn()).rejects.toMatchObject({ code: 'nothing_pending' });
      }
      expect(stepUp().codes.counts()).toEqual({ sent: 0, checked: 0 });
    });

    it('asks again for what is not a whole code, without an attempt or a question to Auth0', async () => {
      await place();
      for (const code of [undefined, '', '123', '12345', '12a4', ' 1234', '١٢٣٤', '-123', '1e3']) {
        await expect(confirm(code)).rejects.toMatchObject({ code: 'not_a_code' });
      }
      expect(stepUp().codes.counts().checked).toBe(0);
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed', attempts: 1 });
    });

    it('refuses the order at the third wrong code, and the right code after it', async () => {
      await place();
      const code = rightCode();
      await expect(confirm(wrongCode())).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 2 },
      });
      await expect(confirm(wrongCode())).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 1 },
      });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'order_refused' });
      await expect(confirm(code)).rejects.toMatchObject({ code: 'order_refused' });
      expect(await latest()).toMatchObject({ status: 'refused', attempts: 3 });
      expect(stepUp().codes.counts().checked).toBe(3);
    });

    it('keeps with a confirmed one how it was proved, also after a restart and when it is taken back', async () => {
      const placed = await place();
      const evidence = {
        method: 'code',
        door: 'voice',
        channel: 'sms',
        termsHash: placed.termsHash,
        at: stepUp().now(),
      };
      expect(placed).not.toHaveProperty('evidence');
      expect(await confirm(rightCode())).toMatchObject({ evidence });
      expect((await services().store.find(placed.id))?.evidence).toEqual(evidence);
      if (kind.cancelWithinMs === undefined) return;
      await at.cancel({ actionId: placed.id });
      expect(await services().store.find(placed.id)).toMatchObject({ status: 'cancelled', evidence });
    });

    it('does not refill attempts with a new code', async () => {
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
      await resend();
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'order_refused' });
    });

    it('replaces the pending order with a new one, whose code alone counts', async () => {
      const first = await place();
      const firstCode = rightCode();
      const second = await placeOther();
      expect(await services().store.find(first.id)).toMatchObject({
        status: 'cancelled',
        reason: 'replaced',
      });
      await expect(confirm(firstCode)).rejects.toMatchObject({ code: 'wrong_code' });
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ id: second.id, status: 'confirmed' });
    });

    it('does not let a named older order be confirmed with the newer one’s code', async () => {
      const first = await place();
      await place();
      const confirming = prove(services(), {
        ...turnOf(customer()),
        code: rightCode(),
        actionId: first.id,
        prover: { door: 'api' },
      });
      await expect(confirming).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
    });

    it('does not find another customer’s order', async () => {
      const order = await place();
      const stranger = newCustomerId();
      const turn = { ...turnOf(stranger), actionId: order.id };
      await expect(
        prove(services(), { ...turn, code: rightCode(), prover: { door: 'api' } }),
      ).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(resendCode(services(), turn)).rejects.toMatchObject({ code: 'not_found' });
      await expect(withdraw(services(), { ...turn, by: 'customer' })).rejects.toMatchObject({
        code: 'not_found',
      });
      expect(await latest()).toMatchObject({ status: 'pending' });
    });

    it('locks ordering after five wrong codes in a row, across orders, until it is unlocked', async () => {
      await place();
      for (let attempt = 0; attempt < 3; attempt += 1) await expect(confirm(wrongCode())).rejects.toThrow();
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'ordering_locked' });

      expect(await latest()).toMatchObject({ status: 'refused' });
      await expect(place()).rejects.toMatchObject({ code: 'ordering_locked' });
      await unlock(services(), customer(), undefined);
      await place();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('forgets wrong codes once a right one was given', async () => {
      for (let order = 0; order < 2; order += 1) {
        await place();
        await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
        await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
        await confirm(rightCode());
      }
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 2 },
      });
    });

    it('sends a customer at most five codes an hour, orders and resends together', async () => {
      for (let code = 0; code < 3; code += 1) await place();
      await resend();
      await resend();
      stepUp().pass(600_000);
      await expect(place()).rejects.toMatchObject({
        code: 'too_many_codes',
        details: { retryAfterSeconds: 3_000 },
      });
      expect(stepUp().codes.counts().sent).toBe(5);
      stepUp().pass(3_000_001);
      expect(await place()).toMatchObject({ status: 'pending' });
    });

    it('leaves the pending order alone when the code budget is spent', async () => {
      for (let code = 0; code < 5; code += 1) await place();
      await expect(place()).rejects.toMatchObject({ code: 'too_many_codes' });
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('expires a pending order with its code, and says so', async () => {
      const order = await place();
      stepUp().pass(order.status === 'pending' ? order.expiresAt - stepUp().now() : 0);
      expect(await latest()).toMatchObject({ status: 'expired' });
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'order_expired' });
      expect(stepUp().codes.counts().checked).toBe(0);

      expect((await listActions(services(), { limit: 5 })).actions).toMatchObject([
        { id: order.id, status: 'expired' },
      ]);
      await listActions(services(), { limit: 5 });
      expect(
        stepUp()
          .told()
          .map(([status]) => status),
      ).toEqual(['pending', 'expired']);
    });

    it('lets an order live as long as its newest code', async () => {
      await place();
      stepUp().pass(190_000);
      await resend();
      stepUp().pass(190_000);
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('places a new order after an expired one', async () => {
      const first = await place();
      stepUp().pass(300_000);
      const second = await place();
      expect(await services().store.find(first.id)).toMatchObject({ status: 'expired' });
      expect(await latest()).toMatchObject({ id: second.id, status: 'pending' });
    });

    it('cancels a pending order, whose code is dead then', async () => {
      await place();
      const code = rightCode();
      expect(await cancel()).toMatchObject({ status: 'cancelled', reason: 'customer' });
      await expect(confirm(code)).rejects.toMatchObject({ code: 'order_cancelled' });
      await expect(cancel()).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(stepUp().codes.counts().checked).toBe(0);
    });
  });
}
