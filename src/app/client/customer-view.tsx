import { useEffect, useState } from 'preact/hooks';
import { formatAddress } from '../../orders/address';
import { cancelWithinMs } from '../../orders/pizza-order';
import type { BoardOrder, Me, OrderList, Profile } from '../page-data';
import { getJson, post } from './api';
import { CancelDialog } from './cancel-dialog';
import { forgetDraft } from './delivery-address';
import { Away, Loading } from './notice';
import { OrderRow } from './order-row';
import { PendingOrder } from './pending-order';
import { AwayBanner, Pulse } from './pulse';
import { sayTime, useNow } from './time';
import { type Report, useLive } from './use-live';
import { hrefTo } from './use-route';
import { Contact, callOf, channelWords } from './words';

const firstEnd = ({ orders }: OrderList) =>
  Math.min(...orders.map(({ expiresAt }) => (expiresAt ?? Number.POSITIVE_INFINITY) + 500));

interface CustomerViewProps {
  me: Me;
  params: URLSearchParams;
  report: Report;
}

/** A customer's own orders: what waits and what to do about it, and where the others stand. */
export function CustomerView({ me, params, report }: CustomerViewProps) {
  const after = params.get('after') ?? undefined;
  const hidden = params.get('hidden') ?? undefined;
  const query = new URLSearchParams({ limit: '30', ...(after && { after }), ...(hidden && { hidden }) });
  const live = useLive<OrderList>(`orders?${query}`, me.live, report, firstEnd);
  const now = useNow(15_000);
  const [cancelling, setCancelling] = useState<BoardOrder>();
  const { data, look, problem } = live;
  if (!data)
    return problem ? <Away code={problem.code} retry={look} keepsTrying /> : <Loading what="your orders" />;

  const waiting = data.orders.filter(({ status }) => status === 'pending');
  const others = data.orders.filter(({ status }) => status !== 'pending');
  const hide = async (id: string) => {
    await post(`orders/${id}/hide`).catch(report);
    await look();
  };
  return (
    <div class={`customer ${live.stale ? 'stale' : ''}`}>
      <div class="heading">
        <h1>Your orders</h1>
        <Pulse live={live} />
      </div>
      {data.locked && <OrderingLocked />}
      {waiting.map((order) => (
        <PendingOrder
          key={order.id}
          order={order}
          codeLength={me.codeLength}
          report={report}
          look={look}
          cancel={setCancelling}
        />
      ))}
      {data.orders.length === 0 && <NoOrders further={after !== undefined} />}
      {others.length > 0 && (
        <ul class="rows" aria-label="Orders, newest first">
          {others.map((order) => (
            <OrderRow key={order.id} order={order} now={now} ofOthers={false} where={sayWhere(order)}>
              {mayCancel(order, now) && (
                <button type="button" class="outline secondary" onClick={() => setCancelling(order)}>
                  Cancel<span class="hidden"> order {callOf(order)}</span>
                </button>
              )}
              {order.doneAt !== undefined && !order.hidden && (
                <button type="button" class="outline secondary" onClick={() => hide(order.id)}>
                  Hide<span class="hidden"> order {callOf(order)}</span>
                </button>
              )}
            </OrderRow>
          ))}
        </ul>
      )}
      <nav class="pages" aria-label="Pages">
        {after && <a href={hrefTo('/orders', { hidden })}>Newest orders</a>}
        {data.next && <a href={hrefTo('/orders', { after: data.next, hidden })}>Older orders</a>}
        <a href={hrefTo('/orders', hidden ? {} : { hidden: 'true' })}>
          {hidden ? 'Without hidden orders' : 'Also hidden orders'}
        </a>
      </nav>
      <You report={report} />
      {cancelling && <CancelDialog order={cancelling} close={() => setCancelling(undefined)} look={look} />}
      <AwayBanner live={live} />
    </div>
  );
}

/** As the server judges it (step-up/withdraw.ts). */
function mayCancel({ status, doneAt, confirmedAt = 0 }: BoardOrder, now: number): boolean {
  return status === 'confirmed' && doneAt === undefined && now <= confirmedAt + cancelWithinMs;
}

function sayWhere({ status, bill, confirmedAt, doneAt, note }: BoardOrder): string | undefined {
  if (note) return `by the pizzeria: “${note}”`;
  if (status !== 'confirmed' || confirmedAt === undefined) return undefined;
  if (doneAt !== undefined)
    return `${bill?.to ? 'left the kitchen' : 'ready for pick-up'} at ${sayTime(doneAt)}`;
  return `in the kitchen${bill ? `; ${bill.to ? 'with you' : 'ready'} about ${sayTime(confirmedAt + bill.minutes * 60_000)}` : ''}`;
}

function OrderingLocked() {
  return (
    <article class="locked">
      <p role="alert">
        <strong>Ordering is locked.</strong> No order is taken, at no door, until you unlock it.
      </p>
      <a class="button" href={hrefTo('/profile')}>
        Unlock it in your profile
      </a>
    </article>
  );
}

function NoOrders({ further }: { further: boolean }) {
  return (
    <section class="notice empty">
      <p>
        <strong>{further ? 'No more orders.' : 'No orders yet.'}</strong>
      </p>
      <p>Say “Alexa, ask Pizza on Demand to get me a large pizza with pepperoni”, and it appears here.</p>
    </section>
  );
}

/** Where codes and orders go, and the way out of every session. */
function You({ report }: { report: Report }) {
  const [profile, setProfile] = useState<Profile>();
  useEffect(() => {
    getJson<Profile>('profile').then(({ body }) => setProfile(body), report);
  }, [report]);
  const { contacts, address } = profile ?? {};
  const to = contacts?.codesGoTo;
  return (
    <aside class="you" aria-label="You">
      <dl>
        <div>
          <dt>Codes go to</dt>
          <dd>
            {to ? (
              <>
                <Contact of={to === 'sms' ? contacts?.phone : contacts?.email} />, by {channelWords[to]}
              </>
            ) : (
              profile && (contacts ? 'nowhere: see your profile' : 'not known right now')
            )}
          </dd>
        </div>
        <div>
          <dt>Orders go to</dt>
          <dd>
            {address
              ? formatAddress(address)
              : profile && (contacts ? 'you pick them up' : 'not known right now')}
          </dd>
        </div>
      </dl>
      <div class="buttons">
        <a class="button secondary" href={hrefTo('/profile')}>
          Change where they go
        </a>
        <form method="post" action="oidc/logout" onSubmit={forgetDraft}>
          <button type="submit" class="outline secondary">
            Sign out everywhere
          </button>
        </form>
      </div>
      <p class="small">Signing out ends your sessions in every browser, at once.</p>
    </aside>
  );
}
