const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const written = new Map([
  ['oh', '0'],
  ['o', '0'],
  ...[...digits, ...teens].map((word, number) => [word, String(number)] as const),
  ...tens.map((word, index) => [word, String(20 + 10 * index)] as const),
]);

/**
 * What AMAZON.FOUR_DIGIT_NUMBER makes of spoken digits: the four digits as a text, leading zeros and all; undefined for
 * anything else. Digit by digit or in pairs like a year: `one two three four`, `twelve thirty four`, `12 34`.
 */
export function recogniseFourDigits(words: readonly string[]): string | undefined {
  if (!words.every(isNumber)) return undefined;
  const groups = words.map((word) => written.get(word) ?? word);
  const heard = words.reduce((text, word, at) => {
    const isUnit = digits.indexOf(word) > 0 && tens.includes(words[at - 1] ?? '');
    return isUnit ? text.slice(0, -1) + groups[at] : text + groups[at];
  }, '');
  return /^\d{4}$/.test(heard) ? heard : undefined;
}

/** A number that was typed, as the words of its digits; any other word as it is. */
export function spellDigits(word: string): string[] {
  return /^\d+$/.test(word) ? [...word].map((digit) => digits[Number(digit)] ?? digit) : [word];
}

/** Whether a word is part of a number. */
export function isNumber(word: string): boolean {
  return /^\d+$/.test(word) || written.has(word);
}
