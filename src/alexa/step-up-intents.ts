import { type Action, asOf } from '../step-up/action';
import { affirm, awaitsYes, decline } from '../step-up/affirm';
import { refuseIfLocked } from '../step-up/limits';
import { prove } from '../step-up/prove';
import { Refusal, type RefusalCode } from '../step-up/refusal';
import { resend } from '../step-up/resend';
import { withdraw } from '../step-up/withdraw';
import { type ConversationServices, type Exchange, type Intent, turnOf } from './conversation';
import type { Reply } from './reply';
import { saidIn } from './slots';
import { parseSpokenCode } from './spoken-code';
import type { StepUpSpeech } from './step-up-speech';

/** Where a code is said: one slot for four digits, and, because Alexa has no type for six, one for each of them. */
const codeSlots = ['Code', 'First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'];

/** A yes or a no to which nothing answers: nobody asked, or what was asked about has ended. */
const unasked: readonly RefusalCode[] = [
  'nothing_to_affirm',
  'nothing_pending',
  'order_already_confirmed',
  'order_cancelled',
  'order_expired',
  'order_refused',
];

/** What every skill with a step-up does, said in this speech. A skill adds intents by which something is proposed. */
export function stepUpIntents<Terms>(speech: StepUpSpeech<Terms>) {
  type Services = ConversationServices<Terms>;
  const newest = async (services: Services, exchange: Exchange) => {
    const { customer, latest } = await services.store.read(turnOf(services, exchange).customerId);
    const now = services.clock();
    refuseIfLocked(customer, now);
    return latest && asOf(latest, now);
  };

  const launch: Intent<Terms> = async (services, exchange) => {
    const action = await newest(services, exchange);
    return action?.status === 'pending' ? speech.welcomeBack(action) : speech.welcome;
  };

  const authorize = async (services: Services, exchange: Exchange, code = codeIn(services, exchange)) => {
    const { conversation } = exchange;
    const proving = prove(services, { ...turnOf(services, exchange), code, conversation });
    return proving.then(speech.confirmed).catch(insteadOf(['upstream_unavailable'], () => speech.notChecked));
  };

  /** Says yes or no to the question whether an order is meant, if it was asked in this conversation. */
  const decide =
    (
      decision: typeof affirm<Terms> | typeof decline<Terms>,
      decided: (action: Action<Terms>) => Reply,
      status: (action: Action<Terms> | undefined) => Reply,
    ): Intent<Terms> =>
    async (services, exchange) => {
      const { conversation } = exchange;
      const deciding = decision(services, { ...turnOf(services, exchange), conversation });
      return deciding
        .then(decided)
        .catch(insteadOf(unasked, async () => status(await newest(services, exchange))));
    };

  const leave: Intent<Terms> = async () => speech.goodbye;

  /** By the names which their phrases have in every skill's SampleUtterances.txt. */
  const common = {
    ResendCodeIntent: async (services, exchange) =>
      resend(services, turnOf(services, exchange))
        .then(speech.resent)
        .catch(insteadOf(['upstream_unavailable'], () => speech.notResent)),
    OrderStatusIntent: async (services, exchange) => {
      const action = await newest(services, exchange);
      const isAwaited =
        action?.status === 'pending' && awaitsYes(action, exchange.conversation, services.clock());
      return isAwaited ? speech.refusals.confirmation_needed({ action }) : speech.status(action);
    },
    CancelOrderIntent: async (services, exchange) =>
      speech.cancelled(await withdraw(services, { ...turnOf(services, exchange), by: 'customer' })),
    'AMAZON.YesIntent': decide(affirm, speech.confirmed, speech.status),
    'AMAZON.NoIntent': decide(decline, speech.cancelled, speech.statusAfterNo),
    'AMAZON.HelpIntent': async () => speech.help,
    'AMAZON.StopIntent': leave,
    'AMAZON.CancelIntent': leave,
    'AMAZON.NavigateHomeIntent': leave,
    'AMAZON.FallbackIntent': async () => speech.fallback,
  } satisfies Record<string, Intent<Terms>>;

  return { launch, authorize, common };
}

function codeIn({ codeLength }: Pick<ConversationServices<never>, 'codeLength'>, { slots }: Exchange) {
  return parseSpokenCode(codeSlots.flatMap((name) => saidIn(slots[name])).join(' '), codeLength);
}

/** Where this intent knows better words for a refusal than those that fit everywhere. */
function insteadOf(codes: readonly RefusalCode[], reply: () => Reply | Promise<Reply>) {
  return (error: unknown): Reply | Promise<Reply> => {
    if (error instanceof Refusal && codes.includes(error.code)) return reply();
    throw error;
  };
}
