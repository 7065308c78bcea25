import { expect, it } from 'vitest';
import { formatMoney, isAmount, isCurrency, sayMoney } from '../../src/orders/money';

it.each([
  [1406, '$14.06', '14 dollars and 6 cents'],
  [1400, '$14.00', '14 dollars'],
  [101, '$1.01', '1 dollar and 1 cent'],
  [99, '$0.99', '99 cents'],
  [1, '$0.01', '1 cent'],
  [0, '$0.00', '0 dollars'],
  [123_456_789, '$1234567.89', '1234567 dollars and 89 cents'],
])('writes and says %i cents', (amount, written, spoken) => {
  expect(formatMoney(amount, 'USD')).toBe(written);
  expect(sayMoney(amount, 'USD')).toBe(spoken);
});

it.each([-1, 0.5, Number.NaN, 2 ** 53, '1', null])('takes no %j for an amount', (value) => {
  expect(isAmount(value)).toBe(false);
});

it.each(['usd', 'EUR', 'toString', 840, undefined])('knows no currency %j', (code) => {
  expect(isCurrency(code)).toBe(false);
});
