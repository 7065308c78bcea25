import { isUnderWay, type OrderTerms } from '../orders/pizza-order';
import type { ConversationServices, Exchange, Intent } from './conversation';
import { continueDraft, emptyDraft, isEmpty, parseDraft, pizzaOf, readSaid } from './draft';
import { toppingsIn } from './menu-slots';
import { notOnOfferIn, sayable } from './not-on-offer';
import type { PizzaSpeech } from './pizza-speech';
import { pizzeriaSpeech as says } from './pizzeria-speech';
import { type Reply, tell } from './reply';
import { nameOf, type Slots, valuesOf } from './slots';
import type { StepUpIntents } from './step-up-intents';

type Services = ConversationServices<OrderTerms>;

/** What people ask a pizzeria besides ordering. None of it changes anything, and the conversation goes on where it was. */
export function pizzeriaIntents(
  speech: PizzaSpeech,
  { standing, standingIfKnown, goOn }: StepUpIntents<OrderTerms>,
) {
  /** What "it" is, of which something is asked: the draft that is talked about, else the order that waits or is under way. */
  const meant = async (services: Services, exchange: Exchange) => {
    const { action, isYesAwaited } = await standingIfKnown(services, exchange);
    const draft = isYesAwaited ? undefined : parseDraft(exchange.draft);
    if (draft || !action) return { draft };
    const isConfirmed = isUnderWay(action, services.clock());
    return { bill: action.status === 'pending' || isConfirmed ? action.terms.bill : undefined, isConfirmed };
  };
  /** Answers, and asks again what was asked before: about the draft, for the code, or what to order. */
  const answer = async (services: Services, exchange: Exchange, statement: string): Promise<Reply> => {
    const draft = parseDraft(exchange.draft);
    if (!draft) return goOn(services, exchange, statement);
    const { isYesAwaited } = await standingIfKnown(services, exchange);
    return isYesAwaited ? goOn(services, exchange, statement) : speech.askForDraft(draft, statement);
  };
  const answering =
    (statement: (exchange: Exchange) => string): Intent<OrderTerms> =>
    (services, exchange) =>
      answer(services, exchange, statement(exchange));

  return {
    MenuIntent: answering(({ slots }) => sayMenu(slots)),
    async PriceIntent(services, exchange) {
      const said = readSaid(exchange.slots);
      const { draft, bill, isConfirmed } = await meant(services, exchange);
      const asked = isEmpty(said) ? draft : continueDraft(emptyDraft, said);
      if (asked?.unclear.length === 0) return answer(services, exchange, says.priceOf(pizzaOf(asked)));
      if (!bill || !isEmpty(said)) return answer(services, exchange, says.prices);
      return isConfirmed ? tell(says.total(bill)) : answer(services, exchange, says.total(bill));
    },
    PricesIntent: answering(() => says.prices),
    async DeliveryIntent(services, exchange) {
      const { bill, isConfirmed } = await meant(services, exchange);
      if (bill && isConfirmed) return tell(says.confirmed(bill));
      return answer(services, exchange, bill ? says.onceConfirmed(bill) : says.whereWeAre);
    },
    AboutDeliveryIntent: answering(() => says.whereWeAre),
    PaymentIntent: answering(() => says.payment),
    CannotIntent: answering(({ slots }) => notOnOfferIn(slots)?.speech ?? says.oneNow),
    async ThanksIntent(services, exchange) {
      const { action } = await standingIfKnown(services, exchange);
      const isOver = action?.status !== 'pending' && !parseDraft(exchange.draft);
      return isOver ? tell(says.welcome) : answer(services, exchange, says.welcome);
    },
    async WhoAmIIntent(services, exchange) {
      const { action } = await standing(services, exchange);
      const { delivery } = action ?? {};
      return answer(
        services,
        exchange,
        delivery ? `${says.linked} ${speech.codesGo(delivery)}` : says.linked,
      );
    },
    CallUsIntent: async () => tell(says.callUs),
    ProfileIntent: answering(() => says.page),
  } satisfies Record<string, Intent<OrderTerms>>;
}

function sayMenu(slots: Slots): string {
  const notOnOffer = notOnOfferIn(slots);
  if (notOnOffer) return notOnOffer.speech;
  const { known, unknown } = toppingsIn(slots.Toppings);
  const name = sayable(unknown);
  if (name) return says.weHaveNo(name);
  if (known.length > 0 && unknown.length === 0) return says.weHave(known);
  const [part] = valuesOf(slots.Part).map(nameOf);
  if (part === 'Toppings' || unknown.length > 0) return says.menuOfToppings;
  return part === 'Sizes' || valuesOf(slots.Size).length > 0 ? says.menuOfSizes : says.menu;
}
