import { describe, expect, it } from 'vitest';
import { houseSize, houseToppings } from '../../src/orders/menu';
import { intent, several } from '../fixtures/alexa-request';
import { endedOrder, storeOrders } from '../fixtures/orders';
import { ask, envelope, openDoor, send, speechOf } from './open-door';
import { openEcho } from './open-echo';

const launch = { type: 'LaunchRequest' };

describe('the conversation at /alexa', () => {
  it('welcomes with a question that is repeated', async () => {
    const door = await openDoor();
    const { response } = await send(door, envelope(door, launch));
    expect(response.outputSpeech?.ssml).toContain('What would you like to order?');
    expect(response.reprompt?.outputSpeech.ssml).toContain('What would you like to order?');
    expect(response.shouldEndSession).toBe(false);
  });

  it('orders in one sentence, says what and where the code went, and listens for the code', async () => {
    const door = await openDoor();
    const answer = await ask(door, 'GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' });
    expect(speechOf(answer)).toMatch(/large pizza with pepperoni.*by text message.*authorize order/s);
    expect(answer.response.shouldEndSession).toBe(false);
    expect(answer.response.reprompt?.outputSpeech.ssml).toContain('open Pizza on Demand again');
    expect(await door.orders()).toMatchObject([
      { status: 'pending', via: 'voice', terms: { size: 'large', toppings: ['pepperoni'] } },
    ]);
  });

  it('confirms by the code, reading the order back, with a card', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' });
    const answer = await ask(door, 'AuthorizePizzaOrderIntent', {
      Code: door.codes.newestCode(door.customerId),
    });
    expect(speechOf(answer)).toContain('confirmed: a large pizza with pepperoni');
    expect(answer.response.card).toMatchObject({ type: 'Simple', title: 'Your order is confirmed' });
    expect(answer.response.shouldEndSession).toBe(true);
    expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
  });

  it('mentions a pending order when it is opened, and asks for the code', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'small' });
    const answer = await send(door, envelope(door, launch));
    expect(speechOf(answer)).toMatch(/small pizza.*four digits/s);
    expect(answer.response.shouldEndSession).toBe(false);
  });

  it('orders the house pizza when neither size nor topping is named', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent');
    expect(await door.orders()).toMatchObject([{ terms: { size: houseSize, toppings: houseToppings } }]);
  });

  it.each([
    ['pepperoni on half', /halves/],
    ['at half past six tonight', /later time/],
    ['in an hour and a half', /later time/],
    ['in half an hour', /later time/],
  ])('tells half a pizza from half an hour: %s', async (Time, said) => {
    const door = await openDoor();
    expect(speechOf(await ask(door, 'GetMeSomePizzaIntent', { Time }))).toMatch(said);
    expect(await door.orders()).toEqual([]);
  });

  it.each([
    ['a list of values', several('pepperoni', 'mushrooms', 'pepperoni'), ['pepperoni', 'mushrooms']],
    ['one text', 'Pepperoni and mushrooms', ['pepperoni', 'mushrooms']],
    ['one text with commas', 'onions, bacon, and olives', ['onions', 'bacon', 'black olives']],
    ['a resolved word', resolved('peperoni', 'pepperoni'), ['pepperoni']],
  ])('takes several toppings as %s', async (_shape, Toppings, expected) => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Toppings });
    expect(await door.orders()).toMatchObject([{ terms: { toppings: expected } }]);
  });

  it.each([
    ['an unknown size', { Size: 'gigantic' }, /small, medium, large and jumbo/],
    ['an unknown topping', { Toppings: 'gold' }, /no gold.*pepperoni, mushrooms/],
    ['one unknown topping of several', { Toppings: several('bacon', 'gold') }, /no gold.*with bacon only/],
    ['two sizes', { Size: several('small', 'large') }, /small, medium, large and jumbo/],
    ['an unknown size, a known topping', { Size: 'gigantic', Toppings: 'bacon' }, /small, medium/],
  ])('says what there is and asks, and orders nothing, for %s', async (_case, slots, menu) => {
    const door = await openDoor();
    const answer = await ask(door, 'GetMeSomePizzaIntent', slots);
    expect(speechOf(answer)).toMatch(menu);
    expect(answer.response.shouldEndSession).toBe(false);
    expect(await door.orders()).toEqual([]);
    expect(door.codes.counts().sent).toBe(0);
  });

  it('remembers what it understood while it asks for the rest', async () => {
    const door = await openDoor();
    const { sessionAttributes } = await ask(door, 'GetMeSomePizzaIntent', {
      Size: 'gigantic',
      Toppings: 'bacon',
    });
    const next = envelope(door, intent('GetMeSomePizzaIntent', { Size: 'large' }));
    await send(door, { ...next, session: { ...next.session, new: false, attributes: sessionAttributes } });
    expect(await door.orders()).toMatchObject([{ terms: { size: 'large', toppings: ['bacon'] } }]);
  });

  it('takes four digits for a code where a size or topping belongs, and never orders a second pizza', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'large' });
    const code = door.codes.newestCode(door.customerId);
    const wrong = await ask(door, 'GetMeSomePizzaIntent', { Size: door.codes.wrongCode });
    expect(speechOf(wrong)).toContain('not the right code');
    expect(speechOf(await ask(door, 'GetMeSomePizzaIntent', { Toppings: code }))).toContain('confirmed');
    expect(await door.orders()).toHaveLength(1);
  });

  it('asks again for what is not a whole code, and costs no attempt', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'large' });
    for (const Code of [undefined, '?', '123', '12345']) {
      const answer = await ask(door, 'AuthorizePizzaOrderIntent', { Code });
      expect(answer.response.shouldEndSession).toBe(false);
      expect(speechOf(answer)).toContain('large pizza');
    }
    expect(door.codes.counts().checked).toBe(0);
    expect(await door.orders()).toMatchObject([{ attempts: 0 }]);
  });

  it('sends another code, tells the status, and cancels', async () => {
    const door = await openDoor();
    expect(speechOf(await ask(door, 'OrderStatusIntent'))).toContain('no order yet');
    expect(speechOf(await ask(door, 'ResendCodeIntent'))).toContain('no order that waits');
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'jumbo' });
    expect(speechOf(await ask(door, 'ResendCodeIntent'))).toMatch(
      /another code by text message.*jumbo pizza/s,
    );
    expect(speechOf(await ask(door, 'OrderStatusIntent'))).toContain('jumbo pizza');
    expect(speechOf(await ask(door, 'CancelOrderIntent'))).toMatch(/cancelled.*jumbo pizza/s);
    expect(speechOf(await ask(door, 'OrderStatusIntent'))).toContain('was cancelled');
    expect(door.codes.counts().sent).toBe(2);
  });

  it('cancels what was confirmed within two minutes after a yes, and says what it was', async () => {
    const { door, say } = await openEcho();
    const statuses = async () => (await door.orders()).map(({ status }) => status);
    const cancel = async () => (await say('cancel my order')).speech;
    await say('get me a small pizza');
    await say('authorize order one two three four');
    await say('get me a large pizza');
    expect(await cancel()).toMatch(/I cancelled your order of a large pizza/);
    expect(await cancel()).toMatch(/order of a small pizza .* is confirmed\. Shall I cancel it\?/);
    expect((await say('no')).speech).toContain('I leave it');
    expect(await statuses()).toEqual(['cancelled', 'confirmed']);
    await cancel();
    expect((await say('yes')).speech).toContain('I cancelled your order of a small pizza');
    expect(await statuses()).toEqual(['cancelled', 'cancelled']);
    expect(await cancel()).toMatch(/order of a large pizza.* was cancelled/);
  });

  it('says of what was confirmed before that whom to call', async () => {
    const door = await openDoor();
    const confirmed = endedOrder({ customerId: door.customerId, endedAt: Date.now() - 121_000 });
    await storeOrders(door.store, [confirmed]);
    const { response } = await ask(door, 'CancelOrderIntent');
    expect(response.outputSpeech?.ssml).toMatch(
      /order of a large pizza with pepperoni is confirmed, and I can no longer cancel it\. Please call Pizza on Demand at 217-555-0142/,
    );
    expect(response.shouldEndSession).toBe(true);
    expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
  });

  it.each([true, false])(
    'helps, stops and falls back whether an account is linked or not (%s)',
    async (linked) => {
      const door = await openDoor();
      const request = (name: string) => envelope(door, intent(name), linked ? door.token() : null);
      for (const name of ['AMAZON.HelpIntent', 'AMAZON.FallbackIntent', 'SomethingElseIntent']) {
        const { response } = await send(door, request(name));
        expect(response).toMatchObject({ shouldEndSession: false, reprompt: expect.anything() });
        expect(response.card).toBeUndefined();
      }
      for (const name of ['AMAZON.StopIntent', 'AMAZON.CancelIntent', 'AMAZON.NavigateHomeIntent']) {
        const { response } = await send(door, request(name));
        expect(response.shouldEndSession).toBe(true);
        expect(response.card).toBeUndefined();
      }
    },
  );

  it('leaves a pending order alone when the customer says stop or asks for help', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent');
    for (const name of [
      'AMAZON.StopIntent',
      'AMAZON.CancelIntent',
      'AMAZON.HelpIntent',
      'AMAZON.FallbackIntent',
    ]) {
      await ask(door, name);
    }
    expect(await door.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });
});

function resolved(value: string, id: string) {
  const values = [{ value: { name: 'Pepperoni', id } }];
  return {
    value,
    resolutions: {
      resolutionsPerAuthority: [{ authority: 'a', status: { code: 'ER_SUCCESS_MATCH' }, values }],
    },
  };
}
