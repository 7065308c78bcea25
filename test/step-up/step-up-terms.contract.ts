import { describe, expect, it } from 'vitest';
import { propose } from '../../src/step-up/propose';
import { prove } from '../../src/step-up/prove';
import { Refusal } from '../../src/step-up/refusal';
import { type OpenStore, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** How terms come about, and that nothing but those terms is ever confirmed. Every store's own test calls it. */
export function stepUpTerms<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`the terms of a step-up on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, placeOther, confirm, resend, yes, latest, rightCode, confirmations } = at;
    const [terms, other] = sample.someTerms;

    /** As somebody would who gets past POD to the store. */
    const changeInStore = () =>
      at.services.store.transact(at.customer, ({ latest: stored }) => ({
        actions: stored ? [{ ...stored, terms: other }] : [],
        result: undefined,
      }));
    const changed = { code: 'order_changed', details: { action: { terms: other } } };

    it('are hashed as they are placed, and kept through all that becomes of the action', async () => {
      const { termsHash } = await place();
      expect(termsHash).toMatch(/^[0-9a-f]{64}$/);
      await resend();
      expect(await confirm(rightCode())).toMatchObject({ terms, termsHash });
      expect((await placeOther()).termsHash).not.toBe(termsHash);
    });

    it('have no hash in an action of a POD before this one, which is confirmed as before', async () => {
      const { id } = await place();
      await at.services.store.transact(at.customer, ({ latest: stored }) => {
        const { termsHash: _unknown, ...old } = stored ?? {};
        return { actions: [old as NonNullable<typeof stored>], result: undefined };
      });
      expect(await latest()).not.toHaveProperty('termsHash');
      expect(await confirm(rightCode())).toMatchObject({ id, status: 'confirmed' });
    });

    it('are not confirmed when the store holds others: no try and no code is used up, and it is an alarm', async () => {
      const { id } = await place();
      await changeInStore();
      await expect(confirm(rightCode())).rejects.toMatchObject(changed);
      const naming = prove(at.services, {
        ...turnOf(at.customer),
        actionId: id,
        code: rightCode(),
        prover: { door: 'api' },
      });
      await expect(naming).rejects.toMatchObject(changed);
      expect(at.stepUp.codes.counts().checked).toBe(0);
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
      expect(at.stepUp.errors).toEqual([{ actionId: id }, { actionId: id }]);
    });

    it('are not confirmed when they are changed while Auth0 is asked', async () => {
      await place();
      const release = at.stepUp.codes.hold();
      const confirming = confirm(rightCode());
      const refused = expect(confirming).rejects.toMatchObject(changed);
      await expect.poll(async () => (await latest())?.attempts).toBe(1);
      await changeInStore();
      release();
      await refused;
      expect(await latest()).toMatchObject({ status: 'pending' });
      expect(confirmations()).toEqual([]);
    });

    it('are not confirmed by a yes when they are changed after they were read back', async () => {
      await placeOther();
      await place();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      await changeInStore();
      await expect(yes()).rejects.toMatchObject(changed);
      expect(confirmations()).toEqual([]);
    });

    it('give way to a new order, however they were changed', async () => {
      await place();
      await changeInStore();
      const placed = await place();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ id: placed.id, status: 'confirmed', terms });
    });

    const asking = (termsOf: () => Promise<Terms>, requestId?: string) =>
      propose(at.services, { ...turnOf(at.customer, requestId), asked: 'this', termsOf, via: 'voice' });

    it('are those of the first time when a request is repeated, whatever they would be by now', async () => {
      const first = await asking(async () => terms, 'r1');
      expect(await asking(async () => other, 'r1')).toEqual(first);
      expect(first).toMatchObject({ terms });
      expect(at.stepUp.codes.counts().sent).toBe(1);
      expect(await asking(async () => other, 'r2')).toMatchObject({ terms: other });
    });

    it('are kept once for all answers about them, and no longer than those', async () => {
      const { termsHash = '' } = await place('r1');
      const refused = await confirm(at.wrongCode(), 'r2').catch((error: Refusal) => error);
      const confirmed = await confirm(rightCode(), 'r3');
      const kept = async () => (await at.services.store.read(at.customer)).customer.termsOfAnswers;
      expect(await kept()).toEqual({ [termsHash]: terms });
      expect(await confirm(at.wrongCode(), 'r2').catch((error: Refusal) => error)).toEqual(refused);
      expect(await confirm(rightCode(), 'r3')).toEqual(confirmed);
      at.stepUp.pass(25 * 3_600_000);
      const { termsHash: newer = '' } = await placeOther('r4');
      expect(await kept()).toEqual({ [newer]: other });
    });

    it.each([
      ['a refusal', new Refusal('account_blocked', 'Blocked.'), 'account_blocked', 0],
      ['a fault', new Error('a bug'), 'upstream_unavailable', 1],
    ])(
      'that end in %s send nothing, cost no code, and leave what waits as it is',
      async (_how, error, code, alarms) => {
        const waiting = await place();
        const before = (await at.services.store.read(at.customer)).customer;
        await expect(asking(() => Promise.reject(error))).rejects.toMatchObject({ code });

        const { customer } = await at.services.store.read(at.customer);
        expect(customer).toEqual({ ...before, actionsAt: customer.actionsAt });
        expect(customer.actionsAt).toHaveLength(2);
        expect(at.stepUp.codes.counts().sent).toBe(1);
        expect(at.stepUp.errors).toHaveLength(alarms);
        expect(await confirm(rightCode())).toMatchObject({ id: waiting.id, status: 'confirmed' });
      },
    );

    const changing = (changedFrom: (waiting: Terms) => Terms, requestId?: string) =>
      propose(at.services, {
        ...turnOf(at.customer, requestId),
        asked: 'a change',
        changedFrom: (waiting) => async () => changedFrom(waiting.terms),
        via: 'voice',
      });

    it('are changed by another action with a code of its own: the code of the one before never proves them', async () => {
      const before = await place();
      const heard: Terms[] = [];
      const changed = await changing((waiting) => {
        heard.push(waiting);
        return other;
      }, 'r1');
      expect(heard).toEqual([terms]);
      expect(changed).toMatchObject({ terms: other, status: 'pending' });
      expect(changed.id).not.toBe(before.id);
      expect(await at.services.store.find(before.id)).toMatchObject({
        status: 'cancelled',
        reason: 'replaced',
      });
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await yes()).toMatchObject({ id: changed.id, terms: other, status: 'confirmed' });
      expect(await changing(() => terms, 'r1')).toEqual(changed);
      expect(at.stepUp.codes.counts().sent).toBe(2);
    });

    it.each([
      ['nothing waits', async () => {}, 'nothing_pending'],
      [
        'it is confirmed',
        async () => void (await confirm((await place()) && rightCode())),
        'order_already_confirmed',
      ],
      ['it is cancelled', async () => void ((await place()) && (await at.cancel())), 'order_cancelled'],
      ['its time is over', async () => void ((await place()) && at.stepUp.pass(300_000)), 'order_expired'],
    ])('are not changed when %s: no code is sent, and nothing is ordered', async (_when, happen, code) => {
      await happen();
      const [sent, before] = [at.stepUp.codes.counts().sent, await latest()];
      await expect(changing(() => other)).rejects.toMatchObject({ code });
      expect([at.stepUp.codes.counts().sent, await latest()]).toEqual([sent, before]);
    });

    it('that cannot be hashed send nothing', async () => {
      const unspeakable = async () => ({ price: Number.NaN }) as Terms;
      await expect(asking(unspeakable)).rejects.toMatchObject({ code: 'upstream_unavailable' });
      expect(at.stepUp.codes.counts().sent).toBe(0);
      expect(await latest()).toBeUndefined();
    });
  });
}
