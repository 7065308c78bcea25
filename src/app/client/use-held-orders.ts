import { useEffect, useState } from 'preact/hooks';
import type { BoardOrder } from '../page-data';

/**
 * A list of orders that moves only when the reader asks for it: each is shown as it is now, and what is new waits.
 * @param list what the list is of: another list is shown at once; undefined while `orders` are those of the list before
 */
export function useHeldOrders(orders: readonly BoardOrder[], list: string | undefined) {
  const [held, setHeld] = useState<{ list: string; orders: readonly BoardOrder[] }>();
  const isHeld = held !== undefined && held.list === list;
  const shown = isHeld ? held.orders : orders;
  // With nothing in it to press, nothing can move under a thumb.
  const isIdle = !isHeld || (shown.length === 0 && orders.length > 0);
  useEffect(() => {
    if (isIdle && list !== undefined) setHeld({ list, orders });
  }, [isIdle, list]);

  const latest = new Map(orders.map((order) => [order.id, order]));
  const shownIds = new Set(shown.map(({ id }) => id));
  return {
    /** `gone`: it is no longer in the list. */
    rows: shown.map((order) => ({
      order: latest.get(order.id) ?? order,
      gone: !latest.has(order.id),
    })),
    /** How many are new. */
    fresh: orders.filter(({ id }) => !shownIds.has(id)).length,
    /** Shows the list as it is now. */
    show: () => setHeld(undefined),
  };
}
