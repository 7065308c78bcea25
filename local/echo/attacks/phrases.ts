export const victimsOrder = 'get me a small pizza with mushrooms';
export const strangersOrder = 'get me a jumbo pizza with pineapple';

/** The code as people say it: digit by digit. */
export function authorizeWith(code: string): string {
  return `ask pizza on demand to authorize order ${[...code].join(' ')}`;
}

/** Digits that are not this code: others for each `nth`. */
export function wrongCode(code: string, nth = 1): string {
  return String((Number(code) + nth) % 10 ** code.length).padStart(code.length, '0');
}
