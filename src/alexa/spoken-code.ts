import { type Code, type CodeLength, parseCode } from '../step-up/code';

const digits = 'zero one two three four five six seven eight nine'.split(' ');
const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const otherZeros = { oh: 0, o: 0, nought: 0, naught: 0 };
/** What speech recognition writes for a digit it heard right. */
const soundsLike = { won: 1, to: 2, too: 2, for: 4, ate: 8 };

const numbers = new Map<string, number>([
  ...digits.map((word, index) => [word, index] as const),
  ...teens.map((word, index) => [word, 10 + index] as const),
  ...tens.map((word, index) => [word, 20 + 10 * index] as const),
  ...Object.entries({ ...otherZeros, ...soundsLike }),
]);

const repeats = new Map([
  ['double', 2],
  ['triple', 3],
]);

const magnitudes = ['hundred', 'thousand'];

/** What stands between digits and is none: thinking aloud, politeness, the joint of a long number. */
const notDigits = new Set(['', 'and', 'um', 'uh', 'er', 'please']);

/** No spoken code is longer, and what is longer need not be looked at. */
const maxLength = 80;

/**
 * Whether a word is part of a number. Words that only sound like a digit are none by themselves.
 * @param word in lower case
 */
export function isNumberWord(word: string): boolean {
  const isWritten = /^[0-9]+$/.test(word) || repeats.has(word) || magnitudes.includes(word);
  return isWritten || (numbers.has(word) && !Object.hasOwn(soundsLike, word));
}

/** Whether a code, or a part of one, could be in this text: it must not be said aloud then. */
export function mayHoldCode(text: string): boolean {
  return wordsOf(text).some((word) => /\d/.test(word) || isNumberWord(word) || numbers.has(word));
}

/**
 * A one-time code from what Alexa wrote down of it: `1234`, `1, 2, 3, 4`, `one two three four`, `um twenty seventeen please`,
 * `double four one two`. Undefined for anything that is not a whole code: ask again, it is not a wrong code.
 * AMAZON.FOUR_DIGIT_NUMBER promises digits but is a hint to the recogniser, not a guarantee; slots of our own have words.
 */
export function parseSpokenCode(said: unknown, length: CodeLength): Code | undefined {
  if (typeof said !== 'string' || said.length > maxLength) return undefined;
  const words = wordsOf(said).filter((word) => !notDigits.has(word));
  const isCardinal = words.some((word) => magnitudes.includes(word));
  return parseCode(isCardinal ? readCardinal(words) : spell(words), length);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[\s,.-]+/);
}

/** Digit by digit and in groups, the way years and telephone numbers are read. */
function spell(words: readonly string[]): string | undefined {
  let code = '';
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = words[at + 1] ?? '';
    const times = repeats.get(word);
    const group = times ? readDigit(next)?.repeat(times) : readGroup(word, next);
    if (group === undefined) return undefined;
    code += group;
    if (times || joins(word, next)) at++;
  }
  return code;
}

function readGroup(word: string, next: string): string | undefined {
  if (/^[0-9]+$/.test(word)) return word;
  const number = numbers.get(word);
  if (number === undefined) return undefined;
  return String(joins(word, next) ? number + (numbers.get(next) ?? 0) : number);
}

function readDigit(word: string): string | undefined {
  const digit = /^[0-9]$/.test(word) ? word : String(numbers.get(word));
  return digit.length === 1 ? digit : undefined;
}

/** "thirty four" is one number, "thirty oh four" and "twelve thirty" are two. */
function joins(word: string, next: string): boolean {
  return tens.includes(word) && digits.indexOf(next) > 0;
}

/** "one thousand two hundred and thirty four", "twelve hundred five". Anything else is not a number, and no code. */
function readCardinal(words: readonly string[]): string {
  const [, thousands, hundreds, rest] =
    /^(?:(\w+) thousand ?)?(?:(\w+) hundred ?)?(.*)$/.exec(words.join(' ')) ?? [];
  return String(1000 * readNumber(thousands) + 100 * readNumber(hundreds) + readNumber(rest));
}

function readNumber(spoken = ''): number {
  if (spoken === '') return 0;
  const [word = '', next = '', ...more] = spoken.split(' ');
  const isOneNumber = more.length === 0 && (next === '' || joins(word, next));
  return isOneNumber ? Number(readGroup(word, next)) : Number.NaN;
}
