import type { Request } from 'express';
import { Refusal } from '../errors';
import { type CustomerId, type OrderStatus, orderStatuses, type Pizza, toppings } from '../orders/order';
import { parseSize, parseTopping } from '../orders/parse-pizza';
import type { OrderQuery } from '../services';

/** How many orders a page may have, and has unless asked otherwise. */
export const pageLimits = { maximum: 200, default: 50 } as const;

/**
 * The pizza of an order request: exactly `size` and `toppings`. A topping named twice counts once.
 * @throws Refusal `invalid_request`, `unknown_size`, `unknown_topping`
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
 * The code of an authorization request, unchecked: a text of another form than a code's costs no attempt.
 * A number is refused here, because `0123` is a code and 123 is not.
 * @throws Refusal `invalid_request`
 */
export function parseCode(body: unknown): string {
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

/**
 * What part of the orders is asked for. Parameters the API does not know are ignored.
 * @throws Refusal `invalid_request`
 */
export function parseOrderQuery(search: URLSearchParams): OrderQuery {
  const statuses = search.getAll('status');
  if (!statuses.every(isStatus)) throw invalid(`status must be one of ${orderStatuses.join(', ')}.`);
  return {
    customerId: parseOnce(search, 'customer', /^[^\p{Cc}]{1,255}$/u) as CustomerId | undefined,
    statuses: statuses.length > 0 ? statuses : undefined,
    // What was cleared from the board is still the customer's history.
    includeArchived: true,
    after: parseOnce(search, 'after', /^[\x21-\x7e]{1,255}$/),
    limit: parseLimit(search),
  };
}

function parseLimit(search: URLSearchParams): number {
  const limit = Number(parseOnce(search, 'limit', /^\d{1,3}$/) ?? pageLimits.default);
  if (limit < 1 || limit > pageLimits.maximum) throw invalid(`limit must be 1 to ${pageLimits.maximum}.`);
  return limit;
}

function parseOnce(search: URLSearchParams, name: string, shape: RegExp): string | undefined {
  const [value, ...more] = search.getAll(name);
  if (more.length > 0) throw invalid(`${name} may be given once.`);
  if (value !== undefined && !shape.test(value)) throw invalid(`${name} is malformed.`);
  return value;
}

function isStatus(text: string): text is OrderStatus {
  return (orderStatuses as readonly string[]).includes(text);
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
