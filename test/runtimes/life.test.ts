import { expect, it, onTestFinished, vi } from 'vitest';
import { createLife } from '../../src/runtimes/life';

/** A life whose store does what the test says, and all that is told of it. Time passes only as the test says. */
function live() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const told: string[] = [];
  const say = (fields: object, message: string) => void told.push(`${message} ${JSON.stringify(fields)}`);
  const states: string[] = [];
  const ups: boolean[] = [];
  let tries = 0;
  let answer: () => Promise<void> = async () => {};
  const life = createLife({
    store: {
      ping: () => {
        tries += 1;
        return answer();
      },
    },
    log: { info: say, warn: say, error: say },
    tellState: (state) => void states.push(state),
    tellStore: (isUp) => void ups.push(isUp),
  });
  onTestFinished(() => life.stop());
  return {
    life,
    told,
    states,
    ups,
    tries: () => tries,
    store: (does: () => Promise<void>) => {
      answer = does;
    },
  };
}

const away = () => Promise.reject(new Error('away'));

it('B9: starts, is ready, drains and stops, which it tells as it comes', async () => {
  const { life, told, states } = live();
  expect(states).toEqual(['starting']);
  expect(await life.readiness()).toBe('ready');
  life.drain(5);
  expect(await life.readiness()).toBe('draining');
  life.drain(5);
  life.stop();
  expect(await life.readiness()).toBe('stopped');
  expect(states).toEqual(['starting', 'ready', 'draining', 'stopped']);
  expect(told).toEqual([
    'POD is starting {"state":"starting"}',
    'POD is ready {"state":"ready"}',
    'POD is stopping, and serves on until balancers have turned away {"state":"draining","shutdownSeconds":5}',
    'POD has stopped {"state":"stopped"}',
  ]);
});

it('B20: is starting until an order can be written, and says only then that it is ready', async () => {
  const { life, told, store } = live();
  store(away);
  expect(await life.readiness()).toBe('starting');
  expect(told.join()).not.toContain('ready');
  store(async () => {});
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told.at(-1)).toContain('POD is ready');
});

it('B5: tries to write at most every three seconds however often it is asked, and by itself every five', async () => {
  const { life, tries, ups } = live();
  await Promise.all(Array.from({ length: 20 }, () => life.readiness()));
  expect(tries()).toBe(1);
  await vi.advanceTimersByTimeAsync(2_900);
  await life.readiness();
  expect(tries()).toBe(1);
  await vi.advanceTimersByTimeAsync(100);
  await life.readiness();
  expect(tries()).toBe(2);
  // It was tried 2 s before the fifth second, and not again before the tenth.
  await vi.advanceTimersByTimeAsync(7_000);
  expect(tries()).toBe(3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tries()).toBe(4);
  expect(ups).toEqual([false, true, true, true, true]);
});

it('B5: is not ready while nothing can be written, nor while the store does not answer', async () => {
  const { life, store, ups } = live();
  expect(await life.readiness()).toBe('ready');
  for (const does of [away, () => new Promise<void>(() => {})]) {
    store(does);
    await vi.advanceTimersByTimeAsync(10_000);
    const asking = life.readiness();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asking).toBe('the store is away');
    expect(ups.at(-1)).toBe(false);
    store(async () => {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await life.readiness()).toBe('ready');
  }
});
