import { useState } from 'preact/hooks';
import type { Board, BoardOrder, Me } from '../page-data';
import { post } from './api';
import { type BoardFilter, BoardFilters, boardPath, hrefToBoard, readFilter } from './board-filters';
import { BoardState } from './board-state';
import { ConfirmDialog } from './confirm-dialog';
import { Away, Loading } from './notice';
import { OrderItem } from './order-item';
import { useNow } from './time';
import { useBoard } from './use-board';
import { hrefTo } from './use-route';
import { sayPizza } from './words';

interface OrdersViewProps {
  me: Me;
  params: URLSearchParams;
  report: (problem: unknown) => boolean;
}

/** The board: orders as they happen. */
export function OrdersView({ me, params, report }: OrdersViewProps) {
  const filter = readFilter(params);
  const view = useBoard(boardPath(filter), me.live, report);
  const [cancelling, setCancelling] = useState<BoardOrder>();
  const [clearing, setClearing] = useState(false);
  const { board } = view;
  if (!board && view.problem) return <Away code={view.problem.code} retry={view.look} />;

  return (
    <>
      <div class="heading">
        <h1>{me.staff ? 'Orders' : 'Your orders'}</h1>
        <BoardState view={view} push={me.live} retry={view.look} />
      </div>
      <div class="tools">
        <BoardFilters filter={filter} me={me} />
        {(me.manages || !me.staff) && board?.orders.some(isClearable) && (
          <button type="button" class="secondary outline" onClick={() => setClearing(true)}>
            Clear confirmed
          </button>
        )}
      </div>
      {board?.locked && <OrderingLocked />}
      {board ? (
        <div class={view.stale ? 'stale' : ''}>
          <Orders board={board} me={me} filter={filter} changed={view.changed} cancel={setCancelling} />
        </div>
      ) : (
        <Loading what="the orders" />
      )}
      {board && <Pages board={board} filter={filter} />}
      {cancelling && (
        <ConfirmDialog
          title="Cancel this order?"
          confirm="Cancel the order"
          keep="Keep it"
          close={() => setCancelling(undefined)}
          act={async () => {
            await post(`orders/${cancelling.id}/cancel`);
            await view.look();
          }}
        >
          <p>
            {sayPizza(cancelling)}
            {me.staff && cancelling.contact && `, for ${cancelling.contact}`}.
          </p>
          <p>
            {cancelling.status === 'pending'
              ? 'Its code will no longer work.'
              : 'It is confirmed, and will not be made then.'}{' '}
            A new order can be placed at any time.
          </p>
        </ConfirmDialog>
      )}
      {clearing && (
        <ConfirmDialog
          title="Clear confirmed orders?"
          confirm="Clear them"
          keep="Leave them"
          close={() => setClearing(false)}
          act={async () => {
            const { archived } = await post<{ archived: number }>('orders/archive', {
              customer: filter.customer,
            });
            view.tell(archived === 1 ? 'One order cleared' : `${archived} orders cleared`);
            await view.look();
          }}
        >
          <p>{sayWhatLeaves(me, filter)} Nothing is deleted: choose “Also cleared ones” to see them again.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function OrderingLocked() {
  return (
    <article class="locked">
      <p role="alert">
        <strong>Ordering is locked.</strong> No order is taken until you unlock it.
      </p>
      <a class="button" href={hrefTo('/profile')}>
        Unlock it in your profile
      </a>
    </article>
  );
}

interface OrdersProps {
  board: Board;
  me: Me;
  filter: BoardFilter;
  changed: Set<string>;
  cancel: (order: BoardOrder) => void;
}

function Orders({ board, me, filter, changed, cancel }: OrdersProps) {
  const counting = board.orders.some(({ status }) => status === 'pending');
  const now = useNow(counting ? 1_000 : 15_000);
  if (board.orders.length === 0) return <NoOrders me={me} filter={filter} />;
  return (
    <ul class="orders" aria-label="Orders, newest first">
      {board.orders.map((order) => (
        <OrderItem
          key={order.id}
          order={order}
          me={me}
          now={now}
          filter={filter}
          changed={changed.has(order.id)}
          cancel={cancel}
        />
      ))}
    </ul>
  );
}

function NoOrders({ me, filter }: { me: Me; filter: BoardFilter }) {
  const filtered = filter.show !== 'open' || filter.customer !== undefined || filter.after !== undefined;
  return (
    <section class="notice empty">
      <p>
        <strong>{filtered ? 'Nothing here with this choice.' : 'No orders right now.'}</strong>
      </p>
      {filtered ? (
        <a href={hrefTo('/orders')}>Show waiting and confirmed orders</a>
      ) : (
        <p>
          {me.staff
            ? 'New ones appear here by themselves.'
            : 'Say “Alexa, ask Pizza on Demand to get me a large pizza with pepperoni”, and it appears here.'}
        </p>
      )}
    </section>
  );
}

function Pages({ board, filter }: { board: Board; filter: BoardFilter }) {
  if (!board.next && !filter.after) return null;
  return (
    <nav class="pages" aria-label="Pages">
      {filter.after && <a href={hrefToBoard({ ...filter, after: undefined })}>Newest orders</a>}
      {board.next && <a href={hrefToBoard({ ...filter, after: board.next })}>Older orders</a>}
    </nav>
  );
}

function sayWhatLeaves(me: Me, filter: BoardFilter): string {
  if (!me.staff) return 'Your confirmed orders leave this list, and the kitchen goes on with them.';
  return `${filter.customer ? 'Each of these confirmed orders' : 'Every confirmed order'} leaves the board, as done.`;
}

function isClearable({ status, archived }: BoardOrder): boolean {
  return status === 'confirmed' && !archived;
}
