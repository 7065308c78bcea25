import type { Pizza } from '../orders/pizza-order';
import { propose } from '../step-up/propose';
import { type Conversation, type Intent, turnOf } from './conversation';
import { completeDraft, continueDraft, parseDraft } from './draft';
import { pizzaSpeech } from './pizza-speech';
import { saidIn } from './slots';
import { parseSpokenCode } from './spoken-code';
import { stepUpIntents } from './step-up-intents';

const { launch, authorize, common } = stepUpIntents(pizzaSpeech);

const getMeSomePizza: Intent<Pizza> = async (services, exchange) => {
  const { slots, draft: earlier } = exchange;
  // Digits and nothing else are a code that Alexa took for a topping or a size; they must not order a second pizza.
  const code = parseSpokenCode([slots.Size, slots.Toppings].flatMap(saidIn).join(' '));
  if (code) return authorize(services, exchange, code);

  const request = turnOf(services, exchange);
  const draft = continueDraft(parseDraft(earlier), slots);
  const pizza = completeDraft(draft);
  if (typeof pizza === 'string') return { ...pizzaSpeech.unclear[pizza], draft };
  return pizzaSpeech.placed(await propose(services, { ...request, terms: pizza, via: 'voice' }));
};

/** The skill Pizza on Demand: IntentSchema.json has the same intents (a test compares). */
export const pizzaConversation = {
  launch,
  intents: {
    GetMeSomePizzaIntent: getMeSomePizza,
    AuthorizePizzaOrderIntent: authorize,
    ...common,
  },
  speech: pizzaSpeech,
} satisfies Conversation<Pizza>;
