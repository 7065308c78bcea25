import { describe, expect, it } from 'vitest';
import { hear } from '../../../local/echo/hear';
import { parseInteractionModel, readInteractionModel } from '../../../local/echo/interaction-model';
import type { Slot } from '../../../local/echo/recognise-slot';
import { resolveUtterance } from '../../../local/echo/resolve-utterance';

const model = readInteractionModel('src/alexa', 'pizza on demand');
const skillId = 'amzn1.ask.skill.test';

/** The intent an utterance means, with its slots in short: a value, a list of values, or nothing. */
function understand(utterance: string) {
  const heard = hear(utterance, model.invocationName);
  if (!('words' in heard)) return heard.kind;
  const { name, slots = {} } = resolveUtterance(model, skillId, heard.words);
  return [name, Object.fromEntries(Object.values(slots).map((slot) => [slot.name, valueIn(slot)]))];
}

function valueIn({ value, slotValue }: Slot) {
  return slotValue?.type === 'List' ? slotValue.values.map((item) => item.value) : value;
}

/** What an order is understood as, with those of its slots that something was said for. */
const order = (Size?: string, Toppings?: string | string[], others = {}) => [
  'GetMeSomePizzaIntent',
  { Size, Toppings, ...others },
];
const part = (Size?: string, Toppings?: string | string[]) => ['SizeOrToppingsIntent', { Size, Toppings }];
const authorize = (Code?: string) => ['AuthorizePizzaOrderIntent', { Code }];
const plain = (name: string) => [name, {}];

it.each([
  ['get me a pizza', order()],
  ['Get me a large pizza with pepperoni.', order('large', 'pepperoni')],
  ['get me a large pizza with pepperoni, please', order('large', 'pepperoni')],
  ['fetch me an order', plain('AMAZON.FallbackIntent')],
  ['get me a big pizza', order('big')],
  ['get me an extra large pizza', order('extra large')],
  ['get me a pepperoni pizza', order(undefined, 'pepperoni')],
  ['get me a jumbo extra cheese pizza', order('jumbo', 'extra cheese')],
  ['get me a pizza with pepperoni and mushrooms', order(undefined, ['pepperoni', 'mushrooms'])],
  [
    'get me a pizza with bacon, extra cheese, and olives',
    order(undefined, ['bacon', 'extra cheese', 'olives']),
  ],
  [
    'get me a pizza with pepperoni black olives and bacon',
    order(undefined, ['pepperoni', 'black olives', 'bacon']),
  ],
  ['get me a gigantic pizza', order('gigantic')],
  ['get me a large pizza with ananas', order('large', 'ananas')],
  ['get me a large pizza with dragon fruit and bacon', order('large', ['dragon fruit', 'bacon'])],
  ['large', part('large')],
  ['pepperoni and bacon', part(undefined, ['pepperoni', 'bacon'])],
])('understands the order "%s"', (utterance, intent) => {
  expect(understand(utterance)).toEqual(intent);
});

it.each([
  ['authorize order one two three four', authorize('1234')],
  ['authorize order 1234', authorize('1234')],
  ['authorize order 1 2 3 4', authorize('1234')],
  ['authorize order zero one two three', authorize('0123')],
  ['authorize order oh one two three', authorize('0123')],
  ['authorize order 0000', authorize('0000')],
  ['operation pizza is a go twenty seventeen', authorize('2017')],
  ['my code is twelve thirty four', authorize('1234')],
  ['authorize order 1, 2, 3, 4', authorize('1234')],
  ['one two three four', authorize('1234')],
  ['0123', authorize('0123')],
  ['authorize order one two three', authorize('?')],
  ['authorize order 12345', authorize('?')],
  ['authorize my order', authorize()],
  ['one two three', authorize('?')],
  ['seven', plain('AMAZON.FallbackIntent')],
])('understands the code in "%s"', (utterance, intent) => {
  expect(understand(utterance)).toEqual(intent);
});

it.each([
  ['Alexa, open Pizza on Demand', 'launch'],
  ['alexa launch pizza on demand please', 'launch'],
  ['ask pizza on demand', 'launch'],
  ['Alexa, tell Pizza on Demand to authorize order 1234', authorize('1234')],
  ['ask pizza on demand to get me a large pizza', order('large')],
  ['ask pizza on demand for a pizza with bacon', order(undefined, 'bacon')],
  ['alexa ask pizza on demand where is my order', plain('OrderStatusIntent')],
  ['open pizza on demand and get me a pizza', order()],
  ['get me a pizza from pizza on demand', order()],
  ['yes', plain('AMAZON.YesIntent')],
  ['Yeah.', plain('AMAZON.YesIntent')],
  ['yes please', plain('AMAZON.YesIntent')],
  ['tell pizza on demand ok', plain('AMAZON.YesIntent')],
  ['no', plain('AMAZON.NoIntent')],
  ['Nope!', plain('AMAZON.NoIntent')],
  ['help', plain('AMAZON.HelpIntent')],
  ['Stop!', plain('AMAZON.StopIntent')],
  ['cancel', plain('AMAZON.CancelIntent')],
  ['cancel my order', plain('CancelOrderIntent')],
  ['go home', plain('AMAZON.NavigateHomeIntent')],
  ["i didn't get a code", plain('ResendCodeIntent')],
  ['I didn’t get a code', plain('ResendCodeIntent')],
  ['exit', 'exit'],
  ['colourless green ideas sleep furiously', plain('AMAZON.FallbackIntent')],
  ['basket of satellites', plain('AMAZON.FallbackIntent')],
  [',,, ...', plain('AMAZON.FallbackIntent')],
])('understands "%s"', (utterance, expected) => {
  expect(understand(utterance)).toEqual(expected);
});

it.each([
  ['um get me the large pizza, please', order('large')],
  ['could you get me a large pizza for me', order('large')],
  ["what's on my menu", ['MenuIntent', { Part: undefined }]],
  ["i didn't get the code", plain('ResendCodeIntent')],
  ['please add some of the bacon', plain('AMAZON.FallbackIntent')],
  ['get me 2 large pizzas', order('large', undefined, { Wish: 'two' })],
  ['authorize order um 1, 2, 3, uh 4', authorize('1234')],
  ['authorize order 1-2-3-4', authorize('1234')],
  ['authorize order one thousand two hundred and thirty four', authorize('1234')],
])('forgives what carries nothing in "%s"', (utterance, [name, slots]) => {
  expect(understand(utterance)).toEqual([name, expect.objectContaining(slots as object)]);
});

it('understands no phrase that is not in the model, however small the words are that it lacks', () => {
  const without = (word: string) => ({
    ...model,
    samples: model.samples.filter(({ words }) => !words.includes(word)),
  });
  const nameOf = (utterance: string, from = model) =>
    resolveUtterance(from, skillId, utterance.split(' ')).name;
  for (const [phrase, word] of [
    ['can i get a pizza', 'get'],
    ['where did you send the code', 'where'],
    ['make it small', 'make'],
    ['thank you', 'thank'],
  ] as const) {
    expect(nameOf(phrase)).not.toBe('AMAZON.FallbackIntent');
    expect(nameOf(phrase, without(word)), phrase).toBe('AMAZON.FallbackIntent');
  }
});

describe('a slot', () => {
  const slotOf = (utterance: string, name: string) =>
    resolveUtterance(model, skillId, utterance.split(' ')).slots?.[name];
  const authority = 'amzn1.er-authority.echo-sdk.amzn1.ask.skill.test.PIZZA_SIZE';

  it('resolves a synonym to the menu’s word', () => {
    const resolutions = {
      resolutionsPerAuthority: [
        {
          authority,
          status: { code: 'ER_SUCCESS_MATCH' },
          values: [{ value: { name: 'Large', id: 'large' } }],
        },
      ],
    };
    expect(slotOf('get me a big pizza', 'Size')).toEqual({
      name: 'Size',
      value: 'big',
      confirmationStatus: 'NONE',
      source: 'USER',
      resolutions,
      slotValue: { type: 'Simple', value: 'big', resolutions },
    });
  });

  it('says that a word is not on the menu', () => {
    expect(slotOf('get me a gigantic pizza', 'Size')?.resolutions).toEqual({
      resolutionsPerAuthority: [{ authority, status: { code: 'ER_SUCCESS_NO_MATCH' } }],
    });
  });

  it('has no value of its own when several were said', () => {
    const slot = slotOf('with bacon and onion', 'Toppings');
    expect(slot).not.toHaveProperty('value');
    expect(slot?.slotValue).toMatchObject({
      type: 'List',
      values: [
        { value: 'bacon' },
        { resolutions: { resolutionsPerAuthority: [{ values: [{ value: { id: 'onions' } }] }] } },
      ],
    });
  });

  it('has only its name when nothing was said', () => {
    expect(slotOf('get me a pizza', 'Size')).toEqual({ name: 'Size', confirmationStatus: 'NONE' });
  });

  it('has no resolutions when it is a number', () => {
    expect(slotOf('code 0042', 'Code')).toMatchObject({
      value: '0042',
      slotValue: { type: 'Simple', value: '0042' },
    });
    expect(slotOf('code 0042', 'Code')?.resolutions).toBeUndefined();
  });
});

it.each([
  ['Other get me a pizza', 'Other'],
  ['Get get me a {Crust} pizza', '{Crust}'],
])('refuses a model in which "%s" leads nowhere', (sampleUtterances, named) => {
  const intentSchema = JSON.stringify({ intents: [{ intent: 'Get' }] });
  const texts = { invocationName: 'pizza', intentSchema, sampleUtterances, customSlotTypes: '' };
  expect(() => parseInteractionModel(texts)).toThrow(named);
});
