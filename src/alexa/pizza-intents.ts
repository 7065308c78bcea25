import {
  asSold,
  changePizza,
  describePizza,
  isUnderWay,
  type OrderTerms,
  type Pizza,
  type PizzaChange,
} from '../orders/pizza-order';
import { changeOrder, type OrderServices, placeOrder } from '../orders/place';
import type { Action } from '../step-up/action';
import { lastConfirmed } from '../step-up/read';
import type { RefusalCode } from '../step-up/refusal';
import type { TurnRequest } from '../step-up/turn';
import { type ConversationServices, type Exchange, type Intent, turnOf } from './conversation';
import {
  changeOf,
  completeDraft,
  continueDraft,
  type Draft,
  emptyDraft,
  isEmpty,
  isMoreSaid,
  parseDraft,
  readSaid,
  type Said,
} from './draft';
import { draftIntents } from './draft-intents';
import { notOnOfferIn, several } from './not-on-offer';
import { notOnMenu, orderOffer, type PizzaSpeech } from './pizza-speech';
import { afresh, after, ask, type Reply } from './reply';
import { saidIn } from './slots';
import { parseSpokenCode } from './spoken-code';
import type { StepUpIntents } from './step-up-intents';
import { whatToOrder } from './vocabulary';

type Services = ConversationServices<OrderTerms>;

/** There is no order that could be changed, but one could be placed. */
const noneWaits: readonly RefusalCode[] = [
  'nothing_pending',
  'order_cancelled',
  'order_expired',
  'order_refused',
];

/** What is about a pizza: ordering one, choosing its size and toppings, changing one that waits. */
export function pizzaIntents(
  speech: PizzaSpeech,
  stepUp: StepUpIntents<OrderTerms>,
  { codeLength, passwordless }: Pick<OrderServices, 'codeLength' | 'passwordless'>,
) {
  const { authorize, common, standing, goOn, insteadOf } = stepUp;
  const place = async (services: Services, turn: TurnRequest, pizza: Pizza): Promise<Reply> => {
    const order = { ...turn, pizza, via: 'voice' as const };
    return afresh(speech.placed(await placeOrder({ ...services, passwordless }, order)));
  };
  const change = async (services: Services, turn: TurnRequest, change: PizzaChange, orderId?: string) => {
    const order = { ...turn, change, orderId, via: 'voice' as const };
    return afresh(speech.placed(await changeOrder({ ...services, passwordless }, order)));
  };
  /** What waited cannot be changed: it has just been confirmed, or there is nothing any more that waits. */
  const whenGone =
    (services: Services, reply: () => Reply | Promise<Reply>) =>
    (error: unknown): Promise<Reply> =>
      Promise.reject(error)
        .catch(
          insteadOf(['order_already_confirmed'], ({ action }) =>
            isUnderWay(action, services.clock()) ? speech.tooLateToChange(action) : reply(),
          ),
        )
        .catch(insteadOf(noneWaits, reply));
  /** Orders the pizza, or changes to it the order that it is to take the place of, and no other one. */
  const fulfil = async (
    services: Services,
    turn: TurnRequest,
    pizza: Pizza,
    draft: Draft,
  ): Promise<Reply> => {
    const { changes, ...anew } = draft;
    if (changes === undefined) return place(services, turn, pizza);
    return change(services, turn, pizza, changes)
      .catch(insteadOf(['nothing_to_change'], ({ action }) => afresh(speech.statusAfterYes(action))))
      .catch(whenGone(services, () => speech.askForDraft(anew, speech.noneWaits)));
  };
  const orderOrAsk = async (services: Services, turn: TurnRequest, draft: Draft, said: Said) => {
    const pizza = completeDraft(draft);
    if (typeof pizza === 'string') return speech.unclear(draft, said);
    return after(notOnMenu(said), await fulfil(services, turn, pizza, draft));
  };

  /** Digits and nothing else are a code that Alexa took for a topping or a size; they must not order a second pizza. */
  const unlessCode =
    (intent: Intent<OrderTerms>): Intent<OrderTerms> =>
    async (services, exchange) => {
      const { Size, Toppings, More, Only, Without } = exchange.slots;
      const code = parseSpokenCode(
        [Size, Toppings, More, Only, Without].flatMap(saidIn).join(' '),
        codeLength,
      );
      return code ? authorize(services, exchange, code) : intent(services, exchange);
    };

  const getMeSomePizza: Intent<OrderTerms> = async (services, exchange) => {
    const turn = turnOf(services, exchange);
    const said = readSaid(exchange.slots);
    const earlier = parseDraft(exchange.draft) ?? emptyDraft;
    const notOnOffer = notOnOfferIn(exchange.slots);
    const continued = notOnOffer && isEmpty(said) ? earlier : continueDraft(earlier, said);
    // A whole order is not the change that was talked about before.
    const { changes: _, ...draft } = continued;
    return notOnOffer ? speech.instead(notOnOffer, draft) : orderOrAsk(services, turn, draft, said);
  };

  const nothingKnown = (services: Services, exchange: Exchange, said: Said) =>
    goOn(services, exchange, notOnMenu(said) || 'Sorry, I did not get that.');

  /** A few words that may mean a pizza: in a conversation about one they do, else they are asked about. */
  const partOfPizza = async (services: Services, exchange: Exchange, said: Said): Promise<Reply> => {
    const turn = turnOf(services, exchange);
    const earlier = parseDraft(exchange.draft);
    const draft = continueDraft(earlier ?? emptyDraft, said);
    // "Nothing" may be a no to what was offered.
    const isNone = said.extent === 'all' && said.size === undefined && said.toppings?.length === 0;
    if (earlier && exchange.offer === orderOffer && isNone) return speech.askForDraft(draft);
    if (earlier) return orderOrAsk(services, turn, draft, said);
    if (said.size === undefined && said.toppings === undefined) return nothingKnown(services, exchange, said);
    const { action } = await standing(services, exchange);
    const waits = action?.status === 'pending' && asSold(action.terms);
    if (action && waits) {
      const offer = await offerChange(services, exchange, action, changePizza(waits, changeOf(said)));
      return after(notOnMenu(said), offer);
    }
    // "Nothing", where one was asked what to order, is no order.
    const isChoiceAlone = said.size === undefined && said.extent === 'all';
    return (exchange.isFirst || isChoiceAlone) && draft.unclear.length === 0
      ? speech.askForDraft(draft)
      : orderOrAsk(services, turn, draft, said);
  };
  const offerChange = (services: Services, exchange: Exchange, action: Action<OrderTerms>, pizza: Pizza) =>
    describePizza(pizza) === describePizza(action.terms)
      ? common['AMAZON.RepeatIntent'](services, exchange)
      : speech.offerChange(action, pizza);

  const askWhatToChange = async (services: Services, exchange: Exchange) => {
    const { action } = await standing(services, exchange);
    return action && isUnderWay(action, services.clock())
      ? speech.tooLateToChange(action)
      : goOn(services, exchange, speech.howToChange);
  };

  const changeIt = async (services: Services, exchange: Exchange): Promise<Reply> => {
    const turn = turnOf(services, exchange);
    const said = readSaid(exchange.slots, true);
    const draft = parseDraft(exchange.draft);
    const notOnOffer = notOnOfferIn(exchange.slots);
    if (notOnOffer && draft) return speech.instead(notOnOffer, draft);
    if (notOnOffer) return goOn(services, exchange, notOnOffer.speech);
    if (draft && isEmpty(said)) return speech.askForDraft(draft, speech.howToChange);
    if (draft && Object.keys(changeOf(said)).length === 0)
      return speech.unclear(withUnclear(draft, said), said);
    if (draft) return orderOrAsk(services, turn, continueDraft(draft, said), said);
    if (isEmpty(said)) return askWhatToChange(services, exchange);
    if (Object.keys(changeOf(said)).length === 0) return nothingKnown(services, exchange, said);
    // Without what there is not, the rest may be worse than nothing: "ham instead of bacon".
    const isInstead = said.unknown.length > 0 && (said.without.length > 0 || said.extent === 'all');
    if (isInstead && (await standing(services, exchange)).action?.status === 'pending')
      return partOfPizza(services, exchange, said);
    return change(services, turn, changeOf(said))
      .then((reply) => after(notOnMenu(said), reply))
      .catch(insteadOf(['nothing_to_change'], () => goOn(services, exchange, speech.unchanged(said))))
      .catch(
        whenGone(services, () =>
          said.size === undefined && said.toppings === undefined
            ? ask(speech.noneWaits, whatToOrder)
            : partOfPizza(services, exchange, said),
        ),
      );
  };

  const usual: Intent<OrderTerms> = async (services, exchange) => {
    const turn = turnOf(services, exchange);
    const last = await lastConfirmed(services, turn.customerId, true);
    const { action, isYesAwaited } = await standing(services, exchange);
    const waits = action?.status === 'pending';
    const question = speech.questionAbout(action, isYesAwaited);
    // "Another pizza" beside the first one that a customer ever orders.
    if (!last) return ask(waits ? several.speech : 'You have not ordered here before.', question);
    const pizza = asSold(last.terms);
    if (!pizza) return ask('What you had last is no longer on our menu.', question);
    if (waits) return offerChange(services, exchange, action, pizza);
    return place(services, turn, pizza);
  };

  return {
    GetMeSomePizzaIntent: unlessCode(getMeSomePizza),
    SizeOrToppingsIntent: unlessCode((services, exchange) =>
      partOfPizza(services, exchange, readSaid(exchange.slots, isMoreSaid(exchange.slots))),
    ),
    ChangePizzaIntent: unlessCode(changeIt),
    UsualPizzaIntent: usual,
    ...draftIntents(speech, stepUp, fulfil),
  } satisfies Record<string, Intent<OrderTerms>>;
}

/** What was not understood of a change is asked for, and the rest stays. */
function withUnclear(draft: Draft, said: Said): Draft {
  return { ...draft, unclear: [...new Set([...draft.unclear, ...said.unclear])] };
}
