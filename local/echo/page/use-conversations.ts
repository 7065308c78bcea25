import { useCallback, useEffect, useState } from 'preact/hooks';
import type { EchoId, PersonId, Turn } from '../page-data';
import { Fault, post } from './api';
import type { Speech } from './speech';

/** What is going on at one Echo, as this page knows it. */
interface Conversation {
  /** What is being said, until it is answered. */
  asking?: { person: PersonId; text: string };
  /** What was answered last to this page. */
  turn?: Turn;
  fault?: string;
}

const quiet: Record<EchoId, Conversation> = { kitchen: {}, 'living-room': {} };

/**
 * Speaks with both Echos for this page.
 * @param look reads the household again
 */
export function useConversations(voice: Speech['voice'], look: () => Promise<void>) {
  const [conversations, setConversations] = useState(quiet);
  const [isSpeaking, setSpeaking] = useState(false);
  /** The turns after which Alexa asked again. */
  const [reprompted, setReprompted] = useState<ReadonlySet<string>>(new Set());

  const set = useCallback((echo: EchoId, conversation: Conversation) => {
    setConversations((before) => ({ ...before, [echo]: conversation }));
  }, []);

  const speak = useCallback(
    async (text: string) => {
      if (!voice || !text) return;
      setSpeaking(true);
      await voice.say(text);
      setSpeaking(false);
    },
    [voice],
  );

  useEffect(() => {
    // Whoever switches the voice off does not want to hear the rest.
    return () => voice?.hush();
  }, [voice]);

  const say = useCallback(
    async (echo: EchoId, person: PersonId, text: string) => {
      voice?.hush();
      set(echo, { asking: { person, text } });
      try {
        const turn = await post<Turn>(`echos/${echo}/utterances`, { text, person });
        await look();
        set(echo, { turn });
        await speak(turn.speech);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        set(echo, { fault: error.message });
      }
    },
    [look, set, speak, voice],
  );

  const onReprompt = useCallback(
    ({ id, reprompt = '' }: Turn) => {
      setReprompted((before) => new Set([...before, id]));
      void speak(reprompt);
    },
    [speak],
  );

  const onSilence = useCallback(
    async ({ id, echo }: Turn) => {
      try {
        await post(`echos/${echo}/silence`, { after: id });
        await look();
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        set(echo, { fault: error.message });
      }
    },
    [look, set],
  );

  return { conversations, isSpeaking, reprompted, say, onReprompt, onSilence };
}

export type Conversations = ReturnType<typeof useConversations>;
