import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { noticeWords } from '../../src/orders/notice-words';
import { Refusal } from '../../src/step-up/refusal';
import { holdTime } from '../fixtures/held-time';
import { beginning, mailbox, openCourier } from './open-courier';

describe('a courier', () => {
  it('sends what is due, once, and has no more of it', async () => {
    const { server, courier, notify, isEmpty, lines, outcomes } = await openCourier();
    const { order, notice } = await notify();
    await courier.wake();
    await courier.wake();

    expect(server.taken).toHaveLength(1);
    const [{ mail, to, messageId } = expect.unreachable()] = server.taken;
    expect(to).toEqual([mailbox]);
    expect(messageId).toBe(`<${notice.id}@pod.example>`);
    expect(mail.from?.text).toBe('"Pizza on Demand" <orders@pod.example>');
    expect(mail.date?.getTime()).toBe(beginning);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.html).toBe(false);
    expect(await isEmpty()).toBe(true);
    expect(outcomes).toEqual(['sent']);
    expect(lines).toMatchObject([
      { level: 'info', fields: { noticeId: notice.id, notice: 'receipt', actionId: order.id } },
    ]);
  });

  it('sends what was written while it was sending', async () => {
    const { server, courier, notify, isEmpty } = await openCourier();
    await notify();
    let second: Promise<unknown> | undefined;
    server.watch(() => {
      second ??= notify().then(() => courier.wake());
    });
    await courier.wake();
    await second;
    expect(server.taken).toHaveLength(2);
    expect(await isEmpty()).toBe(true);
  });

  it('sends each of fifty once, when two processes look at the same time', async () => {
    const { server, courier, newCourier, notify, isEmpty } = await openCourier();
    const written: string[] = [];
    for (let count = 0; count < 50; count += 1) written.push((await notify()).notice.id);
    await Promise.all([courier.wake(), newCourier().wake()]);
    const ids = written.map((id) => `<${id}@pod.example>`);
    expect(server.taken.map(({ messageId }) => messageId).sort()).toEqual(ids.sort());
    expect(await isEmpty()).toBe(true);
  });

  it('ends a notice for a customer who has no mailbox', async () => {
    const { server, courier, notify, isEmpty, lines, outcomes } = await openCourier({
      mailboxOf: async () => undefined,
    });
    await notify();
    await courier.wake();
    expect(server.heard).toEqual([]);
    expect(await isEmpty()).toBe(true);
    expect(outcomes).toEqual(['no_mailbox']);
    expect(lines).toMatchObject([{ level: 'info', message: 'a notice has no mailbox to go to' }]);
  });

  it('asks again for the mailbox when Auth0 is away', async () => {
    let isAway = true;
    const { server, courier, notify, pass } = await openCourier({
      async mailboxOf() {
        if (isAway) throw new Refusal('upstream_unavailable', 'Auth0 is away.');
        return mailbox;
      },
    });
    await notify();
    await courier.wake();
    isAway = false;
    pass(10_000);
    await courier.wake();
    expect(server.taken).toHaveLength(1);
  });

  it('goes on with others when the words of one fail', async () => {
    const failing = () => {
      throw new Error('no words');
    };
    const { server, courier, notify, lines } = await openCourier({
      words: { ...noticeWords, locked: failing },
    });
    await notify('locked');
    await notify('receipt');
    await courier.wake();
    expect(server.taken).toHaveLength(1);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it('never rejects while the store is away', async () => {
    const { store, courier, lines } = await openCourier();
    store.claimNotices = async () => {
      throw new Refusal('store_unavailable', 'The store is away.');
    };
    await courier.wake();
    expect(lines).toMatchObject([{ level: 'warn', fields: { reason: 'store_unavailable' } }]);
  });
});

describe('a process that stops', () => {
  it('lets the mail on its way arrive, and sends no other', async () => {
    const { server, courier, notify, isEmpty } = await openCourier();
    for (let count = 0; count < 12; count += 1) await notify();
    let closing: Promise<void> | undefined;
    server.watch((stage) => {
      if (stage === 'data') closing ??= courier.close();
    });
    await courier.wake();
    await closing;
    const before = server.taken.length;
    expect(before).toBeLessThan(12);
    await courier.wake();
    expect(server.taken).toHaveLength(before);
    expect(await isEmpty()).toBe(false);
  });

  it('breaks off after a moment, and leaves the same mail to the next one', async () => {
    const { server, courier, newCourier, notify, pass } = await openCourier();
    const { notice } = await notify();
    server.failAt('data', 'hang');
    const time = holdTime();
    void courier.wake();
    await time.passUntil(() => server.heard.includes('data'));
    expect(await time.passUntilEnded(courier.close())).toBeLessThanOrEqual(2_600);
    time.letGo();
    server.recover();
    pass(10_000);
    await newCourier().wake();
    expect(server.taken.map(({ messageId }) => messageId)).toEqual([`<${notice.id}@pod.example>`]);
  });

  it('that dies leaves its claim for a minute', async () => {
    const { server, store, courier, notify, now, pass } = await openCourier();
    await notify();
    await store.claimNotices(now(), now() + 60_000, 1);
    pass(59_999);
    await courier.wake();
    expect(server.taken).toEqual([]);
    pass(1);
    await courier.wake();
    expect(server.taken).toHaveLength(1);
  });
});

it('looks from its start on, and again from time to time', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { server, courier, notify } = await openCourier();
  onTestFinished(() => courier.close());
  await notify();
  courier.start();
  await expect.poll(() => server.taken.length).toBe(1);
  await notify();
  vi.advanceTimersByTime(10_000);
  await expect.poll(() => server.taken.length).toBe(2);
});
