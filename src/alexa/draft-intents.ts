import { isUnderWay, type OrderTerms, type Pizza } from '../orders/pizza-order';
import type { TurnRequest } from '../step-up/turn';
import { type ConversationServices, type Exchange, type Intent, turnOf } from './conversation';
import { type Draft, emptyDraft, parseDraft, pizzaOf } from './draft';
import { orderOffer, type PizzaSpeech } from './pizza-speech';
import { afresh, after, type Reply } from './reply';
import { isCodeSaid, type StepUpIntents } from './step-up-intents';
import { offeredToCancel } from './step-up-speech';

type Services = ConversationServices<OrderTerms>;

/**
 * What every skill understands, where a pizza may be talked about that is not ordered yet.
 * @param fulfil orders the pizza of a draft, after a yes
 */
export function draftIntents(
  speech: PizzaSpeech,
  { authorize, offeringAgain, common, standing, standingIfKnown, goOn }: StepUpIntents<OrderTerms>,
  fulfil: (services: Services, turn: TurnRequest, pizza: Pizza, draft: Draft) => Promise<Reply>,
) {
  /** With a draft the conversation is about it, but for the yes that confirms an order. */
  const ofDraft =
    (
      reply: (draft: Draft, exchange: Exchange, services: Services) => Reply | Promise<Reply>,
      other: Intent<OrderTerms>,
    ) =>
    async (services: Services, exchange: Exchange): Promise<Reply> => {
      const draft = parseDraft(exchange.draft);
      if (!draft || (await standingIfKnown(services, exchange)).isYesAwaited)
        return other(services, exchange);
      return reply(draft, exchange, services);
    };
  const dropDraft = async (services: Services, exchange: Exchange) =>
    afresh(await goOn(services, exchange, 'All right.'));
  const yes: Intent<OrderTerms> = async (services, exchange) => {
    const draft = parseDraft(exchange.draft) ?? emptyDraft;
    return exchange.offer === orderOffer
      ? fulfil(services, turnOf(services, exchange), pizzaOf(draft), draft)
      : ofDraft((draft) => speech.askForDraft(draft), common['AMAZON.YesIntent'])(services, exchange);
  };
  const repeat = ofDraft((draft) => speech.askForDraft(draft), common['AMAZON.RepeatIntent']);

  // Who talks about another pizza by now means that one, and not what waits or was confirmed before.
  const cancelIt = ofDraft(async (_draft, exchange, services) => {
    const { action } = await standing(services, exchange);
    return action?.status === 'pending'
      ? after('All right.', afresh(speech.statusAfterNo(action)))
      : afresh(await goOn(services, exchange, speech.nothingOrdered));
  }, common.CancelOrderIntent);
  return {
    AuthorizePizzaOrderIntent: async (services, exchange) =>
      isCodeSaid(exchange)
        ? authorize(services, exchange)
        : ofDraft((draft) => speech.askForDraft(draft), offeringAgain(authorize))(services, exchange),
    OrderItIntent: async (services, exchange) => {
      if (offeredToCancel(exchange.offer)) return repeat(services, exchange);
      const { action } = await standing(services, exchange);
      return exchange.offer === orderOffer || action?.status === 'pending' || parseDraft(exchange.draft)
        ? yes(services, exchange)
        : common['AMAZON.HelpIntent'](services, exchange);
    },
    OrderStatusIntent: ofDraft(async (draft, exchange, services) => {
      const { action } = await standing(services, exchange);
      return speech.askForDraft(draft, speech.latest(action));
    }, common.OrderStatusIntent),
    ResendCodeIntent: ofDraft(async (draft, exchange, services) => {
      const { action } = await standing(services, exchange);
      return action?.status === 'pending'
        ? common.ResendCodeIntent(services, exchange)
        : speech.askForDraft(draft, speech.noCodeYet);
    }, common.ResendCodeIntent),
    CodeSentIntent: async (services, exchange) => {
      const { action } = await standing(services, exchange);
      const isPending = action?.status === 'pending';
      const sent = isPending ? speech.whereCodeWent(action, services.clock()) : speech.noCodeYet;
      const isOfOrder = isPending || (action && isUnderWay(action, services.clock()));
      return ofDraft(
        (draft) => speech.askForDraft(draft, sent),
        isOfOrder ? common.CodeSentIntent : () => goOn(services, exchange, sent),
      )(services, exchange);
    },
    'AMAZON.YesIntent': yes,
    'AMAZON.NoIntent': ofDraft(
      (draft, exchange, services) =>
        exchange.offer === orderOffer && draft.unclear.includes('toppings')
          ? speech.askForDraft({ ...draft, toppings: [] }, 'All right.')
          : dropDraft(services, exchange),
      common['AMAZON.NoIntent'],
    ),
    'AMAZON.RepeatIntent': repeat,
    'AMAZON.HelpIntent': ofDraft((draft) => speech.askForDraft(draft), common['AMAZON.HelpIntent']),
    'AMAZON.FallbackIntent': ofDraft(
      (draft) => speech.askForDraft(draft, 'Sorry, I did not get that.'),
      common['AMAZON.FallbackIntent'],
    ),
    'AMAZON.StartOverIntent': async (services, exchange) =>
      afresh(await common['AMAZON.StartOverIntent'](services, exchange)),
    'AMAZON.CancelIntent': ofDraft(
      async ({ changes }, exchange, services) =>
        after(
          changes === undefined ? speech.nothingOrdered : speech.nothingChanged,
          await common['AMAZON.CancelIntent'](services, exchange),
        ),
      common['AMAZON.CancelIntent'],
    ),
    CancelOrderIntent: cancelIt,
    // To the question whether to cancel, this is no yes.
    ChangedMindIntent: (services, exchange) =>
      (offeredToCancel(exchange.offer) ? repeat : cancelIt)(services, exchange),
  } satisfies Record<string, Intent<OrderTerms>>;
}
