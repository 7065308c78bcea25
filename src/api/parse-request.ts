import type { Request } from 'express';
import { parseSize, parseTopping, toppings } from '../orders/menu';
import type { Pizza } from '../orders/pizza-order';
import { Refusal } from '../step-up/refusal';

/**
 * The pizza of an order request: exactly `size` and `toppings`. A topping named twice counts once.
 * @throws Refusal `invalid_request`, or NotOnMenu
 */
export function parsePizza(body: unknown): Pizza {
  const { size, toppings: wanted } = parseMembers(body, ['size', 'toppings']);
  if (typeof size !== 'string') throw invalid('size must be a string.');
  if (!Array.isArray(wanted)) throw invalid('toppings must be an array of strings.');
  if (wanted.length > toppings.length) throw invalid(`toppings has at most ${toppings.length} items.`);
  if (!wanted.every((topping) => typeof topping === 'string'))
    throw invalid('Each topping must be a string.');
  return { size: parseSize(size), toppings: [...new Set(wanted.map(parseTopping))] };
}

/**
 * What an authorization request gives as the code. A number is refused here, because `0123` is a code and 123 is not;
 * whether a text is a whole code, `prove` decides.
 * @throws Refusal `invalid_request`
 */
export function parseAuthorization(body: unknown): string {
  const { code } = parseMembers(body, ['code']);
  if (typeof code !== 'string') throw invalid('code must be a string: leading zeros count.');
  return code;
}

/**
 * The request id of a turn, from the Idempotency-Key header; undefined without one.
 * @throws Refusal `invalid_request` unless it is 1 to 255 visible ASCII characters
 */
export function parseIdempotencyKey(req: Request): string | undefined {
  const key = req.get('Idempotency-Key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid('Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  return key;
}

/** The members of a JSON object that has these and no others. */
function parseMembers<Name extends string>(body: unknown, names: readonly Name[]): Record<Name, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('The body must be a JSON object.');
  }
  const missing = names.filter((name) => !Object.hasOwn(body, name));
  if (missing.length > 0) throw invalid(`The body lacks ${missing.join(', ')}.`);
  if (Object.keys(body).length > names.length) throw invalid(`The body may have only ${names.join(', ')}.`);
  return body as Record<Name, unknown>;
}

function invalid(detail: string): Refusal {
  return new Refusal('invalid_request', detail);
}
