import { describePizza } from '../../orders/pizza-order';
import type { Status } from '../../step-up/action';
import type { Board, BoardOrder } from '../page-data';
import { statusWords } from './status';
import { sayPizza } from './words';

export interface BoardChanges {
  /** In words, for the eye and for screen readers. */
  news: string[];
  /** Orders to draw attention to. */
  changed: Set<string>;
  /** Were waiting for their code or confirmed, and are no longer in this view. */
  departed: BoardOrder[];
}

/** What happened between two looks at the same view. */
export function compareBoards(before: Board, after: Board, showsNewest: boolean): BoardChanges {
  const known = new Map(before.orders.map((order) => [order.id, order]));
  const present = new Set(after.orders.map(({ id }) => id));
  const newest = before.orders[0]?.placedAt ?? 0;
  const oldestShown = after.next ? (after.orders.at(-1)?.placedAt ?? 0) : 0;

  const arrived = after.orders.filter(
    ({ id, placedAt }) => showsNewest && !known.has(id) && placedAt >= newest,
  );
  const turned = after.orders.filter(({ id, status }) => (known.get(id)?.status ?? status) !== status);
  const departed = before.orders.filter(
    ({ id, status, placedAt }) => isOpen(status) && !present.has(id) && placedAt >= oldestShown,
  );
  return {
    news: [
      ...arrived.map((order) => `New order: ${describePizza(order.pizza)}, ${sayStatus(order)}`),
      ...turned.map(sayTurned),
    ],
    changed: new Set([...arrived, ...turned].map(({ id }) => id)),
    departed,
  };
}

/** What became of an order, in words. */
export function sayTurned(order: BoardOrder): string {
  return `${sayPizza(order)}: ${sayStatus(order)}`;
}

function sayStatus({ status }: BoardOrder): string {
  return statusWords[status].toLowerCase();
}

function isOpen(status: Status): boolean {
  return status === 'pending' || status === 'confirmed';
}
