import { describe, expect, it } from 'vitest';
import { pendingLifetimeMs } from '../../src/step-up/action';
import { approve } from '../../src/step-up/approve';
import { disown } from '../../src/step-up/disown';
import type { SignIn } from '../../src/step-up/evidence';
import { unlock } from '../../src/step-up/unlock';
import { newCustomerId } from '../fixtures/orders';
import { type OpenStore, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

/** Approving on a page, and saying that it was somebody else, whatever the action and whichever the store. */
export function stepUpApproval<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`what is approved on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, placeOther, confirm, rightCode, wrongCode, latest, confirmations } = at;

    /** A second after now: signs in, and is back. */
    function signInNow(): SignIn {
      at.stepUp.pass(1_000);
      return { authTime: at.stepUp.now(), amr: ['pop', 'user'] };
    }
    const approving = (actionId: string, signIn: SignIn | undefined, who = at.customer) =>
      approve(at.services, { ...turnOf(who), actionId, signIn });
    const disowning = (actionId: string, who = at.customer) =>
      disown(at.services, { ...turnOf(who), actionId });
    const notices = async () => {
      const now = at.stepUp.now();
      return (await at.services.store.claimNotices(now, now, 100)).map(({ kind, actionId }) => [
        kind,
        actionId,
      ]);
    };

    it('is confirmed by a sign-in made after it was placed, which is kept with it', async () => {
      const placed = await place();
      const signIn = signInNow();
      const confirmed = await approving(placed.id, signIn);
      const evidence = {
        method: 'approval',
        door: 'page',
        ...signIn,
        termsHash: placed.termsHash,
        at: at.stepUp.now(),
      };
      expect(confirmed).toMatchObject({ status: 'confirmed', evidence });
      expect((await at.services.store.find(placed.id))?.evidence).toEqual(evidence);
      expect(confirmations()).toHaveLength(1);
      expect(await notices()).toEqual([['receipt', placed.id]]);
      expect(at.stepUp.codes.counts().checked).toBe(0);
    });

    it.each<[string, (placedAt: number) => SignIn | undefined]>([
      ['from before it', (placedAt) => ({ authTime: placedAt - 1 })],
      ['of the same moment', (placedAt) => ({ authTime: placedAt })],
      ['at a time that the tenant did not state', () => undefined],
    ])('is not what is approved by a sign-in %s', async (_case, signInOf) => {
      const { id, placedAt } = await place();
      at.stepUp.pass(60_000);
      const refusal = { code: 'insufficient_user_authentication', details: { action: { id } } };
      await expect(approving(id, signInOf(placedAt))).rejects.toMatchObject(refusal);
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('is one order a sign-in: what is asked for after it wants another', async () => {
      const signIn = await place().then(signInNow);
      await approving((await latest())?.id ?? '', signIn);
      const next = await place();
      await expect(approving(next.id, signIn)).rejects.toMatchObject({
        code: 'insufficient_user_authentication',
      });
    });

    it('is what was shown: one that was replaced meanwhile is refused, and the newer one waits', async () => {
      const shown = await place();
      const signIn = signInNow();
      const newer = await placeOther();
      await expect(approving(shown.id, signIn)).rejects.toMatchObject({ code: 'order_cancelled' });
      await expect(disowning(shown.id)).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(await latest()).toMatchObject({ id: newer.id, status: 'pending' });
    });

    it('is nobody else’s, and nothing whose time is over', async () => {
      const { id } = await place();
      const signIn = signInNow();
      const stranger = newCustomerId();
      await expect(approving(id, signIn, stranger)).rejects.toMatchObject({ code: 'not_found' });
      await expect(disowning(id, stranger)).rejects.toMatchObject({ code: 'not_found' });
      at.stepUp.pass(pendingLifetimeMs);
      await expect(approving(id, signIn)).rejects.toMatchObject({ code: 'order_expired' });
      await expect(disowning(id)).rejects.toMatchObject({ code: 'order_expired' });
    });

    it('is nothing while ordering is locked, and nothing that wrong codes have refused', async () => {
      const { id } = await place();
      const signIn = signInNow();
      for (let tries = 0; tries < 3; tries += 1) await confirm(wrongCode()).catch(() => {});
      await expect(approving(id, signIn)).rejects.toMatchObject({ code: 'order_refused' });
      await place();
      for (let tries = 0; tries < 2; tries += 1) await confirm(wrongCode()).catch(() => {});
      await expect(approving((await latest())?.id ?? '', signInNow())).rejects.toMatchObject({
        code: 'ordering_locked',
      });
    });

    it('tells of wrong codes before it, and ends their row', async () => {
      const { id } = await place();
      await confirm(wrongCode()).catch(() => {});
      expect(await approving(id, signInNow())).toMatchObject({ wrongCodesBefore: 1 });
      expect((await at.services.store.read(at.customer)).customer.wrongCodesInARow).toBe(0);
    });

    it('leaves a code that nobody has said: the next order by voice is read back', async () => {
      const { id } = await place();
      await approving(id, signInNow());
      await placeOther();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
    });

    it('needs no yes for what is shown, and also ends the wait for one', async () => {
      await place();
      const { id } = await placeOther();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'confirmation_needed' });
      expect(await approving(id, signInNow())).toMatchObject({ status: 'confirmed' });
      await expect(at.yes()).rejects.toMatchObject({ code: 'order_already_confirmed' });
    });

    it('can be disowned instead: it is cancelled, ordering is locked, and the customer is written', async () => {
      const { id } = await place();
      const code = rightCode();
      expect(await disowning(id)).toMatchObject({ id, status: 'cancelled', reason: 'not_me' });
      expect(await notices()).toEqual([['disowned', id]]);
      const locked = { code: 'ordering_locked', details: { disowned: true } };
      await expect(confirm(code)).rejects.toMatchObject(locked);
      await expect(place()).rejects.toMatchObject(locked);
      await expect(approving(id, signInNow())).rejects.toMatchObject(locked);
    });

    it('stays locked then until a sign-in after that, and no older one', async () => {
      const { id } = await place();
      const before = signInNow();
      await disowning(id);
      for (const signIn of [before, undefined]) {
        await expect(unlock(at.services, at.customer, signIn)).rejects.toMatchObject({
          code: 'insufficient_user_authentication',
        });
      }
      await unlock(at.services, at.customer, signInNow());
      expect(await place()).toMatchObject({ status: 'pending' });
    });

    it('has one winner when the code, the approval and “not me” come at once, and tells the others', async () => {
      const { id } = await place();
      const signIn = signInNow();
      const code = rightCode();
      const outcomes = await Promise.allSettled([confirm(code), approving(id, signIn), disowning(id)]);
      const final = await latest();
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(final);
        else
          expect(outcome.reason.code).toBe(
            final?.status === 'confirmed' ? 'order_already_confirmed' : 'ordering_locked',
          );
      }
    });
  });
}
