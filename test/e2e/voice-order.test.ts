import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emil, otherThan, phoebe, quentin, spoken, startTestLocal, type TestLocal } from '../fixtures/local';

describe('ordering by voice, with everything that npm start starts', () => {
  let at: TestLocal;
  beforeEach(async () => {
    at = await startTestLocal();
  });
  afterEach(() => at.close());

  it('goes from the link to the confirmed order, which is there after a restart', async () => {
    const unlinked = await at.say('open pizza on demand');
    expect(unlinked.response.body.response.card).toEqual({ type: 'LinkAccount' });

    await at.link(phoebe);
    expect(await at.ask('open pizza on demand')).toMatch(/^Welcome to Pizza on Demand/);
    const placed = await at.say('get me a large pizza with pepperoni');
    expect(placed.speech).toContain('large pizza with pepperoni');
    expect(placed.speech).toContain('by text message');
    expect(placed.response.body.response.shouldEndSession).toBe(false);

    const code = at.codeFor(phoebe.phoneNumber);
    expect(code).toMatch(/^\d{4}$/);
    expect(JSON.stringify(placed)).not.toContain(code);
    // A new session: the order waits on the server, not in the conversation.
    const confirmed = await at.ask(`Alexa, tell pizza on demand to authorize order ${spoken(code)}`);
    expect(confirmed).toContain('is confirmed: a large pizza with pepperoni');
    expect(await at.ask(`ask pizza on demand to authorize order ${spoken(code)}`)).toContain(
      'already confirmed',
    );

    await at.restart();
    expect(await at.orders()).toMatchObject([
      { customerId: phoebe.userId, status: 'confirmed', terms: { size: 'large', toppings: ['pepperoni'] } },
    ]);
    expect(await at.ask('ask pizza on demand where is my order')).toContain('large pizza with pepperoni');
  });

  it('refuses the order after three wrong codes, and then the right one', async () => {
    await at.link(phoebe);
    await at.say('ask pizza on demand to get me a pizza');
    const code = at.codeFor(phoebe.phoneNumber);
    const wrong = `tell pizza on demand to authorize order ${spoken(otherThan(code))}`;
    expect(await at.ask(wrong)).toContain('not the right code');
    expect(await at.ask(`authorize order ${spoken(otherThan(code))}`)).toContain('not the right code');
    expect(await at.ask(`authorize order ${spoken(otherThan(code))}`)).toContain('refused');
    expect(await at.ask(`tell pizza on demand to authorize order ${spoken(code)}`)).toContain('refused');
    expect(await at.orders()).toMatchObject([{ status: 'refused' }]);
  });

  it('A14: tells a locked customer where to go, by a card with the address of the page', async () => {
    await at.link(phoebe);
    const wrongCode = () => spoken(otherThan(at.codeFor(phoebe.phoneNumber)));
    for (const order of ['a small pizza', 'a large pizza']) {
      await at.ask(`ask pizza on demand to get me ${order}`);
      for (let wrong = 0; wrong < 3; wrong += 1) await at.ask(`authorize order ${wrongCode()}`);
    }
    for (const said of ['open pizza on demand', 'help', 'where is my order', 'get me a gigantic pizza']) {
      const { speech, response } = await at.say(said);
      expect(speech, said).toContain('ordering is locked');
      expect(response.body.response.card, said).toMatchObject({
        content: expect.stringContaining(`${at.local.podUrl}/app/#/profile`),
      });
    }
  });

  it('takes a code with leading zeros, spoken digit by digit', async () => {
    await at.link(phoebe);
    at.local.tenant.forceNextCode('0123');
    await at.say('ask pizza on demand to get me a small pizza with bacon and onions');
    expect(await at.ask('tell pizza on demand operation pizza is a go zero one two three')).toContain(
      'confirmed: a small pizza with bacon and onions',
    );
  });

  it('replaces the pending order, whose code is dead then', async () => {
    await at.link(phoebe);
    at.local.tenant.forceNextCode('1111');
    await at.say('ask pizza on demand to get me a large pizza with pepperoni');
    at.local.tenant.forceNextCode('2222');
    await at.say('ask pizza on demand to get me a jumbo pizza with spinach');
    expect(await at.ask('tell pizza on demand to authorize order one one one one')).toContain(
      'not the right code',
    );
    expect(await at.ask('authorize order two two two two')).toMatch(
      /^There was another order\. This code is for a jumbo pizza with spinach\. .+ Shall I confirm it\?$/,
    );
    expect(await at.ask('yes')).toMatch(/confirmed: a jumbo pizza with spinach.*one wrong code/);
    expect((await at.orders()).map(({ status }) => status)).toEqual(['confirmed', 'cancelled']);
  });

  it('keeps two customers apart, with codes by text message and by e-mail', async () => {
    await at.link(phoebe);
    await at.say('ask pizza on demand to get me a large pizza with pepperoni');
    await at.link(emil);
    const placed = await at.ask('ask pizza on demand to get me a medium pizza with chicken');
    expect(placed).toContain('by e-mail');
    const [phoebesCode, emilsCode] = [at.codeFor(phoebe.phoneNumber), at.codeFor(emil.email)];
    if (phoebesCode !== emilsCode) {
      expect(await at.ask(`tell pizza on demand to authorize order ${spoken(phoebesCode)}`)).toContain(
        'not the right code',
      );
    }
    expect(await at.ask(`tell pizza on demand to authorize order ${spoken(emilsCode)}`)).toContain(
      'confirmed: a medium',
    );
    await at.link(phoebe);
    expect(await at.ask(`tell pizza on demand to authorize order ${spoken(phoebesCode)}`)).toContain(
      'confirmed: a large',
    );
  });

  it('tells a customer without phone and mailbox that there is nowhere to send a code to', async () => {
    await at.link({ email: 'noel', password: 'noel-local' });
    expect(await at.ask('ask pizza on demand to get me a pizza')).toContain(
      'neither a phone number nor an e-mail',
    );
    expect(await at.orders()).toEqual([]);
  });

  it('asks Auth0 as little as it may', async () => {
    const { calls } = at.local.tenant;
    await at.link(phoebe);
    // The first order of the process also fetches the management token and the keys, which every customer shares.
    await orderAndAuthorize(at, phoebe.phoneNumber);
    await at.link(quentin);

    calls.reset();
    await orderAndAuthorize(at, quentin.phoneNumber);
    expect(callsMade(at)).toEqual({
      'users.get': 1,
      'users.create': 1,
      'users.link': 1,
      'passwordless.start': 1,
      'otp.exchange': 1,
    });
    calls.reset();
    await orderAndAuthorize(at, quentin.phoneNumber);
    expect(callsMade(at)).toEqual({ 'passwordless.start': 1, 'otp.exchange': 1 });
  });
});

describe('ordering by voice with codes of six digits', () => {
  let at: TestLocal;
  beforeEach(async () => {
    at = await startTestLocal({ settings: { CODE_LENGTH: '6' } });
    await at.link(phoebe);
  });
  afterEach(() => at.close());

  const code = () => at.codeFor(phoebe.phoneNumber);

  it('says six, takes six, and asks again for anything else', async () => {
    const placed = await at.ask('ask pizza on demand to get me a large pizza with pepperoni');
    expect(placed).toMatch(
      /a code of six digits and a link by text message.*authorize order, and the six digits/,
    );
    expect(code()).toMatch(/^\d{6}$/);
    expect(await at.ask('open pizza on demand')).toContain('What are the six digits of your code?');
    expect(await at.ask('authorize order')).toContain('Say each digit.');
    expect(await at.ask(`authorize order ${spoken(code())} one`)).toContain('Say each digit.');
    expect(await at.ask(spoken(otherThan(code())))).toContain('You have 2 tries left');
    expect(await at.ask(`authorize order ${spoken(code())}`)).toContain('is confirmed: a large pizza');
  });

  it('takes leading zeros, and digits that were typed', async () => {
    for (const typed of ['zero zero one two three four', '001234', '00 12 34']) {
      at.local.tenant.forceNextCode('001234');
      await at.ask('ask pizza on demand to get me a small pizza');
      expect(await at.ask(`tell pizza on demand my code is ${typed}`), typed).toContain('is confirmed');
    }
  });

  it('is what the API says and takes', async () => {
    const { accessToken } = await (await fetch(`${at.local.echoUrl}/token`)).json();
    const api = (path: string, body: object) =>
      fetch(`${at.local.podUrl}/api${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
        body: JSON.stringify(body),
      });
    const document = await (await fetch(`${at.local.podUrl}/api/openapi.json`)).text();
    expect(document).toContain('"pattern":"^[0-9]{6}$"');
    const { id } = await (await api('/orders', { size: 'small', toppings: [] })).json();
    expect((await api(`/orders/${id}/authorize`, { code: '1234' })).status).toBe(422);
    expect((await api(`/orders/${id}/authorize`, { code: code() })).status).toBe(200);
  });
});

async function orderAndAuthorize(at: TestLocal, phoneNumber: string): Promise<void> {
  await at.say('ask pizza on demand to get me a pizza');
  const heard = await at.ask(`tell pizza on demand to authorize order ${spoken(at.codeFor(phoneNumber))}`);
  expect(heard).toContain('confirmed');
}

function callsMade(at: TestLocal): Record<string, number> {
  const counts = Object.entries(at.local.tenant.calls.get());
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
