/** A one-time code: whole, so that it may be tried. A text, because `0123` is a code and 123 is not. */
export type Code = string & { readonly __brand: 'Code' };

/** How many digits a code has: as many as the tenant's passwordless connections are set to. */
export type CodeLength = 4 | 6;

/** The length in words, for sentences: `four digits`. */
export function codeInWords(length: CodeLength): string {
  return length === 4 ? 'four digits' : 'six digits';
}

/** What a code looks like, for schemas (ECMA-262, anchored). */
export function codePattern(length: CodeLength): string {
  return `^[0-9]{${length}}$`;
}

/** The code, or undefined for anything that is not a whole one: it is no wrong code, and costs no attempt. */
export function parseCode(text: string | undefined, length: CodeLength): Code | undefined {
  return text !== undefined && new RegExp(codePattern(length)).test(text) ? (text as Code) : undefined;
}
