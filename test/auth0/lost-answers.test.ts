import { describe, expect, test } from 'vitest';
import { effects, expectRecovery, startBefore, unavailable, unsure } from './auth0-steps';

describe.each([500, 503, 'drop'] as const)('A5, A7: when the answer is %s', (answer) => {
  test.each(effects.flatMap((step) => [true, false].map((performed) => ({ ...step, performed }))))(
    'at $call (carried out: $performed), $act does not say that it knows, and works again later',
    async ({ act, call, performed }) => {
      const world = await startBefore(act);
      world.tenant.faults.add({ call, answer, performed });
      expect(await world.perform()).toEqual(unsure[act]);
      expect(world.takeAllCalls().filter((one) => one === call)).toHaveLength(1);
      expect(world.logged).toMatchObject([{ level: 'warn', fields: { call: expect.any(String) } }]);
      world.tenant.faults.clear();
      await expectRecovery(world);
    },
  );
});

describe.each(effects)('what was surely not done at $call', ({ act, call }) => {
  test('is refused: the limit of requests', async () => {
    const world = await startBefore(act);
    world.tenant.faults.add({ call, answer: 429 });
    await expect(world.perform()).rejects.toMatchObject(unavailable);
    expect(world.logged).toMatchObject([{ level: 'warn', fields: { status: 429 } }]);
  });

  test.each<[string, () => Error]>([
    ['a refused connection', () => networkError({ code: 'ECONNREFUSED', syscall: 'connect' })],
    [
      'a refused connection at each address',
      () =>
        networkError(
          new AggregateError([
            Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' }),
            Object.assign(new Error(), { code: 'ENETUNREACH', syscall: 'connect' }),
          ]),
        ),
    ],
    ['an unknown host', () => networkError({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
    ['no certificate', () => networkError({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
    ['a certificate of another host', () => networkError({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['no connection in time', () => networkError({ code: 'UND_ERR_CONNECT_TIMEOUT' })],
  ])('is refused: %s', async (_name, error) => {
    const world = await startBefore(act);
    world.tamperWith((now, pass) => (now === call ? Promise.reject(error()) : pass()));
    await expect(world.perform()).rejects.toMatchObject(unavailable);
  });

  test.each<[string, () => Error]>([
    ['a connection that broke', () => networkError({ code: 'ECONNRESET', syscall: 'read' })],
    ['a connection that ended', () => networkError({ code: 'UND_ERR_SOCKET' })],
    ['an error without a name', () => new TypeError('fetch failed')],
  ])('is not known: %s', async (_name, error) => {
    const world = await startBefore(act);
    world.tamperWith((now, pass) => (now === call ? Promise.reject(error()) : pass()));
    expect(await world.perform()).toEqual(unsure[act]);
  });

  test('is what the turn ended before, though the SDK goes on', async () => {
    const world = await startBefore(act);
    const turn = new AbortController();
    let letDiscoveryEnd = () => {};
    const held = new Promise<void>((resolve) => {
      letDiscoveryEnd = resolve;
    });
    world.tamperWith(async (now, pass) => {
      if (now !== (act === 'sendCode' ? 'users.create' : 'discovery')) return pass();
      turn.abort();
      await held;
      return pass();
    });
    await expect(world.perform(turn.signal)).rejects.toMatchObject(unavailable);
    letDiscoveryEnd();
    world.letThrough();
    await expectRecovery(world);
    expect(world.takeAllCalls().filter((one) => one === call)).toHaveLength(1);
  });
});

/** As fetch reports one: what went wrong is the cause. */
function networkError(cause: object): Error {
  const named = cause instanceof Error ? cause : Object.assign(new Error('network'), cause);
  return new TypeError('fetch failed', { cause: named });
}
