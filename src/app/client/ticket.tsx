import { kitchenMinutes } from '../../orders/menu';
import type { Me } from '../page-data';
import { sayProblem } from './problem-words';
import type { Ticket as TicketData } from './use-kitchen';
import { hrefTo } from './use-route';
import { Contact, callOf, cancelWords, capitalise } from './words';

interface TicketProps {
  ticket: TicketData;
  me: Me;
  now: number;
  finish: (id: string) => void;
  undo: (id: string) => void;
  /** Why it could not be finished. */
  problem?: string;
}

/** One order as it hangs in the kitchen. */
export function Ticket({ ticket: { order, state }, me, now, finish, undo, problem }: TicketProps) {
  const { id, pizza, name, contact, bill, confirmedAt = order.placedAt } = order;
  const age = ageOf(confirmedAt, now);
  const call = callOf(order);
  return (
    <li
      class={`ticket ${state === 'open' ? age.stage : 'away'} ${order.status === 'cancelled' ? 'cancelled' : ''}`}
      id={`order-${id}`}
      tabIndex={-1}
      aria-label={`Order ${call}`}
    >
      <div class="top">
        <a class="call" href={hrefTo(`/orders/${id}`)}>
          <span class="hidden">Details of order </span>
          {call}
        </a>
        {state === 'open' ? <Age age={age} /> : <Gone order={order} state={state} />}
      </div>
      <h2>{capitalise(pizza.size)}</h2>
      <ul class="toppings">
        {pizza.toppings.map((topping) => (
          <li key={topping}>{topping}</li>
        ))}
        {pizza.toppings.length === 0 && <li class="none">no toppings</li>}
      </ul>
      <p class="who">
        {name && <strong>{name}</strong>} <Contact of={contact} />
      </p>
      <p class={bill?.to ? 'way delivery' : 'way'}>{bill?.to ?? 'Pick-up'}</p>
      <div class="bottom">
        <span class="total">{bill?.total}</span>
        {me.manages && state === 'open' && (
          <button type="button" class="done" onClick={() => finish(id)}>
            Done<span class="hidden"> with order {call}</span>
          </button>
        )}
        {me.manages && state !== 'open' && order.status === 'confirmed' && (
          <button type="button" class="outline undo" onClick={() => undo(id)}>
            Undo<span class="hidden"> order {call}</span>
          </button>
        )}
      </div>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {sayProblem(problem)}
        </p>
      )}
    </li>
  );
}

function Gone({ order, state }: Pick<TicketData, 'order' | 'state'>) {
  if (order.status === 'cancelled') {
    return <strong class="gone">Cancelled {order.cancelReason && cancelWords[order.cancelReason]}</strong>;
  }
  return <strong class="gone">{state === 'done' ? 'Done' : 'Done elsewhere'}</strong>;
}

interface AgeOfOrder {
  stage: 'fresh' | 'soon' | 'late';
  minutes: number;
}

function ageOf(since: number, now: number): AgeOfOrder {
  const minutes = Math.max(0, Math.floor((now - since) / 60_000));
  const { soon, late } = kitchenMinutes;
  return { stage: minutes >= late ? 'late' : minutes >= soon ? 'soon' : 'fresh', minutes };
}

// Shapes besides colours, for those who cannot tell the colours apart: a ring, a triangle, an octagon.
const shapes = {
  fresh: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z',
  soon: 'M8 1.5 15 14H1z',
  late: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
};
const stageWords = { fresh: '', soon: ', getting old', late: ', late' };

function Age({ age: { stage, minutes } }: { age: AgeOfOrder }) {
  return (
    <span class={`age ${stage}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={shapes[stage]} />
      </svg>
      {minutes} min<span class="hidden"> old{stageWords[stage]}</span>
    </span>
  );
}
