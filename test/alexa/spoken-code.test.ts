import { describe, expect, it } from 'vitest';
import { mayHoldCode, parseSpokenCode } from '../../src/alexa/spoken-code';

describe('a spoken code', () => {
  it.each([
    ['1234', '1234'],
    ['0123', '0123'],
    ['0000', '0000'],
    [' 1234 ', '1234'],
    ['1 2 3 4', '1234'],
    ['1-2-3-4', '1234'],
    ['12 34', '1234'],
    ['one two three four', '1234'],
    ['One Two Three Four', '1234'],
    ['zero one two three', '0123'],
    ['oh one two three', '0123'],
    ['o one two three', '0123'],
    ['double four one two', '4412'],
    ['triple seven one', '7771'],
    ['twenty seventeen', '2017'],
    ['nineteen oh five', '1905'],
    ['twelve thirty four', '1234'],
    ['one two three for', '1234'],
    ['won to too ate', '1228'],
    ['one thousand two hundred thirty four', '1234'],
    ['one thousand two hundred and thirty four', '1234'],
    ['1, 2, 3, 4', '1234'],
    ['1. 2. 3. 4.', '1234'],
    ['one, two, three, and four', '1234'],
    ['um one two uh three four please', '1234'],
    ['nought one two three', '0123'],
  ])('%j is %s', (said, code) => {
    expect(parseSpokenCode(said, 4)).toBe(code);
  });

  it.each([
    ['012345', '012345'],
    ['zero one two three four five', '012345'],
    ['oh one two three for ate', '012348'],
    ['double seven one two triple nine', undefined],
    ['double seven one triple nine', '771999'],
    ['1234', undefined],
    ['1234567', undefined],
    ['one thousand two hundred thirty four', undefined],
  ])('of six digits: %j is %s', (said, code) => {
    expect(parseSpokenCode(said, 6)).toBe(code);
  });

  it.each([
    '٠١٢٣',
    '123',
    '12345',
    '?',
    '',
    undefined,
    null,
    {},
    [],
    1234,
    '12a4',
    '-123',
    '1e3',
    '12.4',
    'oh nine',
    'one two three',
    'one two three four five',
    'double',
    'toString one two three',
    '1234'.repeat(100),
  ])('%j is none: it is asked for again', (said) => {
    expect(parseSpokenCode(said, 4)).toBeUndefined();
  });
});

it.each([
  ['anchovies', false],
  ['dragon fruit', false],
  ['half and half', false],
  ['one', true],
  ['One two', true],
  ['twelve', true],
  ['double cheese', true],
  ['a hundred', true],
  ['oh', true],
  ['to go', true],
  ['gold 9', true],
])('could a code be in "%s": %s', (text, may) => {
  expect(mayHoldCode(text)).toBe(may);
});
