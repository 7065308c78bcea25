import { useEffect, useRef, useState } from 'preact/hooks';
import type { Standing } from '../../orders/day';
import type { DayOrders, Me } from '../page-data';
import { post } from './api';
import { Away, Loading } from './notice';
import { OrderRow } from './order-row';
import { AwayBanner, Pulse } from './pulse';
import { useNow } from './time';
import { useHeldOrders } from './use-held-orders';
import { type Report, useLive } from './use-live';
import { hrefTo } from './use-route';
import { callOf } from './words';

const chips: Readonly<Record<Standing, string>> = {
  'to-do': 'To make',
  waiting: 'Waiting for code',
  done: 'Done',
  ended: 'Cancelled, expired, refused',
};

/** A day's orders by the reader's own clock: found, counted, and totalled. */
export function DayView({ me, params, report }: { me: Me; params: URLSearchParams; report: Report }) {
  const day = params.get('day') ?? today();
  const show = params.get('show') ?? '';
  const search = params.get('q') ?? '';
  const [from, to] = spanOf(day);
  const span = { from: String(from), to: String(to) };
  const query = new URLSearchParams({ ...span, ...(show && { show }), ...(search && { q: search }) });
  const path = `orders/day?${query}`;
  const live = useLive<DayOrders>(path, me.live, report);
  const now = useNow(15_000);
  const { data, look, problem, stale } = live;
  const held = useHeldOrders(data?.orders ?? [], data && !stale ? path : undefined);
  const gone = held.rows.filter((row) => row.gone).length;
  const goTo = (changes: Record<string, string>) => {
    location.hash = hrefTo('/day', { day: isToday(day) ? '' : day, show, q: search, ...changes });
  };
  if (!data)
    return problem ? <Away code={problem.code} retry={look} keepsTrying /> : <Loading what="the day" />;

  const all = Object.values(data.counts).reduce((sum, count) => sum + count, 0);
  const chip = (standing: string, words: string, count: number) => (
    <a
      key={standing}
      class="chip"
      href={hrefTo('/day', { day: isToday(day) ? '' : day, show: standing, q: search })}
      aria-current={show === standing ? 'true' : undefined}
    >
      {words} <span class="count">{count}</span>
    </a>
  );
  const undo = async (id: string) => {
    await post(`orders/${id}/undo`).catch(report);
    await look();
    held.show();
  };
  return (
    <div class={`day ${stale ? 'stale' : ''}`}>
      <div class="heading">
        <h1>
          Orders of <DayPicker day={day} choose={(chosen) => goTo({ day: chosen })} />
        </h1>
        <div class="tools">
          <Pulse live={live} />
          <a
            class="button secondary"
            href={`orders/day.csv?${new URLSearchParams(span)}`}
            download={`orders-${day}.csv`}
          >
            Export as CSV
          </a>
          <button type="button" class="outline secondary" onClick={() => print()}>
            Print
          </button>
        </div>
      </div>
      <Search search={search} find={(q) => goTo({ q })} isWanted={params.has('find')} />
      <nav class="chips" aria-label="Which orders to show">
        {chip('', 'All', all)}
        {Object.entries(chips).map(([standing, words]) =>
          chip(standing, words, data.counts[standing as Standing]),
        )}
      </nav>
      <div class="news">
        <p class="small">
          {data.totals.orders} confirmed, {data.totals.amount} with tax
        </p>
        <p role="status" class="small">
          {search && `${data.found} found for “${search}”.`}
          {data.found > data.orders.length && ` The newest ${data.orders.length} are shown.`}
        </p>
        {held.fresh + gone > 0 && (
          <button type="button" class={held.fresh > 0 ? '' : 'outline'} onClick={held.show}>
            {held.fresh > 0 ? `Show ${held.fresh} new` : 'Clear away'}
          </button>
        )}
      </div>
      <div class="boards">
        {held.rows.length > 0 ? (
          <ul class="rows" aria-label="Orders, newest first">
            {held.rows.map(({ order, gone }) => (
              <OrderRow
                key={order.id}
                order={order}
                now={now}
                ofOthers
                {...(gone && { where: 'no longer in this list' })}
              >
                {me.manages && !gone && order.doneAt !== undefined && (
                  <button type="button" class="outline secondary" onClick={() => undo(order.id)}>
                    Bring back<span class="hidden"> order {callOf(order)}</span>
                  </button>
                )}
              </OrderRow>
            ))}
          </ul>
        ) : (
          <p class="notice empty">
            <strong>No orders {show || search ? 'like this' : ''} on this day.</strong>
          </p>
        )}
        <Totals totals={data.totals} />
      </div>
      <AwayBanner live={live} />
    </div>
  );
}

function Totals({ totals: { sizes, toppings } }: Pick<DayOrders, 'totals'>) {
  const list = (of: [string, number][]) => (
    <ul class="counts">
      {of.map(([what, count]) => (
        <li key={what}>
          {what} <span class="count">{count}</span>
        </li>
      ))}
      {of.length === 0 && <li>none</li>}
    </ul>
  );
  return (
    <article aria-labelledby="totals-title">
      <h2 id="totals-title">Totals of the day</h2>
      <dl>
        <div>
          <dt>Sizes</dt>
          <dd>{list(sizes)}</dd>
        </div>
        <div>
          <dt>Toppings</dt>
          <dd>{list(toppings)}</dd>
        </div>
      </dl>
    </article>
  );
}

function Search({
  search,
  find,
  isWanted,
}: {
  search: string;
  find: (q: string) => void;
  isWanted: boolean;
}) {
  const [typed, setTyped] = useState(search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isWanted) field.current?.focus();
  }, [isWanted]);
  useEffect(() => {
    if (typed === search) return;
    const timer = setTimeout(find, 300, typed);
    return () => clearTimeout(timer);
  }, [typed, search, find]);
  return (
    <search>
      <input
        ref={field}
        type="search"
        value={typed}
        maxLength={100}
        aria-label="Search this day"
        placeholder="Number, name, last digits, topping"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </search>
  );
}

function DayPicker({ day, choose }: { day: string; choose: (day: string) => void }) {
  return (
    <input
      type="date"
      value={day}
      max={today()}
      required
      aria-label="Day"
      onChange={({ currentTarget: { value } }) => value && choose(value)}
    />
  );
}

function today(): string {
  return dayOf(new Date());
}

function isToday(day: string): boolean {
  return day === today();
}

function dayOf(date: Date): string {
  const [month, dayOfMonth] = [date.getMonth() + 1, date.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${date.getFullYear()}-${month}-${dayOfMonth}`;
}

/** From midnight to midnight by the reader's clock: 23 or 25 hours when summer time begins or ends. */
function spanOf(day: string): [number, number] {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const at = (dayOfMonth: number) => new Date(year, month - 1, dayOfMonth).getTime();
  return [at(date), at(date + 1)];
}
