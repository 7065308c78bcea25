import { describe, expect, it } from 'vitest';
import { intent } from '../fixtures/alexa-request';
import { ask, type Door, envelope, openDoor, send, speechOf } from './open-door';

const denied = 'DENIED';

/** An intent that Alexa has read back, to which the customer said no. */
function askDenied(door: Door, name: string, slots: Parameters<typeof intent>[1]) {
  const request = intent(name, slots);
  const body = { ...request, intent: { ...request.intent, confirmationStatus: denied } };
  return send(door, envelope(door, body));
}

const no = (value: string) => ({ value, confirmationStatus: denied });

describe('A11: what the customer has denied', () => {
  it.each([
    ['GetMeSomePizzaIntent', { Size: 'large' }],
    ['AuthorizePizzaOrderIntent', { Code: '0001' }],
    ['CancelOrderIntent', {}],
    ['ResendCodeIntent', {}],
    ['AMAZON.YesIntent', {}],
  ])('A11: does nothing for %s, and asks what to do', async (name, slots) => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'small' });
    const before = await door.orders();
    const { response } = await askDenied(door, name, slots);
    expect(response.outputSpeech?.ssml).toMatch(/I did nothing\. What would you like to do\?/);
    expect(response).toMatchObject({ shouldEndSession: false, reprompt: expect.anything() });
    expect(await door.orders()).toEqual(before);
    expect(door.codes.counts()).toEqual({ sent: 1, checked: 0 });
  });

  it.each([
    ['Size', { Size: no('large'), Toppings: 'bacon' }, /We have small.*Which size/],
    ['Toppings', { Size: 'large', Toppings: no('bacon') }, /We have pepperoni.*Which toppings/],
  ])('A11: asks again for a denied %s, and orders no other instead', async (name, slots, question) => {
    const door = await openDoor();
    const { response, sessionAttributes } = await ask(door, 'GetMeSomePizzaIntent', slots);
    expect(response.outputSpeech?.ssml).toMatch(question);
    expect(response.outputSpeech?.ssml).not.toContain('do not know');
    expect(await door.orders()).toEqual([]);
    const answer = { Size: { Size: 'small' }, Toppings: { Toppings: 'onions' } }[name];
    const next = envelope(door, intent('GetMeSomePizzaIntent', answer));
    await send(door, { ...next, session: { ...next.session, new: false, attributes: sessionAttributes } });
    expect(await door.orders()).toMatchObject([
      {
        terms:
          name === 'Size' ? { size: 'small', toppings: ['bacon'] } : { size: 'large', toppings: ['onions'] },
      },
    ]);
  });

  it('A11: asks again for a denied code, which costs no attempt', async () => {
    const door = await openDoor();
    await ask(door, 'GetMeSomePizzaIntent', { Size: 'small' });
    const Code = no(door.codes.newestCode(door.customerId));
    expect(speechOf(await ask(door, 'AuthorizePizzaOrderIntent', { Code }))).toContain(
      'What are the four digits',
    );
    expect(speechOf(await ask(door, 'GetMeSomePizzaIntent', { Size: Code }))).toContain('Which size');
    expect(door.codes.counts().checked).toBe(0);
    expect(await door.orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
  });
});
