const words = { USD: { sign: '$', unit: 'dollar', part: 'cent' } } as const;

/** By its code in ISO 4217. Each of these has a hundred minor units. */
export type Currency = keyof typeof words;
export const currencies = Object.keys(words) as readonly Currency[];

export function isCurrency(code: unknown): code is Currency {
  return (currencies as readonly unknown[]).includes(code);
}

/** Whether this is an amount of money: whole minor units, and never less than nothing. */
export function isAmount(amount: unknown): amount is number {
  return Number.isSafeInteger(amount) && Number(amount) >= 0;
}

/** An amount, in minor units, as it is written: `$14.06`. */
export function formatMoney(amount: number, currency: Currency): string {
  const { units, parts } = split(amount);
  return `${words[currency].sign}${units}.${String(parts).padStart(2, '0')}`;
}

/** An amount, in minor units, as it is spoken: `14 dollars and 6 cents`. */
export function sayMoney(amount: number, currency: Currency): string {
  const { unit, part } = words[currency];
  const { units, parts } = split(amount);
  if (parts === 0) return count(units, unit);
  return units === 0 ? count(parts, part) : `${count(units, unit)} and ${count(parts, part)}`;
}

function split(amount: number): { units: number; parts: number } {
  const parts = amount % 100;
  return { units: (amount - parts) / 100, parts };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
