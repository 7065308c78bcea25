import { countedAtMost } from '../../step-up/ledger';
import type { BoardOrder, Me } from '../page-data';
import { useBell } from './bell';
import { type KeyAction, KitchenKeys } from './kitchen-keys';
import { Away, Loading } from './notice';
import { AwayBanner, Pulse } from './pulse';
import { useTabCount } from './tab';
import { Ticket } from './ticket';
import { sayRemaining, useNow } from './time';
import { useKitchen } from './use-kitchen';
import type { Report } from './use-live';
import { hrefTo } from './use-route';
import { Contact, callOf, sayPizza } from './words';

/** What the kitchen works on: oldest first, each with its age. */
export function KitchenView({ me, report }: { me: Me; report: Report }) {
  const bell = useBell();
  const kitchen = useKitchen(me.live, report, bell.ring);
  const { live, tickets, count, fresh, showNews, finish, undo, lastDone, problem } = kitchen;
  const now = useNow(5_000);
  useTabCount(fresh);
  if (!live.data) {
    return live.problem ? (
      <Away code={live.problem.code} retry={live.look} keepsTrying />
    ) : (
      <Loading what="the orders" />
    );
  }

  const focusOn = (id: string | undefined) => document.getElementById(`order-${id}`)?.focus();
  const focused = () => document.activeElement?.closest('.ticket')?.id.slice('order-'.length);
  const open = tickets.filter(({ state }) => state === 'open').map(({ order }) => order.id);
  const step = (by: 1 | -1) => {
    const ids = tickets.map(({ order }) => order.id);
    const from = ids.indexOf(focused() ?? '');
    const others = by === 1 ? ids.slice(from + 1) : ids.slice(0, Math.max(0, from)).reverse();
    focusOn(others.find((id) => open.includes(id)) ?? (from < 0 ? open[0] : undefined));
  };
  const actions: KeyAction[] = [
    { keys: ['n', 'j'], what: 'Next order', act: () => step(1) },
    { keys: ['p', 'k'], what: 'Previous order', act: () => step(-1) },
    {
      keys: ['d'],
      what: 'Done with the order that has the focus',
      act: () => {
        const id = focused();
        if (me.manages && id && open.includes(id)) void finish(id);
      },
    },
    { keys: ['u'], what: 'Undo the last Done', act: () => lastDone && void undo(lastDone) },
    { keys: ['s'], what: 'Show what is new', act: showNews },
    {
      keys: ['/'],
      what: 'Search',
      act: () => {
        location.hash = hrefTo('/day', { find: 'true' });
      },
    },
  ];

  return (
    <div class="kitchen">
      <div class="heading">
        <h1>
          {sayCount(count ?? 0)} <span class="hidden">in the kitchen</span>
        </h1>
        <div class="tools">
          <Pulse live={live} />
          <button type="button" class="outline secondary" aria-pressed={bell.on} onClick={bell.toggle}>
            {bell.on ? 'Sound is on' : 'Sound is off'}
          </button>
          {bell.on && !bell.ready && <span class="small">Tap anywhere, so that it may sound.</span>}
          <KitchenKeys actions={actions} />
          <button type="button" class="outline secondary desk" onClick={() => print()}>
            Print
          </button>
        </div>
      </div>
      <News kitchen={kitchen} />
      <div class="boards">
        <section aria-label="To make, oldest first">
          {tickets.length > 0 ? (
            <ul class="tickets">
              {tickets.map((ticket) => (
                <Ticket
                  key={ticket.order.id}
                  ticket={ticket}
                  me={me}
                  now={now}
                  finish={finish}
                  undo={undo}
                  problem={problem?.id === ticket.order.id ? problem.code : undefined}
                />
              ))}
            </ul>
          ) : (
            <p class="notice empty">
              <strong>Nothing to make.</strong> New orders appear here by themselves.
            </p>
          )}
          {(count ?? 0) > live.data.toDo.length && (
            <p>More wait behind these, and follow as these are done.</p>
          )}
        </section>
        <Waiting orders={live.data.waiting} />
      </div>
      <AwayBanner live={live} />
    </div>
  );
}

function sayCount(count: number): string {
  if (count === 0) return 'Nothing to make';
  return `${count >= countedAtMost ? `${countedAtMost - 1}+` : count} to make`;
}

/** What has changed, in a place of its own that is always there: the list moves only when the reader asks for it. */
function News({
  kitchen: { fresh, gone, showNews, lastDone, undo },
}: {
  kitchen: ReturnType<typeof useKitchen>;
}) {
  const parts = [fresh > 0 && `${fresh} new`, gone > 0 && `${gone} to clear away`].filter(Boolean);
  return (
    <div class="news">
      <p role="status">{parts.join(', ')}</p>
      {parts.length > 0 && (
        <button type="button" class={fresh > 0 ? '' : 'outline'} onClick={showNews}>
          {fresh > 0 ? `Show ${fresh} new` : 'Clear away'}
        </button>
      )}
      {lastDone !== undefined && (
        <button type="button" class="outline" onClick={() => undo(lastDone)}>
          Undo the last Done
        </button>
      )}
      <a href={hrefTo('/day', { show: 'done' })}>What is done</a>
    </div>
  );
}

/** What waits for a code stands apart: there is nothing to do about it. */
function Waiting({ orders }: { orders: BoardOrder[] }) {
  const now = useNow(1_000);
  return (
    <section class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">Waiting for their code: {orders.length}</h2>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>
            <a href={hrefTo(`/orders/${order.id}`)}>
              <span class="hidden">Order </span>
              {callOf(order)}
            </a>{' '}
            {sayPizza(order)}
            <span class="small">
              {order.name} <Contact of={order.contact} /> · {sayRemaining(order.expiresAt ?? 0, now)}
              <span class="hidden"> left</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
