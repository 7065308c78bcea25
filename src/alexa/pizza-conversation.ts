import type { Pizza } from '../orders/pizza-order';
import type { CodeLength } from '../step-up/code';
import { propose } from '../step-up/propose';
import { type Conversation, type Intent, turnOf } from './conversation';
import { completeDraft, continueDraft, parseDraft } from './draft';
import { createPizzaSpeech } from './pizza-speech';
import { isDenied, saidIn } from './slots';
import { parseSpokenCode } from './spoken-code';
import { stepUpIntents } from './step-up-intents';

/** The skill Pizza on Demand: IntentSchema.json has the same intents (a test compares). */
export function createPizzaConversation(codeLength: CodeLength) {
  const speech = createPizzaSpeech(codeLength);
  const { launch, authorize, common } = stepUpIntents(speech);

  const getMeSomePizza: Intent<Pizza> = async (services, exchange) => {
    const { slots, draft: earlier } = exchange;
    // Digits and nothing else are a code that Alexa took for a topping or a size; they must not order a second pizza.
    const code = parseSpokenCode([slots.Size, slots.Toppings].flatMap(saidIn).join(' '), codeLength);
    if (code) return authorize(services, exchange, code);

    const request = turnOf(services, exchange);
    const draft = continueDraft(parseDraft(earlier), slots);
    const pizza = completeDraft(draft);
    if (typeof pizza === 'string') {
      const slot = pizza === 'size' ? slots.Size : slots.Toppings;
      return { ...speech[isDenied(slot) ? 'notMeant' : 'unclear'][pizza], draft };
    }
    return speech.placed(await propose(services, { ...request, terms: pizza, via: 'voice' }));
  };

  return {
    launch,
    intents: {
      GetMeSomePizzaIntent: getMeSomePizza,
      AuthorizePizzaOrderIntent: authorize,
      ...common,
    },
    speech,
    unlockPage: '../app/#/profile',
  } satisfies Conversation<Pizza>;
}
