import { expect, test } from 'vitest';
import { maskMailbox, maskPhone } from '../../src/auth0/mask-contact';

test.each([
  ['+15550100199', '•••• 0199'],
  ['+44 20 7946 0958', '•••• 0958'],
  ['+2901234', '•••• 34'],
  ['+12345', '•••• 45'],
  ['+1234', '••••'],
  ['', '••••'],
  ['٠١٢٣٤٥٦٧٨٩٠١', '••••'],
])('the number %j is shown as %j', (number, shown) => {
  expect(maskPhone(number)).toBe(shown);
});

test.each([
  ['ann@example.com', 'a•••@example.com'],
  ['a@example.com', '•••@example.com'],
  ['élan@exämple.example', 'é•••@exämple.example'],
  ['👩‍🍳chef@example.com', '•••@example.com'],
  ['𝒜nn@example.com', '𝒜•••@example.com'],
  ['"a@b"@example.com', '•••@example.com'],
  ['+tag@example.com', '•••@example.com'],
  ['@example.com', '•••'],
  ['ann@', '•••'],
  ['ann@[192.0.2.1]', '•••'],
  ['ann@example.com\u202e', '•••'],
  ['+15550100199', '•••'],
  ['', '•••'],
])('the mailbox %j is shown as %j', (mailbox, shown) => {
  expect(maskMailbox(mailbox)).toBe(shown);
});
