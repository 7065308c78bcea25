import type { CancelReason, Door } from '../../step-up/action';
import type { BoardOrder, Me } from '../page-data';
import { type BoardFilter, hrefToBoard } from './board-filters';
import { Status } from './status';
import { Moment, sayRemaining } from './time';
import { capitalise } from './words';

interface OrderItemProps {
  order: BoardOrder;
  me: Me;
  now: number;
  filter: BoardFilter;
  changed: boolean;
  cancel: (order: BoardOrder) => void;
}

const ways: Record<Door, string> = { voice: 'by voice', api: 'by app' };

const reasons: Record<CancelReason, string> = {
  customer: 'by the customer',
  staff: 'by staff',
  replaced: 'replaced by a newer order',
  code_not_sent: 'the code could not be sent',
};

/** One order on the board. */
export function OrderItem({ order, me, now, filter, changed, cancel }: OrderItemProps) {
  const { size, toppings } = order.pizza;
  return (
    <li class={`order ${order.status} ${changed ? 'changed' : ''}`}>
      <div class="pizza">
        <h2>{capitalise(size)}</h2>
        <p>{toppings.length > 0 ? capitalise(toppings.join(', ')) : 'No toppings'}</p>
      </div>
      <div class="facts">
        {me.staff && <Customer order={order} filter={filter} />}
        <span>
          <Moment at={order.placedAt} now={now} />, {ways[order.via]}
        </span>
      </div>
      <div class="state">
        <Status status={order.status} />
        <Detail order={order} now={now} />
      </div>
      {order.status === 'pending' && (order.own || me.manages) && (
        <button type="button" class="secondary outline cancel" onClick={() => cancel(order)}>
          Cancel<span class="hidden"> the {size} pizza</span>
        </button>
      )}
    </li>
  );
}

function Customer({ order, filter }: Pick<OrderItemProps, 'order' | 'filter'>) {
  const contact = order.contact ?? 'No contact';
  const href = hrefToBoard({ ...filter, customer: order.customerId, contact, after: undefined });
  return (
    <a class="contact" href={href} title="Show only this customer’s orders">
      {contact}
    </a>
  );
}

function Detail({ order, now }: Pick<OrderItemProps, 'order' | 'now'>) {
  if (order.expiresAt !== undefined) {
    const over = order.expiresAt <= now;
    return (
      <span class="detail" role="timer" aria-live="off">
        {over ? 'time is up' : `${sayRemaining(order.expiresAt, now)} left`}
      </span>
    );
  }
  if (order.cancelReason) return <span class="detail">{reasons[order.cancelReason]}</span>;
  if (order.archived) return <span class="detail">cleared</span>;
  return null;
}
