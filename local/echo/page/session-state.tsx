interface SessionStateProps {
  isOpen: boolean;
  /** Until Alexa asks again or gives up, in milliseconds; undefined where no clock goes. */
  leftMs: number | undefined;
  isClockOn: boolean;
}

/** Whether Alexa listens, and for how long. */
export function SessionState({ isOpen, leftMs, isClockOn }: SessionStateProps) {
  if (!isOpen) return <p class="session">No session: what you say next begins one</p>;
  if (leftMs === undefined) return <p class="session open">Session open</p>;
  return (
    <p class="session open" role="timer" aria-live="off">
      {isClockOn ? `Listening, ${Math.ceil(leftMs / 1000)} s` : 'Listening, clock stopped'}
      <progress max={8000} value={leftMs} aria-label="Time to answer" />
    </p>
  );
}
