import { cancelWithinMs } from '../../orders/pizza-order';
import type { CancelReason, Door } from '../../step-up/action';
import type { BoardBill, BoardOrder, Me } from '../page-data';
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
  not_me: 'the customer says: not me',
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
        {order.bill && <Bill bill={order.bill} />}
        <span>
          <Moment at={order.placedAt} now={now} />, {ways[order.via]}
        </span>
      </div>
      <div class="state">
        <Status status={order.status} />
        <Detail order={order} now={now} />
      </div>
      {mayCancel(order, me, now) && (
        <button type="button" class="secondary outline cancel" onClick={() => cancel(order)}>
          Cancel<span class="hidden"> the {size} pizza</span>
        </button>
      )}
    </li>
  );
}

function Bill({ bill: { total, to } }: { bill: BoardBill }) {
  return (
    <span>
      {total}, {to ? `to ${to}` : 'for pick-up'}
    </span>
  );
}

/** As the server judges it (orders/viewer.ts). */
function mayCancel({ status, own, archived, confirmedAt = 0 }: BoardOrder, me: Me, now: number): boolean {
  if (status === 'pending') return own || me.manages;
  if (status !== 'confirmed' || archived) return false;
  return own ? now <= confirmedAt + cancelWithinMs : me.manages;
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
  if (order.cancelReason) {
    const after = order.confirmedAt === undefined ? '' : ', after it was confirmed';
    return <span class="detail">{`${reasons[order.cancelReason]}${after}`}</span>;
  }
  if (order.archived) return <span class="detail">cleared</span>;
  return null;
}
