import { isNumberWord, parseSpokenCode } from '../../src/alexa/spoken-code';

const units = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/**
 * What AMAZON.FOUR_DIGIT_NUMBER makes of spoken digits: the four digits as a text, leading zeros and all; undefined for
 * anything else. Digit by digit, in pairs like a year, or as one number: `one two three four`, `twelve thirty four`, `12 34`.
 */
export function recogniseFourDigits(words: readonly string[]): string | undefined {
  return parseSpokenCode(words.join(' '), 4);
}

/** Whether these are the words of a number, though it may be too long or too short. */
export function isNumber(words: readonly string[]): boolean {
  return words.every((word) => word === 'and' || isNumberWord(word));
}

/** A number that was typed, as the words of its digits; any other word as it is. */
export function spellDigits(word: string): string[] {
  return /^\d+$/.test(word) ? [...word].map((digit) => units[Number(digit)] ?? digit) : [word];
}

/** A number below a hundred that was typed, as it is said; any other word as it is. */
export function sayNumber(word: string): string {
  if (!/^\d{1,2}$/.test(word)) return word;
  const number = Number(word);
  if (number < 20) return [...units, ...teens][number] ?? word;
  const unit = number % 10;
  return `${tens[(number - unit) / 10 - 2]}${unit > 0 ? ` ${units[unit]}` : ''}`;
}
