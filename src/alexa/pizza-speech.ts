import { sizes, toppings } from '../orders/menu';
import { describePizza, type Pizza } from '../orders/pizza-order';
import type { CodeLength } from '../step-up/code';
import { ask } from './reply';
import { createStepUpSpeech } from './step-up-speech';

const skill = 'Pizza on Demand';

const menuOfSizes = `We have ${list(sizes)}.`;
const menuOfToppings = `We have ${list(toppings)}.`;
const whichSize = 'Which size would you like?';
const whichToppings = 'Which toppings would you like?';

export function createPizzaSpeech(codeLength: CodeLength) {
  const speech = createStepUpSpeech<Pizza>(codeLength, {
    skill,
    describe: (pizza) => `a ${describePizza(pizza)}`,
    order: (pizza) => `order of a ${describePizza(pizza)}`,
    held: (pizza) => `${skill} is holding a ${describePizza(pizza)} for you.`,
    withoutCode: 'Nothing will be delivered.',
    skilledIn: 'order a pizza',
    example: 'get me a large pizza with pepperoni',
    shortExample: 'get me a pizza',
  });
  return {
    ...speech,
    /** For a part of a pizza that was said but is not on the menu. */
    unclear: {
      size: ask(`I do not know that size. ${menuOfSizes}`, whichSize),
      toppings: ask(`I do not know all of those toppings. ${menuOfToppings}`, whichToppings),
    },
    /** For a part that the customer has said no to. */
    notMeant: { size: ask(menuOfSizes, whichSize), toppings: ask(menuOfToppings, whichToppings) },
  };
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
