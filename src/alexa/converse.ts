import { recordRefused } from '../http/refused';
import { type Action, isUuid } from '../step-up/action';
import { refuseIfLocked } from '../step-up/limits';
import { isRecorded } from '../step-up/record-outcome';
import { Refusal } from '../step-up/refusal';
import {
  type Conversation,
  type ConversationServices,
  type Exchange,
  type Intent,
  turnOf,
} from './conversation';
import { sayRefusal } from './refusal-speech';
import { after, type Reply } from './reply';

/** Takes one intent in one exchange, and gives what is said of it: refusals and the lock in words, and news. */
export function createConverse<Terms>(
  services: ConversationServices<Terms>,
  { approved, refusals }: Conversation<Terms>['speech'],
) {
  async function answer(intent: Intent<Terms>, exchange: Exchange, unlockPage?: string): Promise<Reply> {
    const record = (error: Refusal) =>
      recordRefused(services, { door: 'alexa', outcome: error.code, request: exchange, error });
    let refusal: Refusal | undefined;
    const reply = await intent(services, exchange).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      refusal = error;
      if (!isRecorded(error)) record(error);
      return sayRefusal(refusals, error, unlockPage);
    });
    if (reply.question === undefined && !refusal) return reply;
    // Whoever is locked hears of it in place of any question and any other refusal: nothing else leads anywhere.
    const locked = reply.isPastLock ? undefined : await lockOf(services, exchange);
    if (locked && !refusal) record(locked);
    if (locked) return sayRefusal(refusals, locked, unlockPage);
    // A question asked in between keeps what was understood so far.
    return reply.question === undefined ? reply : { draft: exchange.draft, ...reply };
  }

  return async (intent: Intent<Terms>, exchange: Exchange, unlockPage?: string): Promise<Reply> => {
    const reply = await answer(intent, exchange, unlockPage);
    const { awaits } = exchange;
    if (!isUuid(awaits) || reply.awaits === awaits) return reply;
    // What this conversation waited for may have been confirmed where it did not hear of it.
    const action = await awaitedBy(services, exchange, awaits);
    const news = action && approved(action);
    if (news) return after(reply.speech.includes(news) ? '' : news, reply);
    return reply.question === undefined ? reply : { awaits, ...reply };
  };
}

/** That the linked customer is locked; undefined when not, when nobody is linked, and when the store does not say. */
async function lockOf<Terms>(
  services: ConversationServices<Terms>,
  exchange: Exchange,
): Promise<Refusal | undefined> {
  try {
    const { customer } = await services.store.read(turnOf(services, exchange).customerId);
    refuseIfLocked(customer, services.clock());
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'ordering_locked' ? error : undefined;
  }
}

/** The customer's order of that id; undefined when it is nobody's or another's, and when the store does not say. */
async function awaitedBy<Terms>(
  services: ConversationServices<Terms>,
  exchange: Exchange,
  id: string,
): Promise<Action<Terms> | undefined> {
  try {
    const { customerId } = turnOf(services, exchange);
    const action = await services.store.find(id);
    return action?.customerId === customerId ? action : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
