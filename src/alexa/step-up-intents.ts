import { prove } from '../step-up/prove';
import { latestAction } from '../step-up/read';
import { resend } from '../step-up/resend';
import { withdraw } from '../step-up/withdraw';
import { type ConversationServices, type Exchange, type Intent, turnOf } from './conversation';
import { saidIn } from './slots';
import { parseSpokenCode } from './spoken-code';
import type { StepUpSpeech } from './step-up-speech';

/** What every skill with a step-up does, said in this speech. A skill adds intents by which something is proposed. */
export function stepUpIntents<Terms>(speech: StepUpSpeech<Terms>) {
  const newest = (services: ConversationServices<Terms>, exchange: Exchange) =>
    latestAction(services, turnOf(services, exchange).customerId);

  const launch: Intent<Terms> = async (services, exchange) => {
    const action = await newest(services, exchange);
    return action?.status === 'pending' ? speech.welcomeBack(action) : speech.welcome;
  };

  const authorize = async (
    services: ConversationServices<Terms>,
    exchange: Exchange,
    code = parseSpokenCode(saidIn(exchange.slots.Code).join(' ')),
  ) => speech.confirmed(await prove(services, { ...turnOf(services, exchange), code }));

  const leave: Intent<Terms> = async () => speech.goodbye;

  /** By the names which their phrases have in every skill's SampleUtterances.txt. */
  const common = {
    ResendCodeIntent: async (services, exchange) =>
      speech.resent(await resend(services, turnOf(services, exchange))),
    OrderStatusIntent: async (services, exchange) => speech.status(await newest(services, exchange)),
    CancelOrderIntent: async (services, exchange) =>
      speech.cancelled(await withdraw(services, { ...turnOf(services, exchange), by: 'customer' })),
    'AMAZON.HelpIntent': async () => speech.help,
    'AMAZON.StopIntent': leave,
    'AMAZON.CancelIntent': leave,
    'AMAZON.NavigateHomeIntent': leave,
    'AMAZON.FallbackIntent': async () => speech.fallback,
  } satisfies Record<string, Intent<Terms>>;

  return { launch, authorize, common };
}
