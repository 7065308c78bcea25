import { useEffect, useRef, useState } from 'preact/hooks';
import type { EchoId, HouseholdState, Turn } from '../page-data';
import { AttackDrawer } from './attack-drawer';
import { BoardView } from './board-view';
import { EchoView } from './echo-view';
import { PhoneView } from './phone-view';
import { Simulator } from './simulator';
import type { Speech } from './speech';
import { Switch } from './switch';
import { useConversations } from './use-conversations';
import { useHousehold } from './use-household';
import { useSessionClock } from './use-session-clock';

export function App({ speech }: { speech: Speech }) {
  const { household, fault, look } = useHousehold();
  const [isVoiceOn, setVoiceOn] = useState(true);
  const [isClockOn, setClockOn] = useState(true);
  const voice = isVoiceOn ? speech.voice : undefined;
  const talk = useConversations(voice, look);
  /** Where somebody is typing or speaking: Alexa waits until they have done. */
  const [heardAt, setHeardAt] = useState<EchoId>();

  const clockAt = (echo: EchoId) => ({
    turn: openTurn(household, echo, talk.conversations[echo].turn),
    isRunning: isClockOn && !talk.isSpeaking && heardAt !== echo,
    onReprompt: talk.onReprompt,
    onSilence: talk.onSilence,
  });
  const left = {
    kitchen: useSessionClock(clockAt('kitchen')),
    'living-room': useSessionClock(clockAt('living-room')),
  };

  return (
    <>
      <header class="bar">
        <div class="wide">
          <h1 class="brand">
            <span>Pizza on Demand, at home</span>
          </h1>
          <nav aria-label="Elsewhere">
            {household && <a href={household.officeUrl}>Back office</a>}
            {household && <a href={household.inboxUrl}>Inbox of everybody</a>}
          </nav>
          <div class="switches">
            {speech.voice && (
              <Switch checked={isVoiceOn} onChange={setVoiceOn}>
                Voice
              </Switch>
            )}
            <Switch checked={isClockOn} onChange={setClockOn}>
              Session clock
            </Switch>
          </div>
        </div>
      </header>
      <main class="wide">
        {fault && (
          <p role="alert" class="fault">
            {fault}
          </p>
        )}
        <LinkingNews turns={household?.turns} />
        {household && (
          <>
            <div class="side-by-side">
              <EchoView {...{ household, talk, left, isClockOn, setHeardAt, ears: speech.ears }} />
              <PhoneView household={household} look={look} />
              <BoardView board={household.board} />
            </div>
            <Simulator turns={household.turns} />
            <AttackDrawer />
          </>
        )}
      </main>
    </>
  );
}

/** The turn that the session waits after, if this page made it: a conversation from a terminal has no clock. */
function openTurn(
  household: HouseholdState | undefined,
  echo: EchoId,
  turn: Turn | undefined,
): Turn | undefined {
  const newest = household?.turns.filter((one) => one.echo === echo).at(-1);
  return turn && household?.listening[echo] && newest?.id === turn.id ? turn : undefined;
}

/** What came of the tenant's login page, until something is said. The address says so once. */
function LinkingNews({ turns }: { turns: readonly Turn[] | undefined }) {
  const [news] = useState(location.hash);
  const before = useRef<number>(undefined);
  useEffect(() => history.replaceState(null, '', location.pathname), []);
  before.current ??= turns?.length;
  if (turns && turns.length !== before.current) return null;
  if (news === '#linked') return <p role="status">The account is linked. Now order something.</p>;
  if (news !== '#not-linked') return null;
  return (
    <p role="alert" class="fault">
      The account was not linked: the tenant refused. Try again.
    </p>
  );
}
