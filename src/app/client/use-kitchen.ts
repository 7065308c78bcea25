import { useEffect, useRef, useState } from 'preact/hooks';
import type { BoardOrder, Kitchen } from '../page-data';
import { codeOf, getJson, post } from './api';
import { type Report, useLive } from './use-live';

/** An order as it hangs in the kitchen: what has left stays in its place until the reader asks for the news. */
export interface Ticket {
  order: BoardOrder;
  /** `done`: finished here; `left`: finished or cancelled elsewhere, as the order then says. */
  state: 'open' | 'done' | 'left';
}

const firstEnd = ({ waiting }: Kitchen) =>
  Math.min(...waiting.map(({ expiresAt }) => (expiresAt ?? Number.POSITIVE_INFINITY) + 500));

/**
 * The kitchen's orders, and what is done about them. The list changes when the reader asks for it, and by itself only while there
 * is nothing in it to press.
 * @param onNew is called with how many orders came that were never seen
 */
export function useKitchen(push: boolean, report: Report, onNew: () => void) {
  const live = useLive<Kitchen>('orders/kitchen', push, report, firstEnd);
  const { data, look } = live;
  const [shown, setShown] = useState<BoardOrder[]>();
  /** What was finished here, the newest last. */
  const [done, setDone] = useState<readonly string[]>([]);
  /** What is on its way to the server: it shows as if it had arrived. */
  const [sent, setSent] = useState<ReadonlyMap<string, Change>>(new Map());
  const [left, setLeft] = useState<ReadonlyMap<string, BoardOrder>>(new Map());
  const [problem, setProblem] = useState<{ id: string; code: string }>();
  const known = useRef<Set<string>>(undefined);

  const toDo = new Map(data?.toDo.map((order) => [order.id, order]));
  const isToDo = (id: string) => (sent.get(id) ?? (toDo.has(id) ? 'undo' : 'done')) === 'undo';
  const tickets = (shown ?? []).map((order): Ticket => {
    const { id } = order;
    if (isToDo(id)) return { order: toDo.get(id) ?? order, state: 'open' };
    if (done.includes(id)) return { order: left.get(id) ?? order, state: 'done' };
    return { order: left.get(id) ?? order, state: 'left' };
  });
  const isShown = new Set(shown?.map(({ id }) => id));
  const fresh = data?.toDo.filter(({ id }) => !isShown.has(id) && isToDo(id)) ?? [];
  const gone = tickets.filter(({ state }) => state !== 'open').length;
  const lastDone = done.findLast((id) => !isToDo(id));

  const showNews = () => {
    setShown(data?.toDo.filter(({ id }) => isToDo(id)));
    setLeft(new Map());
  };
  // With nothing in it to press, nothing can move under a thumb.
  const isIdle = shown === undefined || (shown.length === 0 && fresh.length > 0);

  useEffect(() => {
    if (!data) return;
    const isNew = data.toDo.some(({ id }) => known.current && !known.current.has(id));
    known.current = new Set([...(known.current ?? []), ...data.toDo.map(({ id }) => id)]);
    if (isNew) onNew();
    if (isIdle) showNews();
  }, [data, isIdle]);

  const unknown = tickets.filter(({ state, order }) => state === 'left' && !left.has(order.id));
  const asked = unknown.map(({ order }) => order.id).join();
  useEffect(() => {
    for (const id of asked.split(',').filter(Boolean)) {
      getJson<BoardOrder>(`orders/${id}`)
        .then(({ body }) => body && setLeft((before) => new Map([...before, [id, body]])))
        .catch(report);
    }
  }, [asked, report]);

  const change = async (id: string, what: Change) => {
    setProblem(undefined);
    setSent((before) => new Map([...before, [id, what]]));
    if (what === 'done') setDone((before) => [...before.filter((one) => one !== id), id]);
    try {
      await post(`orders/${id}/${what}`);
    } catch (error) {
      if (!report(error)) setProblem({ id, code: codeOf(error) });
    }
    await look();
    setSent((before) => new Map([...before].filter(([one]) => one !== id)));
  };

  return {
    live,
    tickets,
    /** How many are to do, as far as they are counted. */
    count: data && data.count - data.toDo.filter(({ id }) => !isToDo(id)).length,
    /** How many are new, and how many have left: both wait for the reader. */
    fresh: fresh.length,
    gone,
    showNews,
    finish: (id: string) => change(id, 'done'),
    undo: (id: string) => change(id, 'undo'),
    /** What was finished here last, and can be taken back. */
    lastDone,
    problem,
  };
}

type Change = 'done' | 'undo';
