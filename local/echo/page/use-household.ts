import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { HouseholdState } from '../page-data';
import { Fault, getJson } from './api';

const lookEveryMs = 700;

/** All that the page shows, kept up to date while it is in view; and what went wrong, while the Echo is away. */
export function useHousehold() {
  const [household, setHousehold] = useState<HouseholdState>();
  const [fault, setFault] = useState<string>();
  const etag = useRef<string | undefined>(undefined);

  const look = useCallback(async () => {
    try {
      const answer = await getJson<HouseholdState>('household', etag.current);
      etag.current = answer.etag;
      if (answer.body) setHousehold(answer.body);
      setFault(undefined);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error.message);
    }
  }, []);

  useEffect(() => {
    let timer = 0;
    let stopped = false;
    const keepLooking = async () => {
      if (!document.hidden) await look();
      if (!stopped) timer = window.setTimeout(keepLooking, lookEveryMs);
    };
    const lookNow = () => {
      if (!document.hidden) void look();
    };
    void keepLooking();
    document.addEventListener('visibilitychange', lookNow);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookNow);
    };
  }, [look]);

  return { household, fault, look };
}
