import { useState } from 'preact/hooks';
import { cancelWithinMs } from '../../orders/pizza-order';
import type { Me, OrderDetails } from '../page-data';
import { codeOf, post } from './api';
import { CancelDialog } from './cancel-dialog';
import { History } from './history';
import { Away, Loading } from './notice';
import { OtherOrders } from './other-orders';
import { PendingOrder } from './pending-order';
import { sayProblem } from './problem-words';
import { AwayBanner, Pulse } from './pulse';
import { Status } from './status';
import { useNow } from './time';
import { type Report, useLive } from './use-live';
import { hrefTo } from './use-route';
import { Contact, callOf, sayPizza } from './words';

const end = ({ expiresAt }: OrderDetails) => (expiresAt ?? Number.POSITIVE_INFINITY) + 500;

/** One order: its terms, what has happened to it, and what can be done about it. */
export function DetailsView({ id, me, report }: { id: string; me: Me; report: Report }) {
  const live = useLive<OrderDetails>(`orders/${id}`, me.live, report, end);
  const now = useNow(15_000);
  const [cancelling, setCancelling] = useState(false);
  const [problem, setProblem] = useState('');
  const { data: order, look } = live;
  if (!order) {
    if (!live.problem) return <Loading what="the order" />;
    return <Away code={live.problem.code} retry={look} keepsTrying />;
  }
  const change = async (what: 'done' | 'undo') => {
    setProblem('');
    await post(`orders/${id}/${what}`).catch((error) => report(error) || setProblem(codeOf(error)));
    await look();
  };
  const { status, own, doneAt, bill, name, contact } = order;
  const isWaitingForMe = own && status === 'pending';
  return (
    <div class="details">
      <div class="heading">
        <h1>
          Order {callOf(order)} <Status status={status} done={doneAt !== undefined} />
        </h1>
        <div class="tools">
          <Pulse live={live} />
          <a href={hrefTo('/orders')}>{me.staff ? 'Back to the kitchen' : 'Back to your orders'}</a>
        </div>
      </div>
      {isWaitingForMe && (
        <PendingOrder
          order={order}
          codeLength={me.codeLength}
          report={report}
          look={look}
          cancel={() => setCancelling(true)}
        />
      )}
      <article class="paper">
        <h2>{sayPizza(order)}</h2>
        <dl>
          <div>
            <dt>For</dt>
            <dd>
              {name} <Contact of={contact} />
              {me.staff && order.locked && <strong class="badge locked">Ordering is locked</strong>}
            </dd>
          </div>
          <div>
            <dt>Where to</dt>
            <dd>{bill?.to ?? 'Pick-up'}</dd>
          </div>
        </dl>
        {bill && (
          <table class="bill">
            <caption class="hidden">What it costs</caption>
            <tbody>
              {order.lines.map(({ what, amount }) => (
                <tr key={what} class={what === 'total' ? 'sum' : undefined}>
                  <th scope="row">{what}</th>
                  <td>{amount}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </article>
      <p class="problem" role="alert">
        {problem && sayProblem(problem)}
      </p>
      <div class="buttons">
        {me.manages && status === 'confirmed' && (
          <button type="button" onClick={() => change(doneAt === undefined ? 'done' : 'undo')}>
            {doneAt === undefined ? 'Done' : 'Bring back to the kitchen'}
          </button>
        )}
        {mayCancel(order, me, now) && !isWaitingForMe && (
          <button type="button" class="outline secondary" onClick={() => setCancelling(true)}>
            Cancel
          </button>
        )}
        {me.staff && (
          <button type="button" class="outline secondary" onClick={() => print()}>
            Print the ticket
          </button>
        )}
      </div>
      <History order={order} now={now} />
      {me.staff && <OtherOrders of={order} now={now} report={report} />}
      {cancelling && <CancelDialog order={order} close={() => setCancelling(false)} look={look} />}
      <AwayBanner live={live} />
    </div>
  );
}

/** As the server judges it (orders/viewer.ts, step-up/withdraw.ts). */
function mayCancel({ status, own, doneAt, confirmedAt = 0 }: OrderDetails, me: Me, now: number): boolean {
  if (status === 'pending') return own || me.manages;
  if (status !== 'confirmed' || doneAt !== undefined) return false;
  return own ? now <= confirmedAt + cancelWithinMs : me.manages;
}
