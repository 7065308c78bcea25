import { expect, test } from 'vitest';
import { parseMailbox, parsePhoneNumber } from '../../src/auth0/contact';

test.each([
  ['+15550100199', '+15550100199'],
  [' +1 (555) 010-0199 ', '+15550100199'],
  ['+44.20.7946.0958', '+442079460958'],
  ['+2901234', '+2901234'],
  ['\u202a+15550100199\u202c', '+15550100199'],
  ['\u200b+1\u200e555\u200d010\u20600199\ufeff', '+15550100199'],
  ['\u2066+1\u2069555\u00ad0100199', '+15550100199'],
  ['+1\u2011555\u2013010\u2014\u22120199', '+15550100199'],
  ['+1\u00a0555\u202f010\u30000199', '+15550100199'],
  ['＋１（５５５）０１００１９９', '+15550100199'],
  ['+1 [555] {010} 0199', '+15550100199'],
])('%j is the number %j', (written, number) => {
  expect(parsePhoneNumber(written)).toBe(number);
});

test.each([
  ['without a country code', '5550100199'],
  ['with a trunk zero', '+44 (0)20 7946 0958'],
  ['with a trunk zero in full width', '＋４４（０）20 7946 0958'],
  ['with a hidden trunk zero', '+44 (\u200b0) 20 7946 0958'],
  ['with an extension', '+15550100199,12'],
  ['with two at once', '+15550100199/98'],
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
