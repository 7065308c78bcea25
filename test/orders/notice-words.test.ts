import { describe, expect, it } from 'vitest';
import { noticeWords } from '../../src/orders/notice-words';
import type { Order } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import { noticeKinds } from '../../src/step-up/notice';
import { endedOrder, home, pizza } from '../fixtures/orders';

const page = 'https://pod.example/app/';
const id = '3f2a9c1e-7127-4c6b-8b96-1018d7b92d7c';
const confirmed = { id, endedAt: Date.parse('2030-01-01T12:01:30Z') };
const order = endedOrder({ ...confirmed, terms: quote(pizza, home) });

describe('a receipt', () => {
  it('says what is confirmed, since when, and under which number', () => {
    expect(noticeWords.receipt(order, page)).toEqual({
      subject: 'Your order 3f2a9c1e is confirmed',
      text: `Thank you. Your order at Pizza on Demand is confirmed.

  Order      3f2a9c1e
  What       large pizza with pepperoni
  Confirmed  2030-01-01 12:01 UTC

Pizza on Demand
24 Mill Lane, Springfield, IL 62701
217-555-0142
large pizza: $14.99
pepperoni: $1.50
delivery: $2.99
tax: $1.61
total: $21.09
Delivery to 7 Elm Street in 40 minutes

Pizza on Demand
`,
    });
  });

  it('of an order that a POD without prices took names none', () => {
    const { text } = noticeWords.receipt(endedOrder({ ...confirmed, terms: pizza }), page);
    expect(text).toContain('large pizza with pepperoni');
    expect(text).not.toContain('$');
  });

  it.each([
    [1, 'One wrong code was tried since your last order.'],
    [3, '3 wrong codes were tried since your last order.'],
  ])('tells of wrong codes before: %i', (wrongCodesBefore, told) => {
    expect(noticeWords.receipt({ ...order, wrongCodesBefore }, page).text).toContain(told);
    expect(noticeWords.receipt(order, page).text).not.toContain('wrong code');
  });

  it('that comes late does not call an order confirmed which was cancelled meanwhile', () => {
    const cancelled = endedOrder({ id, status: 'cancelled' });
    const { text } = noticeWords.receipt(cancelled, page);
    expect(text).toContain('It has been cancelled since.');
    expect(text).not.toContain('is confirmed');
  });
});

describe('the news of a lock', () => {
  const { subject, text } = noticeWords.locked(endedOrder({ id, status: 'refused' }), page);

  it('says what it means, which order is refused, and how it is taken off', () => {
    expect(subject).toBe('Ordering is locked');
    expect(text).toContain('nobody can order in your name');
    expect(text).toContain('large pizza with pepperoni');
    expect(text).toContain('choose "Unlock ordering": https://pod.example/app/#/profile\n');
    expect(text).toContain('If it was not you who tried these codes');
  });

  it('names no address of the page that nobody knows', () => {
    const { text: without } = noticeWords.locked(order, undefined);
    expect(without).toContain('choose "Unlock ordering".');
    expect(without).not.toContain('://');
  });
});

it('says that it was the pizzeria that cancelled', () => {
  const { subject, text } = noticeWords.cancelled_by_staff(endedOrder({ id, status: 'cancelled' }), page);
  expect(subject).toBe('Your order 3f2a9c1e was cancelled');
  expect(text).toContain('The pizzeria has cancelled your order.');
  expect(text).toContain('Call 217-555-0142.');
  expect(text).toContain('large pizza with pepperoni');
});

it('says why, in the words of the staff, and nothing where they gave none', () => {
  const cancelled = endedOrder({ id, status: 'cancelled' });
  const note = 'We are out of bacon.';
  const told = (order: Order) => noticeWords.cancelled_by_staff(order, page).text;
  expect(told({ ...cancelled, note } as Order)).toContain('The pizzeria says: “We are out of bacon.”');
  expect(told(cancelled)).not.toContain('says');
});

it('names an order by its number, if it has one', () => {
  expect(noticeWords.receipt({ ...order, number: 42 }, page).subject).toBe('Your order 42 is confirmed');
});

it.each([...noticeKinds])('has a subject of one short line, and no id or contact: %s', (kind) => {
  const told: Order = { ...order, delivery: { channel: 'sms', maskedContact: '•••• 0101' } };
  const { subject, text } = noticeWords[kind](told, page);
  expect(subject).toMatch(/^[\x20-\x7e]{1,60}$/);
  expect(text).not.toContain(id);
  expect(text).not.toContain(order.customerId);
  expect(text).not.toContain('0101');
});
