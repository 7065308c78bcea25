import { describe, expect, it } from 'vitest';
import { holdTime } from '../fixtures/held-time';
import type { Fault, Stage } from '../fixtures/mail-server';
import { beginning, openCourier } from './open-courier';

const dayMs = 24 * 3_600_000;

describe('a mail server that is away', () => {
  it('gets the same mail when it is back: after 10 s, 20 s, 40 s and so on, an hour at the most', async () => {
    const { server, courier, notify, now, pass, outcomes } = await openCourier();
    const { notice } = await notify();
    await server.stop();
    const triedAt: number[] = [];
    const try_ = async () => {
      const before = outcomes.length;
      await courier.wake();
      if (outcomes.length > before) triedAt.push((now() - beginning) / 1_000);
    };
    await try_();
    for (let step = 0; step < 2_000; step += 1) {
      pass(10_000);
      await try_();
    }
    expect(triedAt.slice(0, 9)).toEqual([0, 10, 20, 40, 80, 160, 320, 640, 1280]);
    expect(triedAt.slice(9)).toEqual([2560, 5120, 8720, 12_320, 15_920, 19_520]);

    await server.start();
    pass(3_600_000);
    await courier.wake();
    expect(server.taken.map(({ messageId }) => messageId)).toEqual([`<${notice.id}@pod.example>`]);
  });

  it('gets no mail that is a day old and was tried in vain', async () => {
    const { server, courier, notify, pass, isEmpty, lines, outcomes } = await openCourier();
    await notify();
    await server.stop();
    pass(dayMs - 1);
    await courier.wake();
    expect(await isEmpty()).toBe(false);
    pass(3_600_000);
    await courier.wake();
    expect(await isEmpty()).toBe(true);
    expect(outcomes).toEqual(['put_off', 'failed']);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'a mail was given up' });
  });

  it('is tried once for a mail of days ago, when POD itself was away', async () => {
    const { server, courier, notify, pass } = await openCourier();
    await notify();
    pass(5 * dayMs);
    await courier.wake();
    expect(server.taken).toHaveLength(1);
  });
});

describe('a mail server that does not take a mail', () => {
  it.each<[Stage, Fault]>([
    ['connect', '421 4.3.2 unheard-of'],
    ['connect', '554 5.3.2 unheard-of'],
    ['mailFrom', '451 4.3.0 unheard-of'],
    ['mailFrom', '550 5.1.8 unheard-of'],
    ['rcptTo', '450 4.2.0 unheard-of phoebe@example.com'],
    ['rcptTo', '550 unheard-of phoebe@example.com'],
    ['rcptTo', '554 5.7.1 unheard-of: relay access denied'],
    ['data', '452 4.3.1 unheard-of'],
    ['data', '554 5.6.0 unheard-of'],
    ['data', 'drop'],
    ['connect', 'drop'],
  ])('is asked again after %s: %s', async (stage, fault) => {
    const { server, courier, notify, pass, lines, outcomes } = await openCourier();
    await notify();
    server.failAt(stage, fault);
    await courier.wake();
    expect(server.heard).toContain(stage);
    expect(outcomes).toEqual(['put_off']);
    expect(lines).toMatchObject([{ level: 'warn', fields: { ms: 10_000, reason: expect.any(String) } }]);
    server.recover();
    pass(10_000);
    await courier.wake();
    expect(server.taken).toHaveLength(1);
  });

  it.each(['550 5.1.1 unheard-of', '553 5.1.3 unheard-of', '550 5.2.1 unheard-of'] as const)(
    'is not asked again when the mailbox is the reason: %s',
    async (fault) => {
      const { server, courier, notify, isEmpty, lines, outcomes } = await openCourier();
      await notify();
      server.failAt('rcptTo', fault);
      await courier.wake();
      expect(await isEmpty()).toBe(true);
      expect(outcomes).toEqual(['failed']);
      expect(lines).toMatchObject([{ level: 'error', fields: { reason: `EENVELOPE ${fault.slice(0, 3)}` } }]);
    },
  );

  it.each<Stage>(['connect', 'mailFrom', 'rcptTo', 'data'])(
    'holds nobody for ever when it hangs at %s',
    async (stage) => {
      const { server, courier, notify, pass, outcomes } = await openCourier();
      await notify();
      server.failAt(stage, 'hang');
      const time = holdTime();
      const waking = courier.wake();
      // The mail server's own timers are of this process, too.
      await time.passUntil(() => server.heard.includes(stage));
      expect(await time.passUntilEnded(waking)).toBeLessThanOrEqual(20_100);
      expect(outcomes).toEqual(['put_off']);
      time.letGo();
      server.recover();
      pass(10_000);
      await courier.wake();
      expect(server.taken).toHaveLength(1);
    },
  );

  it('gets a mail again whose receipt was lost, as the same mail', async () => {
    const { server, courier, notify, pass } = await openCourier();
    await notify();
    server.failAt('reply', 'drop');
    await courier.wake();
    server.recover();
    pass(10_000);
    await courier.wake();
    const [first, second] = server.taken.map(({ raw }) => raw.replaceAll(/boundary="[^"]*"/g, ''));
    expect(server.taken).toHaveLength(2);
    expect(first).toBe(second);
  });
});
