import { useEffect, useState } from 'preact/hooks';
import type { BoardOrder, OrderList } from '../page-data';
import { getJson } from './api';
import { OrderRow } from './order-row';
import type { Report } from './use-live';

interface OtherOrdersProps {
  of: Pick<BoardOrder, 'id' | 'customerId'>;
  now: number;
  report: Report;
}

/** What else this customer has ordered, newest first: the last ten. */
export function OtherOrders({ of: { id, customerId }, now, report }: OtherOrdersProps) {
  const [orders, setOrders] = useState<BoardOrder[]>([]);
  useEffect(() => {
    const query = new URLSearchParams({ customer: customerId, limit: '11' });
    getJson<OrderList>(`orders?${query}`).then(({ body }) => setOrders(body?.orders ?? []), report);
  }, [customerId, report]);
  const others = orders.filter((order) => order.id !== id).slice(0, 10);
  if (others.length === 0) return null;
  return (
    <section class="screen-only" aria-labelledby="others-title">
      <h2 id="others-title">Other orders of this customer</h2>
      <ul class="rows">
        {others.map((order) => (
          <OrderRow key={order.id} order={order} now={now} ofOthers={false} />
        ))}
      </ul>
    </section>
  );
}
