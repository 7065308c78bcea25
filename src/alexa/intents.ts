import { cancelOrder } from '../orders/cancel-order';
import { confirmOrder } from '../orders/confirm-order';
import type { CustomerId } from '../orders/order';
import { placeOrder } from '../orders/place-order';
import { latestOrder } from '../orders/read-orders';
import { resendCode } from '../orders/resend-code';
import type { OrderServices, TurnRequest } from '../orders/turn';
import type { Services } from '../services';
import { completeDraft, continueDraft, type Draft } from './draft';
import type { Reply } from './reply';
import { type Slots, saidIn } from './slots';
import {
  codeResent,
  fallback,
  goodbye,
  help,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderStatus,
  refusals,
  welcome,
  welcomeBack,
} from './speech';
import { parseSpokenCode } from './spoken-code';

export type ConversationServices = OrderServices & Pick<Services, 'accessTokens'>;

/** What one turn of the conversation has to go by. Nothing in it but the access token says who the customer is. */
export interface VoiceTurn {
  /** Alexa's own: a request that is delivered again gets the same answer. */
  requestId: string;
  accessToken: string | undefined;
  slots: Slots;
  draft: Draft;
  signal: AbortSignal;
}

/** @throws Refusal, as the use case does, and `invalid_token` when the account must be linked (again) */
export type Intent = (services: ConversationServices, turn: VoiceTurn) => Promise<Reply>;

/** "Alexa, open Pizza on Demand". */
export const launch: Intent = async (services, turn) => {
  const order = await latestOrder(services, customerOf(services, turn));
  return order?.status === 'pending' ? welcomeBack(order) : welcome;
};

const getMeSomePizza: Intent = async (services, turn) => {
  const said = [turn.slots.Size, turn.slots.Toppings].flatMap(saidIn);
  // Digits and nothing else are a code that Alexa took for a topping or a size; they must not order a second pizza.
  const code = parseSpokenCode(said.join(' '));
  if (code) return authorize(services, turn, code);

  const request = turnOf(services, turn);
  const draft = continueDraft(turn.draft, turn.slots);
  const pizza = completeDraft(draft);
  if (typeof pizza === 'string') return { ...refusals[pizza]({}), draft };
  return orderPlaced(await placeOrder(services, { ...request, pizza, via: 'voice' }));
};

const authorizePizzaOrder: Intent = (services, turn) =>
  authorize(services, turn, parseSpokenCode(saidIn(turn.slots.Code).join(' ')));

const resend: Intent = async (services, turn) =>
  codeResent(await resendCode(services, turnOf(services, turn)));

const status: Intent = async (services, turn) =>
  orderStatus(await latestOrder(services, customerOf(services, turn)));

const cancel: Intent = async (services, turn) =>
  orderCancelled(await cancelOrder(services, { ...turnOf(services, turn), by: 'customer' }));

const leave: Intent = async () => goodbye;

/** The skill's intents, by the names of IntentSchema.json (a test compares). No other name is ever acted on. */
export const intents = {
  GetMeSomePizzaIntent: getMeSomePizza,
  AuthorizePizzaOrderIntent: authorizePizzaOrder,
  ResendCodeIntent: resend,
  OrderStatusIntent: status,
  CancelOrderIntent: cancel,
  'AMAZON.HelpIntent': async () => help,
  'AMAZON.StopIntent': leave,
  'AMAZON.CancelIntent': leave,
  'AMAZON.NavigateHomeIntent': leave,
  'AMAZON.FallbackIntent': async () => fallback,
} satisfies Record<string, Intent>;

async function authorize(
  services: ConversationServices,
  turn: VoiceTurn,
  code: string | undefined,
): Promise<Reply> {
  return orderConfirmed(await confirmOrder(services, { ...turnOf(services, turn), code }));
}

function turnOf(services: ConversationServices, turn: VoiceTurn): TurnRequest {
  const { requestId, signal } = turn;
  return { customerId: customerOf(services, turn), requestId: `alexa:${requestId}`, signal };
}

function customerOf({ accessTokens }: ConversationServices, { accessToken }: VoiceTurn): CustomerId {
  return accessTokens.verify(accessToken).customerId;
}
