import { useEffect, useState } from 'preact/hooks';
import { serverNow } from './api';

/** English words, with 12 or 24 hours as the browser has it. */
const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
const exact = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  hourCycle,
});
const timeOfDay = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit', hourCycle });
const dayAndTime = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hourCycle,
});

/** Now by the server's clock, again and again. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A time of day, with its date where it was not today, and the exact time as its title. */
export function Clock({ at, now = serverNow() }: { at: number; now?: number }) {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return <Exact at={at}>{isToday ? sayTime(at) : dayAndTime.format(at)}</Exact>;
}

function Exact({ at, children }: { at: number; children: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exact.format(at)}>
      {children}
    </time>
  );
}

/** What is left until `at`, as minutes and seconds. */
export function sayRemaining(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time of day. */
export function sayTime(at: number): string {
  return timeOfDay.format(at);
}
