import type { OrderTerms } from '../orders/pizza-order';
import type { OrderServices } from '../orders/place';
import type { Conversation } from './conversation';
import { pizzaIntents } from './pizza-intents';
import { createPizzaSpeech } from './pizza-speech';
import { pizzeriaIntents } from './pizzeria-intents';
import { stepUpIntents } from './step-up-intents';

/** The skill Pizza on Demand: IntentSchema.json has the same intents (a test compares). */
export function createPizzaConversation(services: Pick<OrderServices, 'codeLength' | 'passwordless'>) {
  const speech = createPizzaSpeech(services.codeLength);
  const stepUp = stepUpIntents(speech);
  return {
    launch: stepUp.launch,
    intents: {
      ...stepUp.common,
      ...pizzaIntents(speech, stepUp, services),
      ...pizzeriaIntents(speech, stepUp),
    },
    speech,
    unlockPage: '../app/#/profile',
  } satisfies Conversation<OrderTerms>;
}
