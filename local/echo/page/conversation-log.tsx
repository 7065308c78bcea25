import { useEffect, useRef } from 'preact/hooks';
import type { LinkedCustomer, PersonId, Turn } from '../page-data';
import { nameOf } from './names';

interface ConversationLogProps {
  /** At this Echo, oldest first. */
  turns: readonly Turn[];
  customer: LinkedCustomer | undefined;
  invocationName: string;
  reprompted: ReadonlySet<string>;
  asking: { person: PersonId; text: string } | undefined;
  fault: string | undefined;
}

/** What was said at an Echo. */
export function ConversationLog(props: ConversationLogProps) {
  const { turns, customer, invocationName, reprompted, asking, fault } = props;
  const log = useRef<HTMLDivElement>(null);
  const length = turns.length + (asking ? 1 : 0) + reprompted.size;
  useEffect(() => {
    if (length > 0) log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [length]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div class="log" role="log" aria-label="Conversation" tabIndex={0} ref={log}>
      {length === 0 && (
        <p class="empty">
          Nobody has said anything yet. Say “open {invocationName}”, by voice or by typing. Alexa has a card
          put on the phone, which links your account.
        </p>
      )}
      {turns.map((turn) => (
        <TurnItem key={turn.id} turn={turn} customer={customer} isReprompted={reprompted.has(turn.id)} />
      ))}
      {asking && (
        <>
          <Said by={nameOf(asking.person, customer)} person={asking.person} text={asking.text} />
          <p class="bubble alexa" aria-busy="true">
            <span class="hidden">Alexa thinks</span>
          </p>
        </>
      )}
      {fault && (
        <p role="alert" class="fault">
          {fault}
        </p>
      )}
    </div>
  );
}

interface TurnItemProps {
  turn: Turn;
  customer: LinkedCustomer | undefined;
  isReprompted: boolean;
}

function TurnItem({ turn, customer, isReprompted }: TurnItemProps) {
  const { person, text, speech, reprompt, isListening, response, unmatched } = turn;
  return (
    <>
      {person && <Said by={nameOf(person, customer)} person={person} text={text} />}
      {speech && <p class="bubble alexa">{speech}</p>}
      {response.status !== 200 && <p class="aside">POD answered with status {response.status}.</p>}
      {unmatched && <p class="aside">No phrase of the skill fits. {unmatched}</p>}
      {isReprompted && <p class="bubble alexa again">{reprompt}</p>}
      {!isListening && <p class="aside end">{person ? 'Session ended' : 'Nobody answered. Session ended'}</p>}
    </>
  );
}

function Said({ by, person, text }: { by: string; person: PersonId; text: string }) {
  return (
    <p class={`bubble said ${person}`}>
      <span class="by">{by}</span>
      {text}
    </p>
  );
}
