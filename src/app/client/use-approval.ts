import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Approval } from '../page-data';
import { getJson, Problem, post } from './api';

const lookEveryMs = 3_000;

/** What the page shows of the order that waits. */
interface ApprovalView {
  approval?: Approval;
  /** Another order has taken the place of the one that is shown: it is shown when the reader asks for it, or acts. */
  newer?: Approval;
  /** What was tried last went wrong, by the code of the problem. */
  problem?: string;
}

/**
 * The reader's order that waits. What it shows stays until the reader has acted, so that nobody approves what has just
 * come under their finger.
 * @param report takes a problem, and tells whether it ended the session
 */
export function useApproval(report: (problem: unknown) => boolean) {
  const [view, setView] = useState<ApprovalView>({});
  const [busy, setBusy] = useState(false);
  const etag = useRef<string>(undefined);

  const fail = useCallback(
    (error: unknown) => {
      if (report(error)) return;
      const problem = error instanceof Problem ? error.code : 'unreachable';
      setView((before) => ({ ...before, problem }));
    },
    [report],
  );

  /** Reads what is so now, and shows it. */
  const show = useCallback(
    async (problem?: string) => {
      try {
        const { body, etag: read } = await getJson<Approval>('approval');
        etag.current = read;
        setView({ approval: body, problem });
      } catch (error) {
        fail(error);
      }
    },
    [fail],
  );

  const look = useCallback(async () => {
    if (document.hidden) return;
    const { body, etag: read } = await getJson<Approval>('approval', etag.current);
    etag.current = read;
    if (body) setView((before) => follow(before, body));
  }, []);

  useEffect(() => {
    void show();
    // An answer that was missed is asked for again: only what the reader does fails loudly.
    const again = () => void look().catch(report);
    const timer = setInterval(again, lookEveryMs);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [show, look, report]);

  /** Does something about the order that is shown. Gives whether it was done; what is so then is shown. */
  const act = useCallback(
    async (what: 'approve' | 'disown' | 'authorize' | 'code', body?: object): Promise<boolean> => {
      const id = view.approval?.order?.id;
      if (id === undefined) return false;
      setBusy(true);
      try {
        await post(`approval/${id}/${what}`, body);
        await show();
        return true;
      } catch (error) {
        if (report(error)) return false;
        await show(error instanceof Problem ? error.code : 'unreachable');
        return false;
      } finally {
        setBusy(false);
      }
    },
    [view.approval, show, report],
  );

  return { ...view, busy, act, show };
}

function follow(before: ApprovalView, approval: Approval): ApprovalView {
  const shown = before.approval?.order;
  const isAnother = shown?.status === 'pending' && shown.id !== approval.order?.id;
  return isAnother ? { ...before, newer: approval } : { ...before, approval };
}
