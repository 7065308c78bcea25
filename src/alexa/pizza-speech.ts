import { sizes, toppings } from '../orders/menu';
import { describePizza, type Pizza } from '../orders/pizza-order';
import { ask } from './reply';
import { createStepUpSpeech } from './step-up-speech';

const skill = 'Pizza on Demand';

export const pizzaSpeech = {
  ...createStepUpSpeech<Pizza>({
    skill,
    describe: (pizza) => `a ${describePizza(pizza)}`,
    order: (pizza) => `order of a ${describePizza(pizza)}`,
    held: (pizza) => `${skill} is holding a ${describePizza(pizza)} for you.`,
    withoutCode: 'Nothing will be delivered.',
    skilledIn: 'order a pizza',
    example: 'get me a large pizza with pepperoni',
    shortExample: 'get me a pizza',
  }),
  /** For a part of a pizza that was said but is not on the menu. */
  unclear: {
    size: ask(`I do not know that size. We have ${list(sizes)}.`, 'Which size would you like?'),
    toppings: ask(
      `I do not know all of those toppings. We have ${list(toppings)}.`,
      'Which toppings would you like?',
    ),
  },
};

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
