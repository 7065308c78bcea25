import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { phoebe, quentin, spoken, startTestLocal, type TestLocal } from '../fixtures/local';

const readBack =
  'There was another order. This code is for a jumbo pizza with pineapple. Pick-up is at 24 Mill Lane, in 20 minutes. The total is 22 dollars and 18 cents with tax. Shall I confirm it?';

describe('A1: what is confirmed by voice is what was meant', () => {
  let at: TestLocal;
  let aheadMs: number;

  beforeEach(async () => {
    aheadMs = 0;
    at = await startTestLocal({ clock: () => Date.now() + aheadMs });
    await at.link(phoebe);
    await at.ask('ask pizza on demand to get me a small pizza with mushrooms');
  });
  afterEach(() => at.close());

  const strangersOrder = () => at.ask('ask pizza on demand to get me a jumbo pizza with pineapple');
  const newestCode = () => spoken(at.codeFor(phoebe.phoneNumber));
  const sayCode = () => at.say(`tell pizza on demand to authorize order ${newestCode()}`);
  const newest = async () => (await at.orders())[0];

  async function strangersOrderByApi(): Promise<void> {
    const { accessToken } = await (await fetch(`${at.local.echoUrl}/token`)).json();
    const response = await fetch(`${at.local.podUrl}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ size: 'jumbo', toppings: ['pineapple'] }),
    });
    expect(response.status).toBe(201);
  }

  const ways: [string, () => Promise<unknown>][] = [
    ['replaced', strangersOrder],
    ['cancelled', () => at.ask('ask pizza on demand to cancel my order').then(strangersOrder)],
    ['replaced by API', strangersOrderByApi],
    ['replaced, and another code sent', () => strangersOrder().then(() => at.ask('send me another code'))],
  ];
  it.each(ways)(
    'A1: reads the order back when one before it was %s, and a yes confirms',
    async (_how, happen) => {
      await happen();
      const heard = await sayCode();
      expect(heard.speech).toBe(readBack);
      expect(heard.response.body.response).toMatchObject({
        shouldEndSession: false,
        reprompt: expect.anything(),
      });
      expect(await newest()).toMatchObject({ status: 'pending' });
      expect(await at.ask('yes')).toContain('is confirmed: a jumbo pizza with pineapple');
      expect(await newest()).toMatchObject({ status: 'confirmed' });
    },
  );

  it('A1: confirms at once where there was no other order', async () => {
    await at.ask('send me another code');
    expect((await sayCode()).speech).toContain('is confirmed: a small pizza with mushrooms');
  });

  it('A1: cancels at a no', async () => {
    await strangersOrder();
    await sayCode();
    expect(await at.ask('no')).toContain('I cancelled your order of a jumbo pizza');
    expect(await newest()).toMatchObject({ status: 'cancelled' });
    expect(await at.ask('tell pizza on demand yes')).toContain('was cancelled');
  });

  it('A1: takes no yes from another session, and then none for the used code', async () => {
    await strangersOrder();
    await sayCode();
    expect(await at.ask('tell pizza on demand yes')).toContain('waiting for another code');
    expect(await newest()).toMatchObject({ status: 'pending' });
    expect((await sayCode()).speech).toContain('your code is used up');
    await at.ask('send me another code');
    expect((await sayCode()).speech).toBe(readBack);
    expect(await at.ask('sure')).toContain('is confirmed');
  });

  it('A1: takes no yes from another device, nor one whose session or device is not named', async () => {
    await strangersOrder();
    const { request } = await sayCode();
    const { session, context } = request;
    const elsewhere = [
      { context: { System: { ...context.System, device: { deviceId: 'amzn1.ask.device.other' } } } },
      { context: { System: { ...context.System, device: {} } } },
      { session: { ...session, sessionId: undefined } },
      { context: undefined },
    ];
    for (const [n, difference] of elsewhere.entries()) {
      const yes = { type: 'IntentRequest', intent: { name: 'AMAZON.YesIntent' }, requestId: `yes-${n}` };
      const body = { ...request, ...difference, request: { ...request.request, ...yes } };
      const answer = await fetch(`${at.local.echoUrl}/requests`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      expect(await answer.json()).toMatchObject({ status: 200 });
      expect(await newest()).toMatchObject({ status: 'pending' });
    }
    expect(await at.ask('yes')).toContain('is confirmed');
  });

  it('A1: takes no yes after 60 seconds, and says how to go on', async () => {
    await strangersOrder();
    await sayCode();
    aheadMs += 60_500;
    expect(await at.ask('yes')).toContain('That took too long, and your code is used up');
    expect(await newest()).toMatchObject({ status: 'pending' });
  });

  it('A1: takes no yes of another customer on the same device', async () => {
    await strangersOrder();
    await sayCode();
    await at.link(quentin);
    expect(await at.ask('yes')).toContain('no order yet');
    expect(await newest()).toMatchObject({ status: 'pending' });
  });

  it('A1: answers a yes and a no that nobody has asked for by the status', async () => {
    expect(await at.ask('yes')).toMatch(/waiting for its code\. What are the four digits/);
    expect(await at.ask('no')).toMatch(
      /waiting for its code\. .*say: cancel my order\. What are the four digits/,
    );
    expect((await sayCode()).speech).toContain('is confirmed');
    expect(await at.ask('yes')).toContain('Your latest order, a small pizza with mushrooms, is confirmed');
    expect(await at.ask('no')).toContain('is confirmed');
    expect((await at.orders()).map(({ status }) => status)).toEqual(['confirmed']);
  });
});
