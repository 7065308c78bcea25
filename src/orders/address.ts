import { type Fields, isFields, optional, type Shape, text } from '../step-up/json-shape';

/** Where a pizza can be brought: an address as people write it, in the words of vCard's ADR (RFC 6350 §6.3.1). */
export interface Address {
  /** House number and street, with whatever finds the door; the only line that is ever spoken. */
  street: string;
  city: string;
  /** State or province, where the country has them. */
  region?: string;
  postalCode: string;
}

/** One line, of characters that a label can show, a mail header can hold and UTF-8 can write; it may be blank. */
const optionalLine = text(100, /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
const line = text(100, /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
const shapes: Readonly<Record<keyof Address, Shape>> = {
  street: line,
  city: line,
  region: optional(optionalLine),
  postalCode: line,
};

/** The first line of an address that is missing, longer than 100 characters, or holds what cannot be seen. */
export function faultyLine(json: Fields): keyof Address | undefined {
  const names = Object.keys(shapes) as (keyof Address)[];
  return names.find((name) => shapes[name](json[name]) !== undefined);
}

/** An address out of JSON, each line trimmed; undefined for anything that is none, or a part of one. */
export function parseAddress(json: unknown): Address | undefined {
  if (!isFields(json) || faultyLine(json) !== undefined) return undefined;
  const trimmed = (name: keyof Address) => String(json[name] ?? '').trim();
  const region = trimmed('region');
  return {
    street: trimmed('street'),
    city: trimmed('city'),
    ...(region !== '' && { region }),
    postalCode: trimmed('postalCode'),
  };
}

/** The whole address on one line: `12 Market Street, Springfield, IL 62701`. */
export function formatAddress({ street, city, region, postalCode }: Address): string {
  return `${street}, ${city}, ${region ? `${region} ` : ''}${postalCode}`;
}
