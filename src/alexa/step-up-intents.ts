import { type Action, asOf } from '../step-up/action';
import { affirm, awaitsYes, decline } from '../step-up/affirm';
import { refuseIfLocked } from '../step-up/limits';
import { prove } from '../step-up/prove';
import { lastConfirmed } from '../step-up/read';
import { Refusal, type RefusalCode, type RefusalDetails } from '../step-up/refusal';
import { resend } from '../step-up/resend';
import { mayTakeBack, withdraw } from '../step-up/withdraw';
import { type ConversationServices, type Exchange, type Intent, turnOf } from './conversation';
import { ask, type Reply } from './reply';
import { saidIn, valuesOf } from './slots';
import { parseSpokenCode } from './spoken-code';
import { offeredToCancel, type StepUpSpeech } from './step-up-speech';

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

export type StepUpIntents<Terms> = ReturnType<typeof stepUpIntents<Terms>>;

/** What every skill with a step-up does, said in this speech. A skill adds intents by which something is proposed. */
export function stepUpIntents<Terms>(speech: StepUpSpeech<Terms>) {
  type Services = ConversationServices<Terms>;
  /** The customer's newest action as it is now, and whether a yes in this conversation would confirm it. */
  const standing = async (services: Services, exchange: Exchange): Promise<Standing<Terms>> => {
    const { customer, latest } = await services.store.read(turnOf(services, exchange).customerId);
    const now = services.clock();
    refuseIfLocked(customer, now);
    const action = latest && asOf(latest, now);
    const isYesAwaited = action?.status === 'pending' && awaitsYes(action, exchange.conversation, now);
    return { action, isYesAwaited };
  };
  /** The same, for what can be answered without it: nobody may be linked, and the store may be away. */
  const standingIfKnown = (services: Services, exchange: Exchange): Promise<Standing<Terms>> =>
    standing(services, exchange).catch((error) => {
      if (error instanceof Refusal && error.code !== 'ordering_locked') return { isYesAwaited: false };
      throw error;
    });
  /** Says something about what stands, or asks again for the yes that is awaited: nothing else leads on. */
  const about =
    (say: (action: Action<Terms> | undefined) => Reply, look = standing): Intent<Terms> =>
    async (services, exchange) => {
      const { action, isYesAwaited } = await look(services, exchange);
      return action && isYesAwaited ? speech.refusals.confirmation_needed({ action }) : say(action);
    };

  /** Where an intent knows better words for a refusal than those that fit everywhere. */
  const insteadOf =
    <Code extends RefusalCode>(
      codes: readonly Code[],
      reply: (details: RefusalDetails<Terms>[Code]) => Reply | Promise<Reply>,
    ) =>
    (error: unknown): Reply | Promise<Reply> => {
      if (isRefusal<Terms, Code>(error, codes)) return reply(error.details);
      throw error;
    };

  const launch = about((action) =>
    action?.status === 'pending' ? speech.welcomeBack(action) : speech.welcome,
  );

  const authorize = async (services: Services, exchange: Exchange, code = codeIn(services, exchange)) => {
    const { conversation } = exchange;
    const prover = { door: 'voice' } as const;
    const proving = prove(services, { ...turnOf(services, exchange), code, conversation, prover });
    return proving
      .then(speech.confirmed)
      .catch(insteadOf(['upstream_unavailable'], () => speech.notChecked))
      .catch(
        // The code was said already, and a yes is awaited.
        insteadOf(['not_a_code'], ({ action }) =>
          action.status === 'pending' && awaitsYes(action, conversation, services.clock())
            ? speech.refusals.confirmation_needed({ action })
            : speech.refusals.not_a_code({ action }),
        ),
      );
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
        .catch(insteadOf(unasked, async () => status((await standing(services, exchange)).action)));
    };
  const cancel = (services: Services, exchange: Exchange, actionId?: string) =>
    withdraw(services, { ...turnOf(services, exchange), actionId, by: 'customer' });
  const cancelOffered = (services: Services, exchange: Exchange, actionId: string) =>
    cancel(services, exchange, actionId)
      .then(speech.startedOver)
      .catch(
        insteadOf(['not_found', ...unasked], async () =>
          speech.statusAfterYes((await standing(services, exchange)).action),
        ),
      );

  /** Answers something that was asked in between, and then asks again what is asked of the customer. */
  const goOn = async (services: Services, exchange: Exchange, answer: string) => {
    const { action, isYesAwaited } = await standingIfKnown(services, exchange);
    return ask(answer, speech.questionAbout(action, isYesAwaited));
  };

  const leave: Intent<Terms> = async (_services, { offer }) =>
    offeredToCancel(offer) ? speech.notCancelled : speech.goodbye;

  /** Asks again whether to cancel, if that was asked last: only this question has an offer. */
  const offeringAgain =
    (other: Intent<Terms>): Intent<Terms> =>
    async (services, exchange) => {
      const offered = offeredToCancel(exchange.offer);
      if (!offered) return other(services, exchange);
      const { action } = await standing(services, exchange);
      const last = await lastConfirmed(services, turnOf(services, exchange).customerId);
      const meant = [action, last].find((one) => one?.id === offered);
      if (meant?.status === 'pending') return speech.startOver(meant);
      return meant?.status === 'confirmed' ? speech.offerToCancel(meant) : other(services, exchange);
    };

  /** By the names which their phrases have in every skill's SampleUtterances.txt. */
  const common = {
    ResendCodeIntent: async (services, exchange) =>
      resend(services, turnOf(services, exchange))
        .then(speech.resent)
        .catch(insteadOf(['upstream_unavailable'], () => speech.notResent)),
    CodeSentIntent: async (services, exchange) => {
      const { action, isYesAwaited } = await standing(services, exchange);
      if (valuesOf(exchange.slots.Channel).length > 0)
        return ask(speech.codeGoesAsItGoes, speech.questionAbout(action, isYesAwaited));
      if (action?.status === 'confirmed') return speech.refusals.order_already_confirmed({ action });
      return action?.status === 'pending' ? speech.codeSent(action, services.clock()) : speech.status(action);
    },
    OrderStatusIntent: about(speech.status),
    CancelOrderIntent: async (services, exchange) => {
      const offered = offeredToCancel(exchange.offer);
      if (offered) return cancelOffered(services, exchange, offered);
      const { action } = await standing(services, exchange);
      const { customerId } = turnOf(services, exchange);
      const last = action?.status === 'pending' ? undefined : await lastConfirmed(services, customerId);
      // No code is asked for, so a word that was misheard must not undo what took one.
      if (last && mayTakeBack(services.kind, last, 'customer', services.clock()))
        return speech.offerToCancel(last);
      return cancel(services, exchange)
        .then(speech.cancelled)
        .catch(
          insteadOf(['order_already_confirmed'], ({ action }) =>
            mayTakeBack(services.kind, action, 'customer', services.clock())
              ? speech.offerToCancel(action)
              : speech.tooLateToCancel(action),
          ),
        );
    },
    'AMAZON.YesIntent': async (services, exchange) => {
      const toCancel = offeredToCancel(exchange.offer);
      return toCancel
        ? cancelOffered(services, exchange, toCancel)
        : decide(affirm, speech.confirmed, speech.statusAfterYes)(services, exchange);
    },
    'AMAZON.NoIntent': async (services, exchange) =>
      offeredToCancel(exchange.offer)
        ? goOn(services, exchange, 'All right, I leave it.')
        : decide(decline, speech.cancelled, speech.statusAfterNo)(services, exchange),
    'AMAZON.RepeatIntent': offeringAgain(
      about((action) => (action ? speech.statusAfterYes(action) : speech.welcome)),
    ),
    'AMAZON.StartOverIntent': about(speech.startOver),
    'AMAZON.HelpIntent': offeringAgain(about(speech.help, standingIfKnown)),
    'AMAZON.StopIntent': leave,
    'AMAZON.CancelIntent': async (services, exchange) => {
      if (offeredToCancel(exchange.offer)) return speech.notCancelled;
      const { action } = await standingIfKnown(services, exchange);
      return action?.status === 'pending' ? speech.goodbyeWhileWaiting(action) : speech.goodbye;
    },
    'AMAZON.NavigateHomeIntent': leave,
    'AMAZON.FallbackIntent': offeringAgain(about(speech.fallback, standingIfKnown)),
  } satisfies Record<string, Intent<Terms>>;

  return { launch, authorize, offeringAgain, common, standing, standingIfKnown, goOn, insteadOf };
}

interface Standing<Terms> {
  action?: Action<Terms>;
  isYesAwaited: boolean;
}

/** Whether anything was said where a code is expected. */
export function isCodeSaid({ slots }: Exchange): boolean {
  return codeSlots.some((name) => saidIn(slots[name]).length > 0);
}

function codeIn({ codeLength }: Pick<ConversationServices<never>, 'codeLength'>, { slots }: Exchange) {
  return parseSpokenCode(codeSlots.flatMap((name) => saidIn(slots[name])).join(' '), codeLength);
}

function isRefusal<Terms, Code extends RefusalCode>(
  error: unknown,
  codes: readonly Code[],
): error is Refusal<Code, Terms> {
  return error instanceof Refusal && codes.some((code) => code === error.code);
}
