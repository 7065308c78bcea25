import { expect, it } from 'vitest';
import { parseName } from '../../src/orders/name';

it.each(['Phoebe', 'Ann Lee', "Seán O'Brien 3rd", 'Ødegård', '安娜'])(
  'is what people are called: %s',
  (name) => {
    expect(parseName(` ${name} `)).toBe(name);
  },
);

it.each([
  'phoebe@example.com',
  '+12025550101',
  '202-555-0101',
  '(202) 555 01 01',
  '',
  '  ',
  'two\nlines',
  'x\u202ey',
  'x'.repeat(61),
  7,
  undefined,
  null,
])('is nothing that names a contact, or no line: %j', (json) => {
  expect(parseName(json)).toBeUndefined();
});
