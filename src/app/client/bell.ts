import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

const key = 'pod.sound';

/**
 * A sound that calls, once it was switched on in this browser. Browsers let a page sound only after a gesture, so that after a
 * reload it waits for one.
 */
export function useBell() {
  const [on, setOn] = useState(() => localStorage.getItem(key) === 'on');
  const [ready, setReady] = useState(false);
  const audio = useRef<AudioContext>(undefined);

  const wake = useCallback(async () => {
    audio.current ??= new AudioContext();
    await audio.current.resume();
    setReady(audio.current.state === 'running');
  }, []);

  useEffect(() => {
    if (!on) return;
    const gestures = ['pointerup', 'keydown'] as const;
    const onGesture = () => void wake();
    for (const gesture of gestures) addEventListener(gesture, onGesture, { once: true });
    return () => {
      for (const gesture of gestures) removeEventListener(gesture, onGesture);
    };
  }, [on, wake]);

  const ring = useCallback(() => {
    if (on && audio.current?.state === 'running') play(audio.current);
  }, [on]);

  async function toggle(): Promise<void> {
    localStorage.setItem(key, on ? 'off' : 'on');
    setOn(!on);
    if (on) return;
    await wake();
    if (audio.current) play(audio.current);
  }

  return { on, ready, ring, toggle };
}

/** Two tones, like a counter's bell. */
function play(audio: AudioContext): void {
  for (const [index, frequency] of [880, 1175].entries()) {
    const at = audio.currentTime + index * 0.18;
    const tone = new OscillatorNode(audio, { frequency });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0.35, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.75);
  }
}
