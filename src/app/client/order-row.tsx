import type { ComponentChildren } from 'preact';
import type { BoardOrder } from '../page-data';
import { Status } from './status';
import { Clock } from './time';
import { hrefTo } from './use-route';
import { Contact, callOf, cancelWords, sayPizza } from './words';

interface OrderRowProps {
  order: BoardOrder;
  now: number;
  /** Whether it says whose it is. */
  ofOthers: boolean;
  /** Where it stands, instead of its status alone. */
  where?: ComponentChildren;
  /** What can be done about it. */
  children?: ComponentChildren;
}

/** One order in a list. */
export function OrderRow({ order, now, ofOthers, where, children }: OrderRowProps) {
  const { id, status, name, contact, bill, placedAt, cancelReason, doneAt } = order;
  return (
    <li
      class={`row ${status} ${doneAt === undefined ? '' : 'finished'}`}
      aria-label={`Order ${callOf(order)}`}
    >
      <a class="call" href={hrefTo(`/orders/${id}`)}>
        <span class="hidden">Details of order </span>
        {callOf(order)}
      </a>
      <div class="what">
        <strong>{sayPizza(order)}</strong>
        <p class="small">
          <Clock at={placedAt} now={now} />
          {ofOthers && (
            <>
              {' · '}
              {name} <Contact of={contact} />
            </>
          )}
          {bill && ` · ${bill.total}, ${bill.to ? `to ${bill.to}` : 'pick-up'}`}
        </p>
      </div>
      <div class="state">
        <Status status={status} done={doneAt !== undefined} />
        <span class="small">{where ?? (cancelReason && cancelWords[cancelReason])}</span>
      </div>
      <div class="buttons">{children}</div>
    </li>
  );
}
