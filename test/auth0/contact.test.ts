import { expect, test } from 'vitest';
import { parseMailbox, parsePhoneNumber } from '../../src/auth0/contact';

test.each([
  ['+15550100199', '+15550100199'],
  [' +1 (555) 010-0199 ', '+15550100199'],
  ['+44.20.7946.0958', '+442079460958'],
  ['+2901234', '+2901234'],
])('%j is the number %j', (written, number) => {
  expect(parsePhoneNumber(written)).toBe(number);
});

test.each([
  ['without a country code', '5550100199'],
  ['with a trunk zero', '+44 (0)20 7946 0958'],
  ['with an international prefix', '0015550100199'],
  ['with a country code that starts with zero', '+05550100199'],
  ['too short', '+123456'],
  ['too long', '+1234567890123456'],
  ['with letters', '+1555PIZZA01'],
  ['in other digits', '+١٥٥٥٠١٠٠١٩٩'],
  ['with a second line', '+15550100199\n+15550100198'],
  ['that is a number', 15550100199],
  ['that is an object', { toString: () => '+15550100199' }],
  ['that is missing', undefined],
])('a phone number %s is not used', (_name, written) => {
  expect(parsePhoneNumber(written)).toBeUndefined();
});

test('a mailbox is compared in lower case, as Auth0 keeps it', () => {
  expect(parseMailbox(' Ann@Example.COM ')).toBe('ann@example.com');
});

test.each([
  ['without a domain', 'ann@'],
  ['with two', 'ann@example.com,bob@example.com'],
  ['with spaces', 'ann smith@example.com'],
  ['too long', `${'a'.repeat(250)}@example.com`],
  ['that is missing', null],
])('a mailbox %s is not used', (_name, written) => {
  expect(parseMailbox(written)).toBeUndefined();
});
