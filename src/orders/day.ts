import type { Status } from '../step-up/action';
import type { StepUpServices } from '../step-up/outside';
import { listActions } from '../step-up/read';
import { Refusal } from '../step-up/refusal';
import { matches } from './matches';
import { currency } from './menu';
import type { Currency } from './money';
import type { Order, OrderTerms } from './pizza-order';
import { requireStaff, type Viewer } from './viewer';

/** Where an order stands, as staff sort them. */
export const standings = ['to-do', 'waiting', 'done', 'ended'] as const;
export type Standing = (typeof standings)[number];

/** A span of time: from `from` on and before `to`, in milliseconds since the epoch. Whose day it is, the reader's clock says. */
export interface Span {
  from: number;
  to: number;
}

/** What was sold: amounts in minor units. Counts are of pizzas; an order is one. */
interface Totals {
  orders: number;
  amount: number;
  currency: Currency;
  sizes: Record<string, number>;
  toppings: Record<string, number>;
}

export interface Day {
  /** Newest first, at most `shownAtMost` of `found`. */
  orders: Order[];
  found: number;
  /** Of all that were placed in the span, whatever is searched. */
  counts: Record<Standing, number>;
  /** Of those that were confirmed and not cancelled, whatever is searched. */
  totals: Totals;
}

const shownAtMost = 200;
/** A day with an hour more, at the end of summer time, and some more for whoever asks for a week. */
const longestMs = 8 * 24 * 3_600_000;

/**
 * The orders that were placed in a span of time, counted, and those of them that are looked for. It costs what the span holds,
 * however many orders there are besides.
 * @param wanted.standing only those that stand so; all if absent
 * @param wanted.search words that each must be found in an order (matches.ts)
 * @throws Refusal `forbidden` for everybody but staff, `invalid_request` for a span that is none, or longer than eight days
 */
export async function readDay(
  services: Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'kind'>,
  viewer: Viewer,
  span: Span,
  wanted: { standing?: Standing; search?: string },
): Promise<Day> {
  const orders: Order[] = [];
  let found = 0;
  const counts: Day['counts'] = { 'to-do': 0, waiting: 0, done: 0, ended: 0 };
  const totals: Totals = { orders: 0, amount: 0, currency, sizes: {}, toppings: {} };
  for await (const order of ordersOf(services, viewer, span)) {
    const standing = standingOf(order);
    counts[standing] += 1;
    if (order.status === 'confirmed') add(totals, order.terms);
    if (wanted.standing !== undefined && wanted.standing !== standing) continue;
    if (wanted.search !== undefined && !matches(order, wanted.search)) continue;
    found += 1;
    if (orders.length < shownAtMost) orders.push(order);
  }
  return { orders, found, counts, totals };
}

/**
 * Every order that was placed in the span, newest first, each as it truly is now.
 * @throws Refusal as `readDay` does
 */
export async function* ordersOf(
  services: Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'feed' | 'kind'>,
  viewer: Viewer,
  placed: Span,
): AsyncGenerator<Order> {
  requireStaff(viewer);
  if (!(placed.from < placed.to && placed.to - placed.from <= longestMs)) {
    throw new Refusal('invalid_request', 'from and to must be a span of time of at most eight days.');
  }
  const query = { placed, includeArchived: true, includeHidden: true, limit: 200 } as const;
  let after: string | undefined;
  do {
    const page = await listActions(services, { ...query, after });
    yield* page.actions;
    after = page.next;
  } while (after !== undefined);
}

const standingOfStatus: Readonly<Record<Exclude<Status, 'confirmed'>, Standing>> = {
  pending: 'waiting',
  cancelled: 'ended',
  expired: 'ended',
  refused: 'ended',
};

/** Where the order stands. */
export function standingOf({ status, archivedAt }: Order): Standing {
  if (status !== 'confirmed') return standingOfStatus[status];
  return archivedAt === undefined ? 'to-do' : 'done';
}

function add(totals: Totals, { size, toppings, bill }: OrderTerms): void {
  totals.orders += 1;
  totals.amount += bill?.total ?? 0;
  totals.sizes[size] = (totals.sizes[size] ?? 0) + 1;
  for (const topping of toppings) totals.toppings[topping] = (totals.toppings[topping] ?? 0) + 1;
}
