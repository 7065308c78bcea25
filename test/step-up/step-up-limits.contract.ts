import { describe, expect, it } from 'vitest';
import { propose } from '../../src/step-up/propose';
import { Refusal } from '../../src/step-up/refusal';
import { unlock } from '../../src/step-up/unlock';
import { newCustomerId } from '../fixtures/orders';
import { type OpenStore, openStepUp, proposalOf, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

const minute = 60_000;
const day = 24 * 60 * minute;

/** What is limited, what is charged, and what is told of it. Every store's own test calls it. */
export function stepUpLimits<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`the limits of a step-up on ${name}`, () => {
    const at = useStepUp(open, sample);
    const { place, confirm, resend, latest, rightCode, wrongCode } = at;
    const codes = () => at.stepUp.codes;
    const wrongly = (times: number) =>
      Array.from({ length: times }, () => () => confirm(wrongCode()).catch(() => {}));
    const guess = async (times: number) => {
      for (const attempt of wrongly(times)) await attempt();
    };

    it('A2: takes twenty orders an hour of a customer for whom no code can be sent, and keeps none of them', async () => {
      codes().fail(new Refusal('no_contact', 'No phone and no mailbox.'));
      for (let order = 0; order < 20; order += 1) {
        await expect(place()).rejects.toMatchObject({ code: 'no_contact' });
      }
      await expect(place()).rejects.toMatchObject({
        code: 'too_many_orders',
        details: { retryAfterSeconds: 3_600 },
      });
      const { actions } = await at.services.store.list({ limit: 50, includeArchived: true });
      expect(actions).toEqual([]);
      at.stepUp.pass(60 * minute);
      codes().recover();
      expect(await place()).toMatchObject({ status: 'pending' });
    });

    it('A5: counts a code that may have been sent, and keeps its order', async () => {
      codes().loseAnswers();
      for (let order = 0; order < 5; order += 1) {
        expect(await place()).toMatchObject({ status: 'pending', delivery: { unsure: true } });
        at.stepUp.pass(5 * minute);
      }
      await expect(place()).rejects.toMatchObject({ code: 'too_many_codes' });
      expect(codes().counts().sent).toBe(5);
    });

    it('A5: takes the code that came although nobody heard that it was sent', async () => {
      codes().loseAnswers();
      await place();
      codes().recover();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A6: charges no attempt for the older code after a resend whose answer was lost', async () => {
      await place();
      const older = rightCode();
      codes().loseAnswers();
      await resend();
      codes().recover();
      await expect(confirm(older)).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 3 },
      });
      expect(await latest()).toMatchObject({ attempts: 0 });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ details: { attemptsLeft: 2 } });
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A7: says that a code was not checked, keeps the attempt, and does not charge the next', async () => {
      await place();
      const code = rightCode();
      codes().loseAnswers();
      await expect(confirm(code)).rejects.toMatchObject({ code: 'code_unchecked' });
      codes().recover();
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 1 });
      await expect(confirm(code)).rejects.toMatchObject({ code: 'wrong_code', details: { attemptsLeft: 2 } });
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 1 });
      await resend();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A7: lets the third attempt be unanswered without refusing the order', async () => {
      await place();
      await guess(2);
      codes().loseAnswers();
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'code_unchecked' });
      codes().recover();
      await resend();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A13: tells the nearer limit', async () => {
      await place();
      await guess(3);
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({
        code: 'wrong_code',
        details: { attemptsLeft: 1, lastOne: 'locks' },
      });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'ordering_locked' });
    });

    it('A14: tells a customer of the lock before anything else', async () => {
      await place();
      await guess(3);
      await place();
      await guess(2);
      for (const turn of [() => place(), () => resend(), () => confirm('1234')]) {
        await expect(turn()).rejects.toMatchObject({ code: 'ordering_locked' });
      }
    });

    it('A15: locks at the tenth wrong code within 30 days, though successes lie between them', async () => {
      for (let visit = 0; visit < 2; visit += 1) {
        await place();
        await guess(2);
        await place();
        await guess(2);
        at.stepUp.pass(day);
        await place();
        expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed', wrongCodesBefore: 4 });
      }
      at.stepUp.pass(day);
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({
        details: { attemptsLeft: 1, lastOne: 'locks' },
      });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'ordering_locked' });
      await unlock(at.services, at.customer, undefined);
      at.stepUp.pass(5 * minute);
      await place();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('A15: forgets wrong codes after 30 days', async () => {
      for (let month = 0; month < 4; month += 1) {
        await place();
        await guess(2);
        await place();
        await guess(2);
        at.stepUp.pass(5 * minute);
        await place();
        expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
        at.stepUp.pass(31 * day);
      }
    });

    it('A22: lets three turns wait, and sends the others away at once', async () => {
      await place();
      const release = codes().hold();
      const first = confirm(rightCode());
      await expect.poll(async () => (await latest())?.attempts).toBe(1);
      let sentAway = 0;
      const crowd = Array.from({ length: 40 }, async () => {
        const answer = await confirm(wrongCode()).catch((error: Refusal) => error.code);
        if (answer === 'request_in_progress') sentAway += 1;
      });
      await expect.poll(() => sentAway).toBeGreaterThanOrEqual(37);
      release();
      expect(await first).toMatchObject({ status: 'confirmed' });
      await Promise.all(crowd);
    });

    it('sends no more codes in all than are allowed, counted over all instances', async () => {
      const limits = { ordersPerHour: 20, codesPerHour: 5, codesPerHourTotal: 7 };
      const instances = [1, 2].map(() => openStepUp(at.services.store, sample.kind));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) => {
          const { services } = instances[index % 2] as (typeof instances)[number];
          const turn = { ...turnOf(newCustomerId()), ...proposalOf(sample.kind, sample.someTerms[0]) };
          return propose({ ...services, limits }, turn);
        }),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'too_many_codes_in_all' });
      }
      expect(instances.reduce((sum, { codes }) => sum + codes.counts().sent, 0)).toBe(7);
    });

    it('A2: counts an order that gets no code because nobody does, and alarms the operator', async () => {
      const limits = { ordersPerHour: 2, codesPerHour: 5, codesPerHourTotal: 0 };
      const { services } = openStepUp(at.services.store, sample.kind);
      const alarms: string[] = [];
      const log = { ...services.log, error: (_fields: object, message: string) => void alarms.push(message) };
      const customerId = newCustomerId();
      const order = () => {
        const turn = { ...turnOf(customerId), ...proposalOf(sample.kind, sample.someTerms[0]) };
        return propose({ ...services, limits, log }, turn);
      };
      await expect(order()).rejects.toMatchObject({ code: 'too_many_codes_in_all' });
      await expect(order()).rejects.toMatchObject({ code: 'too_many_codes_in_all' });
      await expect(order()).rejects.toMatchObject({ code: 'too_many_orders' });
      expect(alarms).toEqual(['no more codes are sent to anybody', 'no more codes are sent to anybody']);
    });

    it('A2: lets nobody without a contact use up the codes of all', async () => {
      const limits = { ordersPerHour: 20, codesPerHour: 5, codesPerHourTotal: 1 };
      const { services, codes } = openStepUp(at.services.store, sample.kind);
      const order = () => {
        const turn = { ...turnOf(newCustomerId()), ...proposalOf(sample.kind, sample.someTerms[0]) };
        return propose({ ...services, limits }, turn);
      };
      codes.fail(new Refusal('no_contact', 'No phone and no mailbox.'));
      for (let account = 0; account < 3; account += 1) {
        await expect(order()).rejects.toMatchObject({ code: 'no_contact' });
      }
      codes.recover();
      expect(await order()).toMatchObject({ status: 'pending' });
      await expect(order()).rejects.toMatchObject({ code: 'too_many_codes_in_all' });
    });
  });
}
