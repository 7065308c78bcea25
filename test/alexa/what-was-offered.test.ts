import { describe, expect, it } from 'vitest';
import { ask } from './open-door';
import { openEcho } from './open-echo';

const order = 'get me a large pizza with pepperoni';
const code = 'authorize order one two three four';

describe('a change that was offered', () => {
  it.each(['yes', 'with bacon'])('is one of that order only, and no second order: %s', async (answer) => {
    const { door, say } = await openEcho();
    await say(order);
    expect((await say('small')).speech).toContain('Shall I make it a small pizza with pepperoni?');
    await ask(door, 'AuthorizePizzaOrderIntent', { Code: '1234' });
    expect((await say(answer)).speech).toMatch(/already confirmed\. To change it, call/);
    expect(await door.orders()).toMatchObject([{ status: 'confirmed', terms: { size: 'large' } }]);
  });

  it('is asked about anew when another order waits by then, or none', async () => {
    const { door, say, pass } = await openEcho();
    await say(order);
    await say('small');
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'jumbo' });
    expect((await say('yes')).speech).toContain('Shall I order a small pizza with pepperoni?');
    await say('cancel that');
    await say('medium');
    pass(300_000);
    expect((await say('yes')).speech).toContain('Shall I order a medium pizza');
    expect(await door.orders()).toHaveLength(2);
    await say('yes');
    expect(await door.orders()).toMatchObject([{ status: 'pending', terms: { size: 'medium' } }, {}, {}]);
  });

  it('is dropped by a cancel, and what waits waits on', async () => {
    const { door, say } = await openEcho();
    await say(order);
    await say('small');
    const heard = await say('cancel that');
    expect(heard.speech).toMatch(/^All right\. Your order of a large pizza .+ is waiting/);
    expect((await say('yes')).speech).toContain('is waiting for its code');
    expect(await door.orders()).toMatchObject([{ status: 'pending', terms: { size: 'large' } }]);
    await say('cancel my order');
    expect(await door.orders()).toMatchObject([{ status: 'cancelled' }]);
  });
});

it('asks again where words were no yes, and orders what it has asked about', async () => {
  const { door, say } = await openEcho();
  await say('large');
  for (const words of ['authorize order', 'nothing', 'hold on']) await say(words);
  expect(await door.orders()).toEqual([]);
  // "Nothing" may be a pizza without toppings, and is asked about before it is one.
  expect((await say('repeat')).speech).toContain('Shall I order a large pizza without toppings?');
  await say('yes');
  expect(await door.orders()).toMatchObject([{ status: 'pending', terms: { toppings: [] } }]);
});

it('cancels after its question what was asked about, whatever was said in between', async () => {
  const { door, say } = await openEcho();
  await say(order);
  await say(code);
  await say('cancel my order');
  for (const words of ['repeat', 'help', 'purple rain', 'authorize order', 'place the order']) {
    expect((await say(words)).speech, words).toMatch(/is confirmed\. Shall I cancel it\?$/);
  }
  expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
  await say('yes');
  expect(await door.orders()).toMatchObject([{ status: 'cancelled' }]);
});

it('tells how long a code is good for still, and never longer', async () => {
  const { say, pass } = await openEcho();
  await say(order);
  pass(50_000);
  expect((await say('how long is the code good')).speech).toContain('It is good for two more minutes.');
  pass(100_000);
  expect((await say('how long is the code good')).speech).toContain('good for less than a minute.');
});
