import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Me } from '../page-data';
import { codeOf, getJson } from './api';

export type Session =
  | { state: 'loading' | 'signed-out' | 'expired' }
  | { state: 'away'; code: string }
  | { state: 'signed-in'; me: Me };

/** Who is signed in. `report` takes any problem of a later request, and tells whether it ended the session. */
export function useSession() {
  const [session, setSession] = useState<Session>({ state: 'loading' });

  const load = useCallback(async () => {
    setSession((before) => (before.state === 'signed-in' ? before : { state: 'loading' }));
    try {
      const { body: me } = await getJson<Me | null>('me');
      setSession(me ? { state: 'signed-in', me } : { state: 'signed-out' });
    } catch (error) {
      setSession({ state: 'away', code: codeOf(error) });
    }
  }, []);

  const report = useCallback((problem: unknown): boolean => {
    const ended = codeOf(problem) === 'invalid_token';
    if (ended) setSession({ state: 'expired' });
    return ended;
  }, []);

  useEffect(() => void load(), [load]);
  return { session, load, report };
}
