import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTimeLimit, within } from '../../src/http/time-limit';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a time limit', () => {
  it('aborts when its time is over, like AbortSignal.timeout', () => {
    const { signal } = startTimeLimit(6_000);
    vi.advanceTimersByTime(5_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('never aborts once it was ended, and leaves no timer', () => {
    const limit = startTimeLimit(6_000);
    limit.end();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(limit.signal.aborted).toBe(false);
  });
});

describe('what is done within a limit', () => {
  it('ends the timer when it is done', async () => {
    const signal = await within(6_000, async (given) => {
      expect(vi.getTimerCount()).toBe(1);
      return given;
    });
    expect(vi.getTimerCount()).toBe(0);
    expect(signal.aborted).toBe(false);
  });

  it('ends the timer when it fails, and fails as it did', async () => {
    const failing = within(6_000, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('learns when its time is over', async () => {
    const told = within(
      6_000,
      (signal) => new Promise((resolve) => (signal.onabort = () => resolve('over'))),
    );
    vi.advanceTimersByTime(6_000);
    expect(await told).toBe('over');
  });
});
