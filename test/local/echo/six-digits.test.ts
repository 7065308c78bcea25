import { expect, it } from 'vitest';
import { readInteractionModel } from '../../../local/echo/interaction-model';
import { resolveUtterance } from '../../../local/echo/resolve-utterance';

const model = readInteractionModel('src/alexa/six-digits', 'pizza on demand');

function understand(utterance: string) {
  const { name, slots = {} } = resolveUtterance(model, 'amzn1.ask.skill.test', utterance.split(' '));
  return [name, Object.values(slots).map(({ value }) => value)];
}

const digits = ['zero', 'one', 'two', 'three', 'four', 'five'];

it.each([
  ['authorize order zero one two three four five', digits],
  ['authorize order oh one two three four five', ['oh', ...digits.slice(1)]],
  ['authorize order 012345', digits],
  ['my code is 0 1 2 3 4 5', digits],
  ['operation pizza is a go 01 23 45', digits],
  ['zero one two three four five', digits],
])('understands the six digits in "%s"', (utterance, values) => {
  expect(understand(utterance)).toEqual(['AuthorizePizzaOrderIntent', values]);
});

it.each([
  ['authorize order', 'AuthorizePizzaOrderIntent'],
  ['authorize order 1234', 'AuthorizePizzaOrderIntent'],
  ['get me a large pizza with bacon', 'GetMeSomePizzaIntent'],
  ['yes', 'AMAZON.YesIntent'],
])('understands "%s" as with four', (utterance, intent) => {
  expect(understand(utterance)[0]).toBe(intent);
});
