import { type DoorCounts, noteSender } from '../http/refused';
import type { AccessTokens } from '../step-up/customer';
import type { StepUpServices } from '../step-up/outside';
import type { TurnRequest } from '../step-up/turn';
import type { Reply } from './reply';
import type { Slots } from './slots';
import type { StepUpSpeech } from './step-up-speech';

/** What a skill does with each intent, and how it says no. The door is the same for every skill. */
export interface Conversation<Terms> {
  /** "Alexa, open Pizza on Demand". */
  launch: Intent<Terms>;
  /** By the names of IntentSchema.json. No other name is ever acted on: it is a fallback. */
  intents: Readonly<Record<string, Intent<Terms>>> & { 'AMAZON.FallbackIntent': Intent<Terms> };
  speech: Pick<StepUpSpeech<Terms>, 'refusals' | 'denied' | 'apology' | 'tookTooLong' | 'approved'>;
  /** Where a locked customer unlocks ordering, as a link from the door: the card names it. */
  unlockPage?: string;
}

/** @throws Refusal, as the use case does, and `invalid_token` when the account must be linked (again) */
export type Intent<Terms> = (services: ConversationServices<Terms>, exchange: Exchange) => Promise<Reply>;

export type ConversationServices<Terms> = StepUpServices<Terms> & {
  accessTokens: AccessTokens;
  counts?: DoorCounts;
};

/** What a skill has to go by in one exchange. Nothing in it but the access token says who the customer is. */
export interface Exchange {
  /** Alexa's own: a request that is delivered again gets the same answer. */
  requestId: string;
  accessToken: string | undefined;
  slots: Slots;
  /** Where a yes would be said: this session on this device. */
  conversation: string | undefined;
  /** Whether nothing was said in this session before. */
  isFirst: boolean;
  /** As the last question kept it, if the session attributes were left alone: parse it. */
  draft: unknown;
  /** The order that waited for its code when the last question was asked, in the same way. */
  awaits: unknown;
  /** What a yes to the last question means, in the same way. */
  offer: unknown;
  signal: AbortSignal;
}

/** The exchange as a turn of the step-up. @throws Refusal `invalid_token` */
export function turnOf({ accessTokens }: { accessTokens: AccessTokens }, exchange: Exchange): TurnRequest {
  const { requestId, accessToken, signal } = exchange;
  const { customerId } = accessTokens.verify(accessToken);
  noteSender(exchange, { as: 'customer', customerId });
  return { customerId, requestId: `alexa:${requestId}`, signal };
}
