import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '../../local/tenant/calls';
import { holdTime } from '../fixtures/held-time';
import { otherThan, phoebe, spoken, startTestLocal, type TestLocal } from '../fixtures/local';

const answers = [429, 500, 'hang', 'drop'] as const;
const orderCalls = [
  'management.token',
  'users.get',
  'users.create',
  'users.link',
  'passwordless.start',
] as const;
const authorizeCalls = ['otp.exchange', 'jwks'] as const;
const cases = <Call>(calls: readonly Call[]) =>
  calls.flatMap((call) => answers.map((answer) => ({ call, answer })));

const order = 'ask pizza on demand to get me a large pizza with pepperoni';
const authorize = (code: string) => `tell pizza on demand to authorize order ${spoken(code)}`;

describe('a fault of Auth0 in the middle of a step', () => {
  let at: TestLocal;
  beforeEach(async () => {
    at = await startTestLocal();
    await at.link(phoebe);
  });
  afterEach(() => at.close());

  /**
   * Says it while time is held: only what hangs costs any. Alexa hangs up after 8 s; POD promises to answer before 7.
   * @param hanging the call that will not be answered
   */
  async function askInTime(text: string, hanging?: CallName): Promise<string> {
    const calls = () => (hanging ? at.local.tenant.calls.get()[hanging] : 0);
    const callsBefore = calls();
    const time = holdTime();
    const saying = at.say(text);
    if (hanging) {
      await time.until(() => calls() > callsBefore);
      expect(await time.passUntilEnded(saying)).toBeLessThan(7_000);
    }
    const { speech, response } = await saying;
    time.letGo();
    expect(response.status).toBe(200);
    expect(response.body.response.card?.type).not.toBe('LinkAccount');
    return speech;
  }
  const ifHanging = (call: CallName, answer: (typeof answers)[number]) =>
    answer === 'hang' ? call : undefined;

  it.each(cases(orderCalls))(
    'leaves no order behind when $call meets $answer, and the next one goes well',
    async ({ call, answer }) => {
      at.local.tenant.faults.add({ call, answer });
      expect(await askInTime(order, ifHanging(call, answer))).toMatch(/^Sorry, I cannot reach the service/);
      expect((await at.orders()).map(({ status }) => status)).toEqual(['cancelled']);

      at.local.tenant.faults.clear();
      expect(await at.ask(order)).toContain('by text message');
      expect(await at.ask(authorize(at.codeFor(phoebe.phoneNumber)))).toContain('is confirmed');
    },
  );

  it.each(cases(authorizeCalls))('costs no attempt when $call meets $answer', async ({ call, answer }) => {
    await at.say(order);
    const code = at.codeFor(phoebe.phoneNumber);
    at.local.tenant.faults.add({ call, answer });
    for (let again = 0; again < 2; again += 1) {
      expect(await askInTime(authorize(code), ifHanging(call, answer))).toMatch(
        /^Sorry, I cannot reach the service/,
      );
    }
    expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);

    at.local.tenant.faults.clear();
    expect(await at.ask(authorize(otherThan(code)))).toContain('2 tries left');
    expect(await at.ask(`authorize order ${spoken(code)}`)).toContain('is confirmed');
  });

  it('answers in time when every call is slow', async () => {
    const time = holdTime();
    const saying = at.say(order);
    let hasEnded = false;
    void saying.finally(() => {
      hasEnded = true;
    });
    let passedMs = 0;
    for (const call of orderCalls) {
      await time.until(() => hasEnded || at.local.tenant.calls.get()[call] > 0);
      if (hasEnded) break;
      // Less than a single call may take.
      await time.pass(2_000);
      passedMs += 2_000;
    }
    expect(passedMs).toBeLessThan(7_000);
    expect((await saying).speech).toMatch(/^Sorry/);
    expect((await at.orders()).map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('recovers an identity of which only the link was lost', async () => {
    at.local.tenant.faults.add({ call: 'users.link', answer: 500, times: 1 });
    await at.say(order);
    expect(await at.ask(order)).toContain('by text message');
    expect(await at.ask(authorize(at.codeFor(phoebe.phoneNumber)))).toContain('is confirmed');
  });

  it('apologises while the tenant is stopped', async () => {
    await at.say(order);
    const code = at.codeFor(phoebe.phoneNumber);
    await at.local.tenant.close();
    expect(await askInTime(authorize(code))).toMatch(/^Sorry, I cannot reach the service/);
    expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });
});
