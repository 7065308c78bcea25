import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '../../local/tenant/calls';
import type { Fault } from '../../local/tenant/faults';
import { holdTime } from '../fixtures/held-time';
import { otherThan, phoebe, spoken, startTestLocal, type TestLocal } from '../fixtures/local';
import { customerOf } from '../fixtures/orders';

type Answer = NonNullable<Fault['answer']>;

const order = 'ask pizza on demand to get me a large pizza with pepperoni';
const resend = 'ask pizza on demand to send me another code';
const authorize = (code: string) => `tell pizza on demand to authorize order ${spoken(code)}`;

const unavailable = /^Sorry, I cannot reach the service/;
const misconfigured = /^Sorry, our code service is not set up correctly/;
const unsureSent = /I could not find out whether your code was sent/;
const unsureChecked = /^I could not check it, and it may be used up/;
const confirmed = /is confirmed/;

const lost = [500, 'hang', 'drop'] as const;
/** Whether the call was carried out before its answer was lost. */
const lostBothWays = lost.flatMap((answer) => [true, false].map((performed) => ({ answer, performed })));
const each = <Call extends CallName>(calls: readonly Call[], answers: readonly Answer[]) =>
  calls.flatMap((call) => answers.map((answer) => ({ call, answer })));

describe('a fault of Auth0 in the middle of a step', () => {
  let at: TestLocal;
  beforeEach(async () => {
    at = await startTestLocal();
    await at.link(phoebe);
  });
  afterEach(() => at.close());

  const code = () => at.codeFor(phoebe.phoneNumber);
  const messages = () => at.local.tenant.inbox.messages(phoebe.phoneNumber).length;
  const record = async () => (await at.local.store.read(customerOf(phoebe.userId))).customer;

  /** Alexa hangs up after 8 s; POD promises to answer before 7. Time is held: only what hangs costs any. */
  async function askDuring(fault: Fault, text: string): Promise<string> {
    const { faults, calls } = at.local.tenant;
    faults.add(fault);
    const callsBefore = calls.get()[fault.call];
    const time = holdTime();
    const saying = at.say(text);
    if (fault.answer === 'hang') {
      await time.until(() => calls.get()[fault.call] > callsBefore);
      expect(await time.passUntilEnded(saying)).toBeLessThan(7_000);
    }
    const { speech, response } = await saying;
    time.letGo();
    faults.clear();
    expect(response.status).toBe(200);
    expect(response.body.response.card?.type).not.toBe('LinkAccount');
    return speech;
  }

  async function orderGoesWell() {
    expect(await at.ask(order)).toContain('by text message');
    expect(await at.ask(authorize(code()))).toMatch(confirmed);
  }

  describe('when it is ordered', () => {
    const before = ['management.token', 'users.get', 'users.create'] as const;

    it.each([...each(before, [429, 500, 'hang', 'drop']), ...each(['passwordless.start'], [429])])(
      '$call meets $answer: no order, nothing sent, nothing paid',
      async (fault) => {
        expect(await askDuring(fault, order)).toMatch(unavailable);
        expect(await at.orders()).toEqual([]);
        expect([messages(), (await record()).codesSentAt]).toEqual([0, []]);
        await orderGoesWell();
      },
    );

    it.each(lostBothWays)('users.create meets $answer (carried out: $performed): no order', async (fault) => {
      expect(await askDuring({ call: 'users.create', ...fault }, order)).toMatch(unavailable);
      expect([await at.orders(), messages(), (await record()).codesSentAt]).toEqual([[], 0, []]);
      await orderGoesWell();
    });

    it.each(lostBothWays)(
      'A5: passwordless.start meets $answer (carried out: $performed): the order waits, and a code that comes is good',
      async (fault) => {
        expect(await askDuring({ call: 'passwordless.start', ...fault }, order)).toMatch(unsureSent);
        expect(await at.orders()).toMatchObject([{ status: 'pending', delivery: { unsure: true } }]);
        expect((await record()).codesSentAt).toHaveLength(1);
        if (!fault.performed) expect(await at.ask(resend)).toContain('another code');
        expect(await at.ask(authorize(code()))).toMatch(confirmed);
      },
    );

    it('A5: a start that always hangs costs no more messages than the budget has', async () => {
      at.local.tenant.faults.add({ call: 'passwordless.start', answer: 'drop', performed: true });
      for (let times = 0; times < 12; times += 1) await at.ask(order);
      expect(messages()).toBe(5);
    });

    it.each([
      { call: 'passwordless.start', answer: 400, told: /^This number cannot receive codes/ },
      ...each(['management.token', 'users.get', 'users.create', 'passwordless.start'], [403]).map(
        (fault) => ({
          ...fault,
          told: misconfigured,
        }),
      ),
    ] as const)('A8: $call meets $answer: never is not called later', async ({ told, ...fault }) => {
      const speech = await askDuring(fault, order);
      expect(speech).toMatch(told);
      expect(speech).not.toMatch(/again/);
      expect([await at.orders(), messages(), (await record()).codesSentAt]).toEqual([[], 0, []]);
      await orderGoesWell();
    });
  });

  describe('when another code is asked for', () => {
    beforeEach(() => at.say(order));

    it.each([
      { answer: 429, told: unavailable },
      { answer: 403, told: misconfigured },
      { answer: 400, told: /^This number cannot receive codes/ },
    ] as const)(
      'passwordless.start meets $answer: the older code holds, nothing paid',
      async ({ answer, told }) => {
        expect(await askDuring({ call: 'passwordless.start', answer }, resend)).toMatch(told);
        expect([messages(), (await record()).codesSentAt.length]).toEqual([1, 1]);
        expect(await at.ask(authorize(code()))).toMatch(confirmed);
      },
    );

    it.each(lostBothWays)(
      'A6: passwordless.start meets $answer (carried out: $performed): either code may be the living one',
      async (fault) => {
        const older = code();
        expect(await askDuring({ call: 'passwordless.start', ...fault }, resend)).toMatch(unsureSent);
        expect((await record()).codesSentAt).toHaveLength(2);
        const withTheOlder = await at.ask(authorize(older));
        if (!fault.performed) return expect(withTheOlder).toMatch(confirmed);
        expect(withTheOlder).toContain('3 tries left');
        expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
        expect((await record()).wrongCodesAt).toEqual([]);
        expect(await at.ask(authorize(code()))).toMatch(confirmed);
      },
    );
  });

  describe('when it is authorized', () => {
    beforeEach(() => at.say(order));

    it.each([
      ...each(['jwks'], [429, 500, 'hang', 'drop']).map((fault) => ({ ...fault, told: unavailable })),
      { call: 'otp.exchange', answer: 429, told: unavailable },
      { call: 'otp.exchange', answer: 403, told: misconfigured },
    ] as const)('$call meets $answer: no attempt, and the code holds', async ({ told, ...fault }) => {
      for (let again = 0; again < 2; again += 1) {
        expect(await askDuring(fault, authorize(code()))).toMatch(told);
      }
      expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
      expect((await record()).wrongCodesAt).toEqual([]);
      expect(await at.ask(authorize(otherThan(code())))).toContain('2 tries left');
      expect(await at.ask(`authorize order ${spoken(code())}`)).toMatch(confirmed);
    });

    it.each(lostBothWays)(
      'A7: otp.exchange meets $answer (carried out: $performed): the code may be used up, and the next wrong one is free',
      async (fault) => {
        const tried = code();
        expect(await askDuring({ call: 'otp.exchange', ...fault }, authorize(tried))).toMatch(unsureChecked);
        const again = await at.ask(authorize(tried));
        if (!fault.performed) return expect(again).toMatch(confirmed);
        expect(again).toContain('2 tries left');
        expect((await record()).wrongCodesAt).toEqual([]);
        expect(await at.ask(resend)).toContain('another code');
        expect(await at.ask(authorize(code()))).toMatch(confirmed);
      },
    );

    it.each([...lostBothWays, { answer: 403 }, { answer: 429 }] as const)(
      'A4: users.link meets $answer (carried out: $performed): the order is confirmed, and the next one links',
      async (fault) => {
        const { tenant } = at.local;
        expect(await askDuring({ call: 'users.link', ...fault }, authorize(code()))).toMatch(confirmed);
        await orderGoesWell();
        expect(tenant.users.find(phoebe.userId)?.identities.map(({ provider }) => provider)).toEqual([
          'auth0',
          'sms',
        ]);
      },
    );

    it('A8: a customer who was blocked is told so, and no attempt is gone', async () => {
      const { tenant } = at.local;
      const made = tenant.users.owner('sms', phoebe.phoneNumber);
      await tenant.users.change(String(made?.user_id), { blocked: true });
      expect(await at.ask(authorize(code()))).toMatch(/^Your account is blocked/);
      expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
    });

    it('apologises while the tenant is stopped', async () => {
      const right = code();
      await at.local.tenant.close();
      expect(await at.ask(authorize(right))).toMatch(unavailable);
      expect(await at.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
    });
  });

  it('answers in time when every call is slow', async () => {
    const time = holdTime();
    const saying = at.say(order);
    let hasEnded = false;
    void saying.finally(() => {
      hasEnded = true;
    });
    let passedMs = 0;
    for (const call of ['management.token', 'users.get', 'users.create', 'passwordless.start'] as const) {
      await time.until(() => hasEnded || at.local.tenant.calls.get()[call] > 0);
      if (hasEnded) break;
      // Less than a single call may take.
      await time.pass(2_000);
      passedMs += 2_000;
    }
    expect(passedMs).toBeLessThan(7_000);
    expect((await saying).speech).toMatch(/^Sorry/);
  });

  it('asks Auth0 three times in a row for a first order, twice for its code, and then once each', async () => {
    const callsOf = async (text: string) => {
      at.local.tenant.calls.reset();
      await at.say(text);
      const counts = Object.entries(at.local.tenant.calls.get());
      return counts.flatMap(([call, count]) =>
        ['management.token', 'discovery', 'jwks'].includes(call) ? [] : Array<string>(count).fill(call),
      );
    };
    expect(await callsOf(order)).toEqual(['users.get', 'users.create', 'passwordless.start']);
    expect(await callsOf(authorize(code()))).toEqual(['users.link', 'otp.exchange']);
    expect(await callsOf(order)).toEqual(['passwordless.start']);
    expect(await callsOf(authorize(code()))).toEqual(['otp.exchange']);
  });
});
