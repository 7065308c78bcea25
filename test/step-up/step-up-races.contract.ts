import { describe, expect, it } from 'vitest';
import { propose } from '../../src/step-up/propose';
import { prove } from '../../src/step-up/prove';
import { Refusal } from '../../src/step-up/refusal';
import { resend as resendCode } from '../../src/step-up/resend';
import { newCustomerId } from '../fixtures/orders';
import { type OpenStore, openStepUp, proposalOf, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** What two devices, repeated requests, faults and dying processes may do to an action. Every store's own test calls it. */
export function stepUpRaces<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`what comes at once, twice or not at all on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { kind, someTerms } = sample;
    const { place, placeOther, confirm, resend, latest, rightCode, confirmations, yes } = at;
    const stepUp = () => at.stepUp;
    const services = () => at.services;
    const customer = () => at.customer;

    it('changes nothing when surely no code was sent: the older order waits, and its code counts', async () => {
      const first = await place('first');
      const olderCode = rightCode();
      stepUp().codes.fail();
      for (let again = 0; again < 6; again += 1) {
        await expect(place('second')).rejects.toMatchObject({ code: 'upstream_unavailable' });
      }
      stepUp().codes.recover();
      expect(await latest()).toMatchObject({ id: first.id, status: 'pending' });
      expect(await confirm(olderCode)).toMatchObject({ id: first.id, status: 'confirmed' });
    });

    it('gives the attempt back when Auth0 does not say whether the code is right', async () => {
      await place();
      for (const fault of [new Refusal('upstream_unavailable', 'away'), new Error('a bug')]) {
        stepUp().codes.fail(fault);
        for (let again = 0; again < 4; again += 1) {
          await expect(confirm(rightCode(), 'same')).rejects.toMatchObject({ code: 'upstream_unavailable' });
        }
      }
      stepUp().codes.recover();
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await confirm(rightCode(), 'same')).toMatchObject({ status: 'confirmed' });
      expect((await services().store.read(customer())).customer.wrongCodesInARow).toBe(0);
    });

    it('keeps the older code when another one could not be sent', async () => {
      await place();
      stepUp().codes.fail();
      await expect(resend()).rejects.toMatchObject({ code: 'upstream_unavailable' });
      stepUp().codes.recover();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('counts an attempt before Auth0 is asked', async () => {
      await place();
      const release = stepUp().codes.hold();
      const confirming = confirm(rightCode());
      await expect.poll(async () => (await latest())?.attempts).toBe(1);
      release();
      await confirming;
    });

    it('confirms once when two devices give the code at once, and tells the other one', async () => {
      await place();
      const code = rightCode();
      const outcomes = await Promise.allSettled([confirm(code), confirm(code), confirm(code)]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'order_already_confirmed' });
      }
      expect(confirmations()).toHaveLength(1);
    });

    it('lets no more than three guesses through when many are made at once', async () => {
      await place();
      const guesses = ['2000', '2001', '2002', '2003', '2004', '2005', '2006'];
      const outcomes = await Promise.allSettled(guesses.map((guess) => confirm(guess)));
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(stepUp().codes.counts().checked).toBe(3);
      expect(await latest()).toMatchObject({ status: 'refused', attempts: 3 });
    });

    it('finishes an authorization before a new order that comes meanwhile replaces anything', async () => {
      const first = await place();
      const release = stepUp().codes.hold();
      const confirming = confirm(rightCode());
      await expect.poll(async () => (await latest())?.attempts).toBe(1);
      const placing = place();
      release();
      expect(await confirming).toMatchObject({ id: first.id, status: 'confirmed' });
      const second = await placing;
      expect(await latest()).toMatchObject({ id: second.id, status: 'pending' });
      expect(await services().store.find(first.id)).toMatchObject({ status: 'confirmed' });
    });

    it('sends one code at a time, and leaves one pending order, when orders come at once', async () => {
      const placed = await Promise.all([place(), place(), place()]);
      const { actions } = await services().store.list({ customerId: customer(), limit: 10 });
      expect(actions.filter(({ status }) => status === 'pending')).toHaveLength(1);
      expect(new Set(actions.map(({ id }) => id))).toEqual(new Set(placed.map(({ id }) => id)));
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ status: 'confirmed' });
    });

    it('answers a repeated request the same, also when both come at once', async () => {
      const [first, second] = await Promise.all([place('r1'), place('r1')]);
      expect(second).toEqual(first);
      const code = rightCode();
      await expect(confirm('0000', 'r2')).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 2 },
      });
      await expect(confirm('0000', 'r2')).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 2 },
      });
      const confirmed = await confirm(code, 'r3');
      expect(await confirm(code, 'r3')).toEqual(confirmed);
      expect(await place('r1')).toEqual(first);
      expect(stepUp().codes.counts()).toEqual({ sent: 1, checked: 2 });
      expect(confirmations()).toHaveLength(1);
    });

    it('refuses a request id that was used for something else', async () => {
      await place('r1');
      const other = placeOther('r1');
      await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
      expect(
        await propose(services(), { ...turnOf(newCustomerId(), 'r1'), ...proposalOf(kind, someTerms[0]) }),
      ).toBeTruthy();
    });

    it('A10: answers a repeated order the same, however much came between', async () => {
      const first = await place('r1');
      for (let noise = 0; noise < 30; noise += 1) {
        await expect(confirm('banana', `noise-${noise}`)).rejects.toMatchObject({ code: 'not_a_code' });
      }
      for (let turn = 0; turn < 3; turn += 1) await place(`more-${turn}`);
      stepUp().pass(300_000);
      expect(await place('r1')).toEqual(first);
      expect(stepUp().codes.counts().sent).toBe(4);
    });

    it('remembers no code', async () => {
      await place('r1');
      const code = rightCode();
      await confirm(code, 'r2');
      const ledger = JSON.stringify(await services().store.read(customer())).replace(
        /[0-9a-f]{8}-[0-9a-f-]{27}/g,
        '',
      );
      expect(ledger).not.toMatch(new RegExp(`\\b${code}\\b`));
    });

    it('goes on after a process died while sending, and lets no code confirm what may not be meant', async () => {
      const first = await place();
      const release = stepUp().codes.hold();
      void place('r1').catch(() => {});
      await expect.poll(async () => (await services().store.read(customer())).customer.turn).toBeDefined();

      const survivor = openStepUp(services().store, kind);
      survivor.pass(10_001);
      await resendCode(survivor.services, turnOf(customer()));
      const code = survivor.codes.newestCode(customer());
      const proving = prove(survivor.services, {
        ...turnOf(customer()),
        code,
        conversation: 'here',
        prover: { door: 'voice' },
      });
      await expect(proving).rejects.toMatchObject({
        code: 'confirmation_needed',
        details: { action: { id: first.id } },
      });
      release();
    });

    it('serves fifty customers, ten at once, each with an own order', async () => {
      const customers = Array.from({ length: 50 }, newCustomerId);
      const confirmed: Awaited<ReturnType<typeof confirm>>[] = [];
      const queue = customers.values();
      // As many as a store has connections: how long others may wait for one is a limit of time.
      const lane = async () => {
        for (const who of queue) {
          await place(undefined, who);
          confirmed.push(await confirm(rightCode(who), undefined, who));
        }
      };
      await Promise.all(Array.from({ length: 10 }, lane));
      expect(new Set(confirmed.map(({ customerId }) => customerId))).toEqual(new Set(customers));
      expect(confirmed.every(({ status }) => status === 'confirmed')).toBe(true);
      expect(confirmations()).toHaveLength(50);
    });

    it('gives each action of all customers the next number, to 999 and around again', async () => {
      const placed = await Promise.all(Array.from({ length: 12 }, () => place(undefined, newCustomerId())));
      const numbers = placed.map(({ number = 0 }) => number).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
      await services().store.transact(
        customer(),
        ({ everybody }) => ({ everybody: everybody && { ...everybody, lastNumber: 998 }, result: undefined }),
        { everybody: true },
      );
      expect((await place()).number).toBe(999);
      expect((await place()).number).toBe(1);
      expect((await latest())?.number).toBe(1);
    });
  });
}
