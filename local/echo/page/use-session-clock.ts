import { useEffect, useState } from 'preact/hooks';
import type { Turn } from '../page-data';

/** How long Alexa listens before she asks again, and after that before she gives up. */
const patienceMs = 8_000;
const tickMs = 250;

interface SessionClock {
  /** What was answered last at this Echo; the clock begins anew with each. */
  turn?: Turn;
  /** Whether the clock goes: nobody is speaking or typing, and it was not stopped. */
  isRunning: boolean;
  onReprompt(turn: Turn): void;
  onSilence(turn: Turn): void;
}

interface Waiting {
  turnId?: string;
  leftMs: number;
  for: 'reprompt' | 'silence' | 'nothing';
}

/**
 * The time that Alexa gives her customer: eight seconds, the reprompt if the skill gave one, eight more, and the session
 * is over.
 * @returns what is left until the next of these, in milliseconds; undefined while no session waits
 */
export function useSessionClock({
  turn,
  isRunning,
  onReprompt,
  onSilence,
}: SessionClock): number | undefined {
  const [waiting, setWaiting] = useState<Waiting>({ leftMs: patienceMs, for: 'nothing' });
  const turnId = turn?.id;
  const isWaiting = turnId !== undefined && waiting.turnId === turnId && waiting.for !== 'nothing';

  useEffect(() => {
    const next = turn?.reprompt ? 'reprompt' : 'silence';
    setWaiting({ turnId, leftMs: patienceMs, for: turn?.isListening ? next : 'nothing' });
  }, [turn, turnId]);

  useEffect(() => {
    if (!isWaiting || !isRunning) return;
    let before = performance.now();
    const timer = setInterval(() => {
      const passed = performance.now() - before;
      before += passed;
      setWaiting((waiting) => ({ ...waiting, leftMs: Math.max(0, waiting.leftMs - passed) }));
    }, tickMs);
    return () => clearInterval(timer);
  }, [isWaiting, isRunning]);

  useEffect(() => {
    if (!turn || !isWaiting || waiting.leftMs > 0) return;
    if (waiting.for === 'reprompt') {
      setWaiting({ turnId, leftMs: patienceMs, for: 'silence' });
      onReprompt(turn);
    } else {
      setWaiting({ turnId, leftMs: 0, for: 'nothing' });
      onSilence(turn);
    }
  }, [turn, turnId, isWaiting, waiting, onReprompt, onSilence]);

  return isWaiting ? waiting.leftMs : undefined;
}
