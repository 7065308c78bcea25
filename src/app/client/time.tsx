import { useEffect, useState } from 'preact/hooks';
import { serverNow } from './api';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const dayMs = 24 * 3_600_000;

/** Now by the server's clock, again and again. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A moment as people say it, with the exact time as its title. */
export function Moment({ at, now }: { at: number; now: number }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {sayAge(at, now)}
    </time>
  );
}

function sayAge(at: number, now: number): string {
  const ageMs = Math.max(0, now - at);
  if (ageMs < 45_000) return 'just now';
  if (ageMs < 3_600_000) return relative.format(-Math.round(ageMs / 60_000), 'minute');
  if (ageMs < dayMs) return relative.format(-Math.round(ageMs / 3_600_000), 'hour');
  return relative.format(-Math.round(ageMs / dayMs), 'day');
}

/** What is left until `at`, as minutes and seconds. */
export function sayRemaining(at: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((at - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time of day, for what happened today. */
export function sayTime(at: number): string {
  return new Date(at).toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });
}
