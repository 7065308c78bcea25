import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/errors';
import { cancelOrder } from '../../src/orders/cancel-order';
import { confirmOrder } from '../../src/orders/confirm-order';
import type { CustomerId } from '../../src/orders/order';
import { placeOrder } from '../../src/orders/place-order';
import { latestOrder, listOrders } from '../../src/orders/read-orders';
import { resendCode } from '../../src/orders/resend-code';
import { unlockVoiceOrdering } from '../../src/orders/unlock-voice-ordering';
import { newCustomerId, openShop, pizza, turnOf } from '../fixtures/shop';
import type { OpenStore } from '../stores/order-store.contract';

/** The rules of an order, which hold on every store. Every store's own test calls it. */
export function orderRules(name: string, open: () => Promise<OpenStore>): void {
  describe(`the rules of an order on ${name}`, () => {
    let opened: OpenStore;
    let shop: ReturnType<typeof openShop>;
    let customer: CustomerId;

    beforeEach(async () => {
      opened = await open();
      shop = openShop(opened.store);
      customer = newCustomerId();
    });
    afterEach(() => opened.dispose());

    const place = (requestId?: string, who = customer) =>
      placeOrder(shop.services, { ...turnOf(who, requestId), pizza, via: 'voice' });
    const confirm = (code: string | undefined, requestId?: string, who = customer) =>
      confirmOrder(shop.services, { ...turnOf(who, requestId), code });
    const resend = (requestId?: string) => resendCode(shop.services, turnOf(customer, requestId));
    const cancel = () => cancelOrder(shop.services, { ...turnOf(customer), by: 'customer' });
    const latest = () => latestOrder(shop.services, customer);
    const rightCode = (who = customer) => shop.codes.newestCode(who);
    const wrongCode = () => shop.codes.wrongCode(customer);
    const confirmations = () => shop.events.filter(({ status }) => status === 'confirmed');

    it('confirms a pending order by its code, once, and tells the board once', async () => {
      const placed = await place();
      expect(placed).toMatchObject({ status: 'pending', pizza, delivery: { channel: 'sms' } });
      const code = rightCode();

      expect(await confirm(code)).toMatchObject({ id: placed.id, status: 'confirmed' });
      await expect(confirm(code)).rejects.toMatchObject({
        code: 'order_already_confirmed',
        details: { order: { id: placed.id } },
      });
      expect(shop.events.map(({ status, summary }) => [status, summary])).toEqual([
        ['pending', 'large pizza with pepperoni'],
        ['confirmed', 'large pizza with pepperoni'],
      ]);
      expect(shop.codes.counts).toEqual({ sent: 1, checked: 1 });
    });

    it('has nothing to confirm, resend or cancel before an order', async () => {
      for (const turn of [confirm('1234'), resend(), cancel()]) {
        await expect(turn).rejects.toMatchObject({ code: 'nothing_pending' });
      }
      expect(shop.codes.counts).toEqual({ sent: 0, checked: 0 });
    });

    it('asks again for what is not a whole code, without an attempt or a question to Auth0', async () => {
      await place();
      for (const code of [undefined, '', '123', '12345', '12a4', ' 1234', '١٢٣٤', '-123', '1e3']) {
        await expect(confirm(code)).rejects.toMatchObject({ code: 'not_a_code' });
      }
      expect(shop.codes.counts.checked).toBe(0);
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
      expect(shop.codes.counts.checked).toBe(3);
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
      const second = await placeOrder(shop.services, {
        ...turnOf(customer),
        pizza: { size: 'small', toppings: [] },
        via: 'voice',
      });
      expect(await shop.services.store.find(first.id)).toMatchObject({
        status: 'cancelled',
        reason: 'replaced',
      });
      await expect(confirm(firstCode)).rejects.toMatchObject({ code: 'wrong_code' });
      expect(await confirm(rightCode())).toMatchObject({ id: second.id, status: 'confirmed' });
    });

    it('does not let a named older order be confirmed with the newer one’s code', async () => {
      const first = await place();
      await place();
      const confirming = confirmOrder(shop.services, {
        ...turnOf(customer),
        code: rightCode(),
        orderId: first.id,
      });
      await expect(confirming).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
    });

    it('does not find another customer’s order', async () => {
      const order = await place();
      const stranger = newCustomerId();
      const turn = { ...turnOf(stranger), orderId: order.id };
      await expect(confirmOrder(shop.services, { ...turn, code: rightCode() })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(resendCode(shop.services, turn)).rejects.toMatchObject({ code: 'not_found' });
      await expect(cancelOrder(shop.services, { ...turn, by: 'customer' })).rejects.toMatchObject({
        code: 'not_found',
      });
      expect(await latest()).toMatchObject({ status: 'pending' });
    });

    it('locks voice ordering after five wrong codes in a row, across orders, until it is unlocked', async () => {
      await place();
      for (let attempt = 0; attempt < 3; attempt += 1) await expect(confirm(wrongCode())).rejects.toThrow();
      await place();
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'wrong_code' });
      await expect(confirm(wrongCode())).rejects.toMatchObject({ code: 'voice_ordering_locked' });

      expect(await latest()).toMatchObject({ status: 'refused' });
      await expect(place()).rejects.toMatchObject({ code: 'voice_ordering_locked' });
      await unlockVoiceOrdering(shop.services, customer);
      await place();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
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
      shop.pass(600_000);
      await expect(place()).rejects.toMatchObject({
        code: 'too_many_codes',
        details: { retryAfterSeconds: 3_000 },
      });
      expect(shop.codes.counts.sent).toBe(5);
      shop.pass(3_000_001);
      expect(await place()).toMatchObject({ status: 'pending' });
    });

    it('leaves the pending order alone when the code budget is spent', async () => {
      for (let code = 0; code < 5; code += 1) await place();
      await expect(place()).rejects.toMatchObject({ code: 'too_many_codes' });
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('expires a pending order with its code, and says so', async () => {
      const order = await place();
      shop.pass(order.status === 'pending' ? order.expiresAt - shop.now() : 0);
      expect(await latest()).toMatchObject({ status: 'expired' });
      await expect(confirm(rightCode())).rejects.toMatchObject({ code: 'order_expired' });
      expect(shop.codes.counts.checked).toBe(0);

      expect((await listOrders(shop.services, { limit: 5 })).orders).toMatchObject([
        { id: order.id, status: 'expired' },
      ]);
      await listOrders(shop.services, { limit: 5 });
      expect(shop.events.map(({ status }) => status)).toEqual(['pending', 'expired']);
    });

    it('lets an order live as long as its newest code', async () => {
      await place();
      shop.pass(190_000);
      await resend();
      shop.pass(190_000);
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('places a new order after an expired one', async () => {
      const first = await place();
      shop.pass(300_000);
      const second = await place();
      expect(await shop.services.store.find(first.id)).toMatchObject({ status: 'expired' });
      expect(await latest()).toMatchObject({ id: second.id, status: 'pending' });
    });

    it('cancels a pending order, whose code is dead then', async () => {
      await place();
      const code = rightCode();
      expect(await cancel()).toMatchObject({ status: 'cancelled', reason: 'customer' });
      await expect(confirm(code)).rejects.toMatchObject({ code: 'order_cancelled' });
      await expect(cancel()).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(shop.codes.counts.checked).toBe(0);
    });

    it('cancels the order for which no code could be sent, and gives the code back', async () => {
      const first = await place('first');
      const olderCode = rightCode();
      shop.codes.fail();
      for (let again = 0; again < 6; again += 1) {
        await expect(place('second')).rejects.toMatchObject({ code: 'upstream_unavailable' });
      }
      shop.codes.recover();
      expect(await shop.services.store.find(first.id)).toMatchObject({
        status: 'cancelled',
        reason: 'replaced',
      });
      expect(await latest()).toMatchObject({ status: 'cancelled', reason: 'code_not_sent' });
      await expect(confirm(olderCode)).rejects.toMatchObject({ code: 'order_cancelled' });
      expect(await place('second')).toMatchObject({ status: 'pending' });
    });

    it('gives the attempt back when Auth0 does not say whether the code is right', async () => {
      await place();
      for (const fault of [new Refusal('upstream_unavailable', 'away'), new Error('a bug')]) {
        shop.codes.fail(fault);
        for (let again = 0; again < 4; again += 1) {
          await expect(confirm(rightCode(), 'same')).rejects.toMatchObject({ code: 'upstream_unavailable' });
        }
      }
      shop.codes.recover();
      expect(await latest()).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await confirm(rightCode(), 'same')).toMatchObject({ status: 'confirmed' });
      expect((await shop.services.store.read(customer)).customer.wrongCodesInARow).toBe(0);
    });

    it('keeps the older code when another one could not be sent', async () => {
      await place();
      shop.codes.fail();
      await expect(resend()).rejects.toMatchObject({ code: 'upstream_unavailable' });
      shop.codes.recover();
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
    });

    it('counts an attempt before Auth0 is asked', async () => {
      await place();
      const release = shop.codes.hold();
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
      expect(shop.codes.counts.checked).toBe(3);
      expect(await latest()).toMatchObject({ status: 'refused', attempts: 3 });
    });

    it('finishes an authorization before a new order that comes meanwhile replaces anything', async () => {
      const first = await place();
      const release = shop.codes.hold();
      const confirming = confirm(rightCode());
      await expect.poll(async () => (await latest())?.attempts).toBe(1);
      const placing = place();
      release();
      expect(await confirming).toMatchObject({ id: first.id, status: 'confirmed' });
      const second = await placing;
      expect(await latest()).toMatchObject({ id: second.id, status: 'pending' });
      expect(await shop.services.store.find(first.id)).toMatchObject({ status: 'confirmed' });
    });

    it('sends one code at a time, and leaves one pending order, when orders come at once', async () => {
      const placed = await Promise.all([place(), place(), place()]);
      const { orders } = await opened.store.list({ customerId: customer, limit: 10 });
      expect(orders.filter(({ status }) => status === 'pending')).toHaveLength(1);
      expect(new Set(orders.map(({ id }) => id))).toEqual(new Set(placed.map(({ id }) => id)));
      expect(await confirm(rightCode())).toMatchObject({ status: 'confirmed' });
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
      expect(shop.codes.counts).toEqual({ sent: 1, checked: 2 });
      expect(confirmations()).toHaveLength(1);
    });

    it('refuses a request id that was used for something else', async () => {
      await place('r1');
      const other = placeOrder(shop.services, {
        ...turnOf(customer, 'r1'),
        pizza: { size: 'small', toppings: [] },
        via: 'voice',
      });
      await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
      expect(
        await placeOrder(shop.services, { ...turnOf(newCustomerId(), 'r1'), pizza, via: 'voice' }),
      ).toBeTruthy();
    });

    it('remembers no code', async () => {
      await place('r1');
      const code = rightCode();
      await confirm(code, 'r2');
      const ledger = JSON.stringify(await opened.store.read(customer)).replace(
        /[0-9a-f]{8}-[0-9a-f-]{27}/g,
        '',
      );
      expect(ledger).not.toMatch(new RegExp(`\\b${code}\\b`));
    });

    it('goes on after a process died in the middle of a turn, and lets no older code confirm', async () => {
      await place();
      const olderCode = rightCode();
      shop.codes.hold();
      void place('r1').catch(() => {});
      await expect.poll(async () => (await latest())?.delivery).toBeUndefined();

      const survivor = openShop(opened.store);
      survivor.pass(10_001);
      const asking = confirmOrder(survivor.services, { ...turnOf(customer), code: olderCode });
      await expect(asking).rejects.toMatchObject({ code: 'code_not_sent' });
      expect(survivor.codes.counts.checked).toBe(0);
      await resendCode(survivor.services, turnOf(customer));
      const code = survivor.codes.newestCode(customer);
      expect(await confirmOrder(survivor.services, { ...turnOf(customer), code })).toMatchObject({
        status: 'confirmed',
      });
    });

    it('serves fifty customers at once, each with an own order', async () => {
      const customers = Array.from({ length: 50 }, newCustomerId);
      await Promise.all(customers.map((who) => place(undefined, who)));
      const confirmed = await Promise.all(customers.map((who) => confirm(rightCode(who), undefined, who)));
      expect(new Set(confirmed.map(({ customerId }) => customerId))).toEqual(new Set(customers));
      expect(confirmed.every(({ status }) => status === 'confirmed')).toBe(true);
      expect(confirmations()).toHaveLength(50);
    });
  });
}
