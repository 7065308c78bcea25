import { expect, it } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { type StoreCall, watchStore } from '../../src/stores/watch-store';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';
import { newCustomerId } from '../fixtures/orders';
import { now, runtimeStorage } from './webtask-storage';

interface Line {
  level: 'info' | 'error';
  message: string;
}

/** A watched store on a storage that fails as the test says, and all that is told of it. */
function watch() {
  const lines: Line[] = [];
  const calls: StoreCall[] = [];
  const say =
    (level: Line['level']) =>
    (fields: object, message: string): void =>
      void lines.push({ level, message, ...fields });
  const log = { info: say('info'), warn: say('error'), error: say('error') };
  let fault: unknown;
  let time = now;
  const whole = runtimeStorage.create();
  const storage: WebtaskStorage = {
    get etag() {
      return whole.etag;
    },
    get: (done) => (fault ? done(fault) : whole.get(done)),
    set: (document, options, done) => (fault ? done(fault) : whole.set(document, options, done)),
  };
  const clock = () => time;
  const store = watchStore(createWebtaskStore(storage, pizzaOrder, clock), {
    log,
    clock,
    record: (call) => void calls.push(call),
  });
  const customerId = newCustomerId();
  return {
    store,
    lines,
    calls,
    fail: (error: unknown) => {
      fault = error;
    },
    /** A write, some seconds after the last one. */
    async write(afterSeconds = 0): Promise<string> {
      time += afterSeconds * 1000;
      const writing = store.transact(customerId, () => ({ result: 'written' }));
      return writing.catch(({ code }) => code);
    },
  };
}

const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });

it('B1: tells why the store is away when it begins, once a minute while it lasts, and when it ends', async () => {
  const { lines, fail, write } = watch();
  expect(await write()).toBe('written');
  expect(lines).toEqual([]);
  fail(refused);
  for (let tries = 0; tries < 13; tries += 1) expect(await write(10)).toBe('store_unavailable');
  fail(undefined);
  expect(await write(10)).toBe('written');
  const away = {
    level: 'error',
    message: 'the store is away',
    outcome: 'store_unavailable',
    code: 'ECONNREFUSED',
    reason: 'connect ECONNREFUSED 10.0.0.7:5432',
  };
  expect(lines).toEqual([
    { ...away, awaySeconds: 0 },
    { ...away, awaySeconds: 60 },
    { ...away, awaySeconds: 120 },
    { level: 'info', message: 'the store is there again', awaySeconds: 130 },
  ]);
});

it('B1: tells each cause, and each outage anew', async () => {
  const { lines, fail, write } = watch();
  const reasons = () => lines.map((line) => ('reason' in line ? line.reason : line.message));
  fail(refused);
  await write();
  fail(new Error('no answer within 2000 ms'));
  await write(1);
  await write(1);
  fail(undefined);
  await write(5);
  fail(refused);
  await write(1);
  expect(reasons()).toEqual([
    'connect ECONNREFUSED 10.0.0.7:5432',
    'no answer within 2000 ms',
    'the store is there again',
    'connect ECONNREFUSED 10.0.0.7:5432',
  ]);
});

it('B1: tells one outage of a store that fails every other time', async () => {
  const { lines, fail, write } = watch();
  for (let tries = 0; tries < 20; tries += 1) {
    fail(tries % 2 === 0 ? refused : undefined);
    await write(1);
  }
  await write(3);
  expect(lines.map(({ message }) => message)).toEqual(['the store is away', 'the store is there again']);
});

it.each<[string, unknown, object]>([
  [
    'an address with a password in it',
    new Error('cannot reach postgres://pod:hunter2@db.example/pod today'),
    { reason: 'cannot reach (an address) today' },
  ],
  [
    'what is stored',
    new SyntaxError(`Unexpected token 'h', "hunter2" is not valid JSON`),
    { reason: 'What is stored cannot be read: it is not JSON.' },
  ],
  [
    'nothing of several addresses',
    new AggregateError([refused, refused]),
    { code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED 10.0.0.7:5432' },
  ],
])('B1: does not tell %s', async (_what, fault, told) => {
  const { lines, fail, write } = watch();
  fail(fault);
  await write();
  expect(lines).toMatchObject([told]);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

it('times each call, and counts those that the store failed', async () => {
  const { store, calls, fail, write } = watch();
  await write();
  await store.list({ limit: 1 });
  fail(refused);
  await write();
  await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
  const durationMs = expect.any(Number);
  expect(calls).toEqual([
    { call: 'transact', fault: undefined, durationMs },
    { call: 'list', fault: undefined, durationMs },
    { call: 'transact', fault: 'store_unavailable', durationMs },
    { call: 'ping', fault: 'store_unavailable', durationMs },
  ]);
});

it('is no fault of the store when a decision throws, or a cursor is foreign', async () => {
  const { store, lines, calls } = watch();
  const bug = () => {
    throw new Error('a bug');
  };
  await expect(store.transact(newCustomerId(), bug)).rejects.toThrow('a bug');
  await expect(store.list({ limit: 1, after: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
  expect(calls.filter(({ fault }) => fault)).toEqual([]);
  expect(lines).toEqual([]);
});
