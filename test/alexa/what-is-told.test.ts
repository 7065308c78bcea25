import { describe, expect, it } from 'vitest';
import { intent } from '../fixtures/alexa-request';
import { ask, type Door, envelope, openDoor, send, speechOf } from './open-door';

const order = (door: Door) => ask(door, 'GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' });
const say = async (door: Door, name: string, Code?: string) => speechOf(await ask(door, name, { Code }));
const authorize = (door: Door, code: string) => say(door, 'AuthorizePizzaOrderIntent', code);
const newestCode = (door: Door) => door.codes.newestCode(door.customerId);

/** Says so many wrong codes, three for an order. */
async function guess(door: Door, codes: number): Promise<void> {
  for (let wrong = 0; wrong < codes; wrong += 1) {
    if (wrong % 3 === 0) await order(door);
    await authorize(door, door.codes.wrongCode);
  }
}

describe('what is told when an answer of Auth0 was lost', () => {
  const maybe =
    'I could not find out whether your code was sent. If one comes, it is good; else say: send me another code.';

  it('A5: tells that a code may come, keeps the session open, and takes it when it comes', async () => {
    const door = await openDoor();
    door.codes.loseAnswers();
    const { response } = await order(door);
    expect(response.outputSpeech?.ssml).toMatch(
      new RegExp(`holding a large pizza with pepperoni for you\\. .+ with tax\\. ${maybe}`),
    );
    expect(response).toMatchObject({ shouldEndSession: false, reprompt: expect.anything() });
    door.codes.recover();
    expect(await authorize(door, newestCode(door))).toContain('is confirmed');
  });

  it('A6: does not call the older code dead when another one may not have been sent', async () => {
    const door = await openDoor();
    await order(door);
    door.codes.loseAnswers();
    const heard = await say(door, 'ResendCodeIntent');
    expect(heard).toContain(maybe);
    expect(heard).not.toContain('no longer work');
    door.codes.recover();
    expect(await authorize(door, door.codes.wrongCode)).toContain('You have 3 tries left');
  });

  it('A7: tells that a code may be used up, and what to say then', async () => {
    const door = await openDoor();
    await order(door);
    door.codes.loseAnswers();
    expect(await authorize(door, newestCode(door))).toContain(
      'I could not check it, and it may be used up. Say: send me another code.',
    );
    door.codes.recover();
    expect(await authorize(door, newestCode(door))).toContain('You have 2 tries left');
    await say(door, 'ResendCodeIntent');
    expect(await authorize(door, newestCode(door))).toContain('is confirmed');
  });

  it('A7: says that no try was used up only where one could have been', async () => {
    const door = await openDoor();
    door.codes.fail();
    const refused = speechOf(await order(door));
    expect(refused).toContain('nothing was ordered');
    door.codes.recover();
    await order(door);
    door.codes.fail();
    expect(await authorize(door, newestCode(door))).toContain('No try was used up');
    const notResent = await say(door, 'ResendCodeIntent');
    expect(notResent).toContain('I sent no other one');
    for (const heard of [refused, notResent]) expect(heard).not.toMatch(/no try/i);
    door.codes.recover();
    expect(await authorize(door, door.codes.wrongCode)).toContain('You have 2 tries left');
  });
});

describe('what is told of limits', () => {
  it('A13: the nearer one', async () => {
    const door = await openDoor();
    await order(door);
    const wrong = () => authorize(door, door.codes.wrongCode);
    expect(await wrong()).toContain('You have 2 tries left.');
    expect(await wrong()).toContain('You have one try left.');
    expect(await wrong()).toContain('refused');
    await order(door);
    expect(await wrong()).toContain('One more wrong code locks ordering.');
    expect(await wrong()).toContain('ordering is locked');
  });

  it('A13: says that ordering will be locked when there is more than one try left, too', async () => {
    const door = await openDoor();
    const wrong = () => authorize(door, door.codes.wrongCode);
    await order(door);
    await wrong();
    await wrong();
    await order(door);
    expect(await wrong()).toContain('You have 2 tries left before ordering is locked.');
  });

  it.each([
    [1, 'There was one wrong code since your last order.'],
    [4, 'There were four wrong codes since your last order.'],
  ])('A15: tells a customer who succeeds of %d wrong codes, once', async (count, told) => {
    const door = await openDoor();
    for (let wrong = 0; wrong < count; wrong += 1) {
      await order(door);
      await authorize(door, door.codes.wrongCode);
      if (wrong % 2 === 1) await say(door, 'CancelOrderIntent');
    }
    await order(door);
    const heard = await authorize(door, newestCode(door));
    expect(heard.includes('Shall I confirm') ? await say(door, 'AMAZON.YesIntent') : heard).toContain(told);
  });

  it('A2: when too many orders were asked for', async () => {
    const door = await openDoor();
    door.services.limits.ordersPerHour = 1;
    await order(door);
    expect(speechOf(await order(door))).toMatch(/ordered as often as I may.*in 60 minutes/);
  });
});

describe('a customer one wrong code before the lock', () => {
  it.each([
    ['AMAZON.HelpIntent', {}],
    ['OrderStatusIntent', {}],
    ['CodeSentIntent', {}],
    ['AMAZON.FallbackIntent', {}],
  ])('A14: hears of no lock while a code is being checked, for it may be right: %s', async (name, slots) => {
    const door = await openDoor();
    await guess(door, 4);
    const release = door.codes.hold();
    const checking = authorize(door, newestCode(door));
    const turn = async () => (await door.store.read(door.customerId)).customer.turn;
    await expect.poll(turn).toBeDefined();
    const meanwhile = speechOf(await ask(door, name, slots));
    release();
    expect(meanwhile).not.toContain('locked');
    expect(await checking).toContain('Shall I confirm it?');
    expect(await say(door, 'AMAZON.YesIntent')).toContain('is confirmed');
  });
});

describe('A14: a locked customer', () => {
  async function openLocked(options: Parameters<typeof openDoor>[0] = {}) {
    const door = await openDoor(options);
    await guess(door, 5);
    return door;
  }

  it.each([
    ['opens the skill', 'LaunchRequest', {}],
    ['orders', 'GetMeSomePizzaIntent', { Size: 'large' }],
    ['orders what is unclear', 'GetMeSomePizzaIntent', { Size: 'gigantic' }],
    ['says a code', 'AuthorizePizzaOrderIntent', { Code: '1234' }],
    ['says half a code', 'AuthorizePizzaOrderIntent', { Code: '12' }],
    ['asks for the status', 'OrderStatusIntent', {}],
    ['asks for another code', 'ResendCodeIntent', {}],
    ['cancels', 'CancelOrderIntent', {}],
    ['says yes', 'AMAZON.YesIntent', {}],
    ['says no', 'AMAZON.NoIntent', {}],
    ['asks for help', 'AMAZON.HelpIntent', {}],
    ['is not understood', 'AMAZON.FallbackIntent', {}],
    ['changes an order', 'ChangePizzaIntent', { Toppings: 'bacon' }],
    ['says a size', 'SizeOrToppingsIntent', { Size: 'large' }],
    ['wants the usual', 'UsualPizzaIntent', {}],
    ['asks for the menu', 'MenuIntent', {}],
    ['asks for prices', 'PriceIntent', {}],
    ['asks where it goes', 'DeliveryIntent', {}],
    ['wants to pay', 'PaymentIntent', {}],
    ['wants what there is not', 'CannotIntent', { Dish: 'coke' }],
    ['asks who is linked', 'WhoAmIIntent', {}],
    ['asks about data', 'ProfileIntent', {}],
    ['asks where the code went', 'CodeSentIntent', {}],
    ['wants it said again', 'AMAZON.RepeatIntent', {}],
    ['starts over', 'AMAZON.StartOverIntent', {}],
    ['cancels what is said', 'AMAZON.CancelIntent', {}],
  ])('A14: hears of the lock and the way out who %s', async (_how, name, slots) => {
    const door = await openLocked({ publicOrigin: 'https://pod.example' });
    const request = name === 'LaunchRequest' ? { type: name } : intent(name, slots);
    const { response } = await send(door, envelope(door, request));
    expect(response.outputSpeech?.ssml).toMatch(/ordering is locked.*open your profile/);
    expect(response.card).toMatchObject({
      type: 'Simple',
      content: expect.stringContaining('https://pod.example/app/#/profile'),
    });
    expect(response).toMatchObject({ shouldEndSession: true });
  });

  it('A14: names the page without an address where POD does not know it', async () => {
    const door = await openLocked();
    const { response } = await ask(door, 'AMAZON.HelpIntent');
    expect(response.card).toMatchObject({
      content: expect.stringMatching(/web page and open your profile\.$/),
    });
    expect(response.outputSpeech?.ssml).not.toContain('card');
  });

  it('A17: hears of the lock in one line of the log, which says who', async () => {
    const door = await openLocked();
    const [lines, steps] = [door.logged.length, door.steps.length];
    await say(door, 'AMAZON.HelpIntent');
    await say(door, 'OrderStatusIntent');
    const line = { door: 'alexa', as: 'customer', customerId: door.customerId, outcome: 'ordering_locked' };
    expect(door.logged.slice(lines).map(({ fields }) => fields)).toEqual([line, line]);
    await say(door, 'ResendCodeIntent');
    expect(door.logged).toHaveLength(lines + 2);
    expect(door.steps.slice(steps)).toMatchObject([
      { customerId: door.customerId, outcome: 'ordering_locked' },
    ]);
  });

  it('A14: says goodbye as everybody else does', async () => {
    const door = await openLocked();
    expect(await say(door, 'AMAZON.StopIntent')).toContain('Goodbye');
  });

  it('A14: reads no ledger for an answer that leads nowhere else', async () => {
    const door = await openDoor();
    let reads = 0;
    const { read } = door.store;
    door.services.store.read = (customerId) => {
      reads += 1;
      return read.call(door.store, customerId);
    };
    await order(door);
    expect(await authorize(door, newestCode(door))).toContain('is confirmed');
    await say(door, 'AMAZON.StopIntent');
    expect(reads).toBe(0);
  });
});
