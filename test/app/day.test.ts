import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DayOrders } from '../../src/app/page-data';
import { quote } from '../../src/orders/quote';
import type { Browser } from '../fixtures/browser';
import { endedOrder, home, pendingOrder, pizza, storeOrders } from '../fixtures/orders';
import { type OpenApp, openApp, stella } from './open-app';

const hourMs = 3_600_000;
let app: OpenApp;
let staff: Browser;
let from: number;
beforeEach(async () => {
  app = await openApp();
  from = app.services.clock() - 12 * hourMs;
  staff = await app.signedIn(stella);
});
afterEach(() => app.close());

const span = () => `from=${from}&to=${from + 24 * hourMs}`;
const day = async (query = '') => (await staff.get(`orders/day?${span()}${query}`)).json as DayOrders;
const numbers = ({ orders }: DayOrders) => orders.map(({ number }) => number);

/** An order of the day's nth minute, of that number. */
function nth(number: number, terms: ReturnType<typeof quote> & { name?: string }, facts = {}) {
  return { ...endedOrder({ placedAt: from + number * 60_000, terms, ...facts }), number };
}

async function storeADay() {
  const small = quote({ size: 'small', toppings: [] }, undefined);
  const bacon = quote({ size: 'large', toppings: ['bacon', 'extra cheese'] }, undefined);
  const done = nth(3, bacon);
  await storeOrders(app.store, [
    nth(1, { ...quote(pizza, home), name: 'Ann Lee' }),
    nth(2, { ...small, name: 'Bob' }),
    done,
    nth(4, small, { status: 'cancelled' }),
    nth(5, small, { status: 'refused' }),
    { ...pendingOrder({ placedAt: app.services.clock(), terms: bacon }), number: 101 },
    // Not of this day.
    nth(-1, bacon),
    nth(24 * 60, bacon),
  ]);
  await app.store.archive(done.id, { at: from, by: 'Stella' });
}

it('is counted by where orders stand, and totalled by what was sold', async () => {
  await storeADay();
  const { counts, totals, found, ...rest } = await day();
  expect(numbers({ ...rest, counts, totals, found })).toEqual([101, 5, 4, 3, 2, 1]);
  expect(found).toBe(6);
  expect(counts).toEqual({ 'to-do': 2, waiting: 1, done: 1, ended: 2 });
  expect(totals).toEqual({
    orders: 3,
    amount: '$50.84',
    sizes: [
      ['large', 2],
      ['small', 1],
    ],
    toppings: [
      ['bacon', 1],
      ['extra cheese', 1],
      ['pepperoni', 1],
    ],
  });
});

it.each([
  ['&show=done', [3]],
  ['&show=ended', [5, 4]],
  ['&show=waiting', [101]],
  ['&q=3', [3]],
  ['&q=%23101', [101]],
  ['&q=lee', [1]],
  ['&q=ann+LEE', [1]],
  ['&q=cheese', [101, 3]],
  ['&q=cheese&show=done', [3]],
  ['&q=0101', [101, 5, 4, 3, 2, 1]],
  ['&q=101', [101, 5, 4, 3, 2, 1]],
  ['&q=small+bob', [2]],
  ['&q=01', [1]],
  ['&q=nobody', []],
  ['&q=%20', [101, 5, 4, 3, 2, 1]],
])('is searched (%s), and counted all the same', async (query, expected) => {
  await storeADay();
  const found = await day(query);
  expect(numbers(found)).toEqual(expected);
  expect(found.found).toBe(expected.length);
  expect(found.counts.done).toBe(1);
});

it('is searched to its end, and shows the newest of what was found', async () => {
  const terms = quote(pizza, undefined);
  await storeOrders(
    app.store,
    Array.from({ length: 450 }, (_, n) => nth(n, terms)),
  );
  const { orders, found, totals } = await day('&q=pepperoni');
  expect([orders.length, found, totals.orders]).toEqual([200, 450, 450]);
  expect(numbers(await day('&q=17'))).toEqual([17]);
});

it.each([
  '',
  'from=1',
  'from=5&to=5',
  'from=0&to=999999999',
  'from=-1&to=5',
  'from=1&to=2&show=eaten',
  'from=1&to=2&to=3',
])('is refused where it is none (%s)', async (query) => {
  const answer = await staff.get(`orders/day?${query}`);
  expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
});

it('leaves as a file for a spreadsheet, which runs nothing of what customers wrote', async () => {
  const address = { ...home, street: '7 "Elm", rear' };
  const order = nth(7, { ...quote(pizza, address), name: '=HYPERLINK(1)' });
  await storeOrders(app.store, [order]);
  const { headers, text } = await staff.get(`orders/day.csv?${span()}`);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment');
  const iso = (at: number) => new Date(at).toISOString();
  expect(text.split('\r\n')).toEqual([
    'number,id,standing,status,placed,confirmed,done,name,size,toppings,delivered to,code sent to,tax,total,currency',
    `7,${order.id},to-do,confirmed,${iso(order.placedAt)},${iso(order.endedAt)},,'=HYPERLINK(1),large,pepperoni,"7 ""Elm"", rear, Springfield, IL 62704",•••• 0101,1.61,21.09,USD`,
    '',
  ]);
});
