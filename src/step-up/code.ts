/** A one-time code: whole, so that it may be tried. A text, because `0123` is a code and 123 is not. */
export type Code = string & { readonly __brand: 'Code' };

/** How many digits a code has: as many as the tenant's passwordless connections are set to. */
export const codeLength = 4;

/** The length in words, for sentences: `four digits`. */
export const codeInWords = 'four digits';

/** What a code looks like, for schemas (ECMA-262, anchored). */
export const codePattern = `^[0-9]{${codeLength}}$`;

const shape = new RegExp(codePattern);

/** The code, or undefined for anything that is not a whole one: it is no wrong code, and costs no attempt. */
export function parseCode(text: string | undefined): Code | undefined {
  return text !== undefined && shape.test(text) ? (text as Code) : undefined;
}
