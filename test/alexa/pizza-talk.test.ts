import { describe, expect, it } from 'vitest';
import { intent, several } from '../fixtures/alexa-request';
import { endedOrder, home, storeOrders } from '../fixtures/orders';
import { ask, envelope, openDoor, send, speechOf } from './open-door';
import { isOpen, openEcho } from './open-echo';

const order = 'get me a large pizza with pepperoni';
const code = 'authorize order one two three four';

describe('what is not on the menu', () => {
  it.each([
    ['anchovies', 'We have no anchovies.'],
    ['dragon fruit', 'We have no dragon fruit.'],
    ["baker's yeast", 'We have no baker&apos;s yeast.'],
    [several('anchovies', 'tuna'), 'We have no anchovies and no tuna.'],
  ])('is named: %j', async (Toppings, named) => {
    const door = await openDoor();
    expect(speechOf(await ask(door, 'GetMeSomePizzaIntent', { Toppings }))).toContain(named);
  });

  it.each([
    ['seven', 'seven'],
    ['one two three four five', 'two'],
    ['my code is oh four', 'four'],
    ['code twelve', 'twelve'],
    ['for ate', 'ate'],
    ['double o', 'double'],
    ['gold 12', '12'],
    ['1234 and bacon', '1234'],
    ['<audio src="x"/>', 'audio'],
    ['gold\u0663', 'gold'],
    ['x'.repeat(40), 'xxxx'],
    [several('gold', 'one two three'), 'gold'],
  ])('is not said back where a code, or what is no name, could be in it: %j', async (words, part) => {
    const door = await openDoor();
    for (const slots of [{ Toppings: words }, { Size: words }]) {
      const speech = speechOf(await ask(door, 'GetMeSomePizzaIntent', slots));
      expect(speech).toMatch(/I do not know|not the right code|no order that waits/);
      expect(speech).not.toContain(part);
    }
    for (const name of ['ChangePizzaIntent', 'MenuIntent', 'SizeOrToppingsIntent']) {
      expect(speechOf(await ask(door, name, { Toppings: words }))).not.toContain(part);
    }
    if (typeof words === 'string')
      expect(speechOf(await ask(door, 'GetMeSomePizzaIntent', { Wish: words }))).not.toContain(part);
  });

  it.each([
    ['pepperoni and anchovies', ['yes'], 'large: pepperoni'],
    ['pepperoni and anchovies', ['no', 'mushrooms'], 'large: mushrooms'],
    ['pepperoni and anchovies', ['bacon'], 'large: pepperoni,bacon'],
    ['pepperoni and anchovies', ['just bacon'], 'large: bacon'],
    ['pepperoni and anchovies', ['make it small', 'yes'], 'small: pepperoni'],
    ['pepperoni and anchovies', ['what sizes do you have', 'yes'], 'large: pepperoni'],
    ['anchovies', ['what time is it', 'none'], 'large: '],
  ])('leaves what was understood: with %s, then %j', async (toppings, answers, ordered) => {
    const { door, say } = await openEcho();
    await say(`get me a large pizza with ${toppings}`);
    expect(await door.orders()).toEqual([]);
    for (const answer of answers) await say(answer);
    const [placed] = await door.orders();
    expect(`${placed?.terms.size}: ${placed?.terms.toppings}`).toBe(ordered);
  });
});

describe('a yes', () => {
  it('orders only what was asked about last', async () => {
    const { door, say } = await openEcho();
    await say('large');
    await say('open pizza on demand');
    expect((await say('yes')).speech).toContain('no order yet');
    expect(await door.orders()).toEqual([]);
  });

  it('confirms what was read back, although a pizza was talked about before', async () => {
    const { door, say } = await openEcho();
    await say('get me a small pizza');
    await say(order);
    expect((await say('get me a pizza with bacon and anchovies')).speech).toContain('with bacon only?');
    expect((await say(code)).speech).toContain('Shall I confirm it?');
    expect((await say('how much is it')).speech).toContain('Shall I confirm it?');
    expect((await say('yes')).speech).toContain('is confirmed: a large pizza with pepperoni');
    expect((await door.orders()).map(({ status }) => status)).toEqual(['confirmed', 'cancelled']);
  });

  it('cancels what waits only after a start over, and orders nothing', async () => {
    const { door, say } = await openEcho();
    await say(order);
    await say('start over');
    await say('what is on the menu');
    expect((await say('yes')).speech).toContain('What are the four digits');
    await say('start over');
    expect((await say('yes')).speech).toMatch(/I cancelled .+ What would you like to order\?/);
    expect(await door.orders()).toMatchObject([{ status: 'cancelled', reason: 'customer' }]);
  });
});

it('cancels the pizza that is talked about, and not the one that was confirmed before', async () => {
  const { door, say } = await openEcho();
  await say(order);
  await say(code);
  await say('get me a large pizza with anchovies');
  expect((await say('cancel that')).speech).toContain('nothing was ordered');
  expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
  await say('start over');
  expect((await say('yes')).speech).toContain('is confirmed');
  expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
});

it('cancels by a yes only the order that was asked about', async () => {
  const { door, say } = await openEcho();
  await say(order);
  await say(code);
  await say('get me a small pizza');
  await say('start over');
  await ask(door, 'CancelOrderIntent');
  expect((await say('yes')).speech).toContain('a small pizza with extra cheese and mushrooms, was cancelled');
  expect((await door.orders()).map(({ status }) => status)).toEqual(['cancelled', 'confirmed']);
});

describe('a change of what waits', () => {
  it('has a code of its own, and is read back before that confirms it', async () => {
    const { door, say } = await openEcho();
    await say(order);
    expect((await say('make it small')).speech).toMatch(
      /holding a small pizza with pepperoni .+ sent you a code/,
    );
    expect((await say(code)).speech).toContain('This code is for a small pizza with pepperoni.');
    expect((await say('yes')).speech).toContain('is confirmed: a small pizza');
    expect((await door.orders()).map(({ status }) => status)).toEqual(['confirmed', 'cancelled']);
  });

  it('is not made when the order was confirmed just before, by another door', async () => {
    const { door, say } = await openEcho();
    await say(order);
    await ask(door, 'AuthorizePizzaOrderIntent', { Code: '1234' });
    expect((await say('add bacon')).speech).toMatch(
      /already confirmed\. To change it, call Pizza on Demand at/,
    );
    expect((await door.orders()).map(({ status }) => status)).toEqual(['confirmed']);
    expect(door.codes.counts().sent).toBe(1);
  });

  it('is answered the same when Alexa delivers it again, and done once', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'large' });
    const body = envelope(door, intent('ChangePizzaIntent', { Toppings: 'bacon' }));
    const [first, again] = [await send(door, body), await send(door, body)];
    expect(again).toEqual(first);
    expect(speechOf(first)).toContain('and bacon');
    expect(door.codes.counts().sent).toBe(2);
  });

  it('says what of it the menu does not have', async () => {
    const { door, say } = await openEcho();
    await say(order);
    expect((await say('add bacon and anchovies')).speech).toMatch(
      /^We have no anchovies\. .+ pepperoni and bacon/,
    );
    expect(await door.orders()).toHaveLength(2);
  });
});

describe('the usual', () => {
  it.each([
    ['cleared by staff', { archivedAt: 1 }],
    ['hidden by the customer', { hiddenAt: 1 }],
  ])('is the pizza that was confirmed last, also when it was %s', async (_how, facts) => {
    const { door, say } = await openEcho();
    const { customerId } = door;
    const last = endedOrder({ customerId, placedAt: 2, terms: { size: 'small', toppings: ['onions'] } });
    const since = endedOrder({ customerId, placedAt: 3, status: 'expired' });
    await storeOrders(door.store, [endedOrder({ customerId, placedAt: 1 }), { ...last, ...facts }, since]);
    expect((await say('get me the usual')).speech).toContain('a small pizza with onions');
    expect(await door.orders()).toMatchObject([{ status: 'pending', terms: { size: 'small' } }, {}, {}, {}]);
  });

  it('takes no place of what waits without asking', async () => {
    const { door, say } = await openEcho();
    await storeOrders(door.store, [endedOrder({ customerId: door.customerId })]);
    await say('get me a small pizza');
    expect((await say('same as last time')).speech).toContain(
      'Shall I make it a large pizza with pepperoni?',
    );
    expect(await door.orders()).toHaveLength(2);
    await say('yes');
    expect(await door.orders()).toMatchObject([{ status: 'pending', terms: { size: 'large' } }, {}, {}]);
  });
});

describe('what is asked in between', () => {
  it('is answered from the terms of the order: the street of an address, and no more of it', async () => {
    const { door, say } = await openEcho();
    door.codes.moveTo(door.customerId, home);
    await say(order);
    const heard = (await say('where does my pizza go')).speech;
    expect(heard).toContain('It is delivered to 7 Elm Street, 40 minutes after you confirm it.');
    expect(heard).not.toContain(home.city);
    expect((await say('how much is it')).speech).toContain('The total is 21 dollars and 9 cents');
  });

  it('tells where the code went by the end of the number, and never the code', async () => {
    const { say } = await openEcho();
    await say(order);
    const heard = await say('what is my code');
    expect(heard.speech).toContain(
      'by text message to the number that ends in 0 1 9 9; only the message has it',
    );
    expect(JSON.stringify(heard.response)).not.toMatch(/1234|1 2 3 4/);
  });

  it('leaves the question that was open', async () => {
    const { say } = await openEcho();
    await say('get me a large pizza with anchovies');
    for (const asked of [
      'how much is it',
      'do you deliver',
      'thanks',
      'who am i',
      'can i pay cash',
      'do you have bacon',
    ]) {
      const heard = await say(asked);
      expect(heard.speech, asked).toMatch(/Which toppings would you like\?$/);
      expect(isOpen(heard), asked).toBe(true);
    }
    expect((await say('bacon')).speech).toContain('a large pizza with bacon');
  });
});
