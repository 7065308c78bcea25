import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CallName } from '../../local/tenant/calls';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { holdTime } from '../fixtures/held-time';
import {
  effects,
  expectRecovery,
  phoebe,
  questions,
  type Step,
  startBefore,
  steps,
  unavailable,
  unsure,
} from './auth0-steps';
import { patient, startPasswordless } from './start-passwordless';

const endings = [429, 500, 503, 'drop'] as const;

/** Nobody heard how it ended. */
async function expectLost({ act, call }: Step, performing: Promise<unknown>) {
  if (effects.some((effect) => effect.call === call)) expect(await performing, call).toEqual(unsure[act]);
  else await expect(performing, call).rejects.toMatchObject(unavailable);
}

describe.each(endings)('when Auth0 answers %s', (answer) => {
  test.each(questions)(
    'at $call, $act is refused after a single try, and works again later',
    async (step) => {
      const world = await startBefore(step.act);
      world.tenant.faults.add({ call: step.call, answer });
      await expect(world.perform()).rejects.toMatchObject(unavailable);
      expect(world.takeAllCalls().filter((call) => call === step.call)).toHaveLength(1);
      expect(world.logged).toMatchObject([{ level: 'warn', fields: { call: expect.any(String) } }]);
      world.tenant.faults.clear();
      await expectRecovery(world);
    },
  );
});

test.each([
  ['sendCode', 'users.get', 7, 7],
  ['sendCode', 'passwordless.start', 90_000, 3600],
  ['checkCode', 'otp.exchange', 7, 7],
] as const)('%s says when to come back, as Auth0 says at %s', async (act, call, seconds, told) => {
  const world = await startBefore(act);
  world.tenant.faults.add({ call, answer: 429, retryAfterSeconds: seconds });
  await expect(world.perform()).rejects.toMatchObject({ details: { retryAfterSeconds: told } });
});

const inSeconds = (seconds: number) => Date.now() / 1000 + seconds;

test.each<[string, number, () => Record<string, string>, number | undefined]>([
  ['a date', 503, () => ({ 'retry-after': new Date(inSeconds(1800) * 1000).toUTCString() }), 1800],
  ['the end of the rate limit', 429, () => ({ 'x-ratelimit-reset': `${inSeconds(30)}` }), 30],
  ['never for a limit that was not met', 500, () => ({ 'x-ratelimit-reset': `${inSeconds(30)}` }), undefined],
  ['never for a time gone by', 429, () => ({ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }), undefined],
  ['never for nonsense', 429, () => ({ 'retry-after': 'soon' }), undefined],
])('when to come back is understood as %s', async (_name, status, headers, told) => {
  const world = await startBefore('sendCode');
  world.tamperWith(async (call, pass) =>
    call === 'users.get' ? Response.json({ statusCode: status }, { status, headers: headers() }) : pass(),
  );
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  const refusal = await world.perform().catch((error) => error);
  expect(refusal).toMatchObject(unavailable);
  expect(refusal.details.retryAfterSeconds).toEqual(told && expect.closeTo(told, -1));
});

describe('when Auth0 answers something else', () => {
  const bodies = ['', '<html>', 'null', '{}', '[]', '"+12025550101"', '{"users":{}}'];

  test.each(steps.filter(({ call }) => call !== 'passwordless.start'))(
    'at $call, $act is not believed',
    async (step) => {
      const world = await startBefore(step.act);
      for (const body of bodies) {
        world.tamperWith(async (call, pass) => {
          const headers = { 'content-type': 'application/json' };
          return call === step.call ? new Response(body, { headers }) : pass();
        });
        const performing = world.perform(patient, world.newInstance());
        if (step.call === 'otp.exchange') expect(['unsure', 'wrong'], body).toContain(await performing);
        else await expect(performing, body).rejects.toMatchObject(unavailable);
      }
      world.letThrough();
      await expectRecovery(world);
    },
  );

  test('a proxy that finds nothing does not make an account disappear', async () => {
    const world = await startBefore('sendCode');
    world.tamperWith(async (call, pass) =>
      call === 'users.get' ? new Response('Not found', { status: 404 }) : pass(),
    );
    await expect(world.perform()).rejects.toMatchObject(unavailable);
  });
});

test('when the management token is not accepted any more, the next order fetches another one', async () => {
  const world = await startPasswordless();
  await world.passwordless.sendCode(phoebe, patient);
  await world.passwordless.checkCode(
    phoebe,
    world.newestCode(seededUsers.customerWithPhone.phoneNumber),
    patient,
  );
  world.wait(60_000);
  world.tamperWith((call, pass) =>
    call === 'users.get' ? Promise.resolve(Response.json({ statusCode: 401 }, { status: 401 })) : pass(),
  );
  await expect(world.passwordless.sendCode(phoebe, patient)).rejects.toMatchObject(unavailable);
  world.letThrough();
  world.takeAllCalls();
  await world.passwordless.sendCode(phoebe, patient);
  expect(world.takeAllCalls()).toEqual(['management.token', 'users.get', 'passwordless.start']);
});

describe('when Auth0 does not answer', () => {
  const turnMs = 6000;

  test('every call ends by itself, well within the turn', async () => {
    const worlds = await Promise.all(steps.map(async (step) => ({ step, ...(await startBefore(step.act)) })));
    const time = holdTime();
    const performing = Promise.all(
      worlds.map(async ({ step, tenant, perform }) => {
        tenant.faults.add({ call: step.call, answer: 'hang' });
        await expectLost(step, perform());
      }),
    );
    await time.until(() => worlds.every(({ step, hasAsked }) => hasAsked(step.call)));
    expect(await time.passUntilEnded(performing)).toBeLessThan(turnMs);
    await performing;
  });

  test('or begins to, and does not finish, every call ends by itself, too', async () => {
    const { port } = await startStalling();
    // The start's answer has no content that anybody reads.
    const read = steps.filter(({ call }) => call !== 'passwordless.start');
    const worlds = await Promise.all(read.map(async (step) => ({ step, ...(await startBefore(step.act)) })));
    const begun = new Set<CallName>();
    const time = holdTime();
    const performing = Promise.all(
      worlds.map(async ({ step, tamperWith, perform }) => {
        tamperWith(async (call, pass, signal) => {
          if (call !== step.call) return pass();
          const answer = await fetch(`http://127.0.0.1:${port}/`, { signal });
          begun.add(call);
          return answer;
        });
        await expectLost(step, perform());
      }),
    );
    await time.until(() => read.every(({ call }) => begun.has(call)));
    expect(await time.passUntilEnded(performing)).toBeLessThan(turnMs);
    await performing;
  });

  test.each(steps)('at $call, $act ends as soon as its turn is over', async (step) => {
    const world = await startBefore(step.act);
    const turn = new AbortController();
    // Even a transport that knows no signals must not hold the turn up.
    world.tamperWith((call, pass) => {
      if (call !== step.call) return pass();
      turn.abort();
      return new Promise(() => undefined);
    });
    await expectLost(step, world.perform(turn.signal));
  });

  test('nothing is asked for a turn that is over already', async () => {
    const world = await startPasswordless();
    const over = AbortSignal.abort();
    await expect(world.passwordless.sendCode(phoebe, over)).rejects.toMatchObject(unavailable);
    await expect(world.passwordless.checkCode(phoebe, codeOf('4711'), over)).rejects.toMatchObject(
      unavailable,
    );
    await expect(world.passwordless.contacts(phoebe, over)).rejects.toMatchObject(unavailable);
    expect(world.takeAllCalls()).toEqual([]);
  });
});

/** A server that begins to answer, and no more. */
async function startStalling() {
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' }).write('{');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
}
