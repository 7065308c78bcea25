import { useCallback, useState } from 'preact/hooks';
import type { EchoId, HouseholdState, PersonId } from '../page-data';
import { Choice } from './choice';
import { ConversationLog } from './conversation-log';
import { aboutPeople, echoNames, echos, nameOf, people } from './names';
import { SayForm } from './say-form';
import { SessionState } from './session-state';
import type { Speech } from './speech';
import type { Conversations } from './use-conversations';

interface EchoViewProps {
  household: HouseholdState;
  talk: Conversations;
  left: Record<EchoId, number | undefined>;
  isClockOn: boolean;
  setHeardAt(echo: EchoId | undefined): void;
  ears: Speech['ears'];
}

/** The Echos of the household: where, who speaks, the conversation, and what to say next. */
export function EchoView({ household, talk, left, isClockOn, setHeardAt, ears }: EchoViewProps) {
  const [echo, setEcho] = useState<EchoId>('kitchen');
  const [person, setPerson] = useState<PersonId>('owner');
  const { customer, turns, listening } = household;
  const conversation = talk.conversations[echo];
  const say = (text: string) => void talk.say(echo, person, text);
  const onHeard = useCallback(
    (isHeard: boolean) => setHeardAt(isHeard ? echo : undefined),
    [echo, setHeardAt],
  );

  return (
    <section class="panel echo" aria-labelledby="echo-title">
      <div class="panel-head">
        <h2 id="echo-title">The Echo</h2>
        <SessionState isOpen={listening[echo]} leftMs={left[echo]} isClockOn={isClockOn} />
      </div>
      <div class="choices">
        <Choice
          legend="Which Echo"
          options={echos}
          chosen={echo}
          choose={(one) => setEcho(one)}
          label={(one) => echoNames[one]}
        />
        <Choice
          legend="Who speaks"
          options={people}
          chosen={person}
          choose={(one) => setPerson(one)}
          label={(one) => nameOf(one, customer)}
          about={aboutPeople}
        />
      </div>
      <ConversationLog
        turns={turns.filter((turn) => turn.echo === echo)}
        customer={customer}
        invocationName={household.invocationName}
        reprompted={talk.reprompted}
        asking={conversation.asking}
        fault={conversation.fault}
      />
      <SayForm
        say={say}
        isBusy={conversation.asking !== undefined}
        ears={ears}
        onHeard={onHeard}
        suggestions={suggestionsFor(household, listening[echo])}
      />
    </section>
  );
}

function suggestionsFor(household: HouseholdState, isOpen: boolean): readonly string[] {
  const { customer, invocationName, suggestions, turns, board } = household;
  const open = `open ${invocationName}`;
  if (!customer) return [open];
  const newest = turns.at(-1);
  if (isOpen && newest?.speech.includes('Shall I')) return ['yes', 'no'];
  const isWaiting = board.some(
    ({ status, customerId }) => customerId === customer.id && status === 'pending',
  );
  if (isWaiting) return suggestions.waiting;
  const isNew = turns.every(({ text }) => text === '' || text === open);
  if (isNew) return isOpen ? suggestions.first : [open, ...suggestions.first];
  return [...suggestions.first.slice(0, 1), ...suggestions.after, 'help'];
}
