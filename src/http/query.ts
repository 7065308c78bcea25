import { type Span, type Standing, standings } from '../orders/day';
import { type Status, statuses } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import type { ActionQuery } from '../step-up/ledger';
import { Refusal } from '../step-up/refusal';

/** How many orders a page may have, and has unless asked otherwise. */
export const pageLimits = { maximum: 200, default: 50 } as const;

/** The parameters of a request's address; webtask-runtime replaces `req.query` by one of its own. */
export function queryOf({ url }: { url: string }): URLSearchParams {
  return new URLSearchParams(url.replace(/^[^?]*/, ''));
}

/**
 * Which orders are asked for: `limit`, `after`, `status` (repeated for several) and `customer`. Others are ignored.
 * @throws Refusal `invalid_request`
 */
export function parseOrderQuery(query: URLSearchParams): ActionQuery {
  const wanted = query.getAll('status');
  if (!wanted.every(isStatus)) throw invalid(`status must be one of ${statuses.join(', ')}.`);
  return {
    customerId: parseCustomer(once(query, 'customer')),
    statuses: wanted.length > 0 ? wanted : undefined,
    after: parseCursor(once(query, 'after')),
    limit: parseLimit(once(query, 'limit')),
  };
}

/**
 * The span of time that is asked for: `from` on and before `to`, in milliseconds since the epoch.
 * @throws Refusal `invalid_request`
 */
export function parseSpan(query: URLSearchParams): Span {
  const [from, to] = ['from', 'to'].map((name) => {
    const text = once(query, name) ?? '';
    if (!/^\d{1,15}$/.test(text)) throw invalid(`${name} must be a time, in milliseconds since 1970.`);
    return Number(text);
  });
  return { from: Number(from), to: Number(to) };
}

/**
 * Which orders of a day are looked for: `show` and `q`.
 * @throws Refusal `invalid_request`
 */
export function parseSearch(query: URLSearchParams): { standing?: Standing; search?: string } {
  const show = once(query, 'show');
  const search = once(query, 'q');
  const standing = standings.find((one) => one === show);
  if (show !== undefined && !standing) throw invalid(`show must be one of ${standings.join(', ')}.`);
  if (search !== undefined && search.length > 100) throw invalid('q must have at most 100 characters.');
  return { standing, search };
}

/**
 * The customer whom a request names, if it names one.
 * @throws Refusal `invalid_request` for what cannot be a customer's id
 */
function parseCustomer(value: unknown): CustomerId | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[^\p{Cc}]{1,255}$/u.test(value)) return value as CustomerId;
  throw invalid('customer is malformed.');
}

function parseCursor(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw invalid('after is malformed.');
}

function parseLimit(text = String(pageLimits.default)): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > pageLimits.maximum) throw invalid(`limit must be 1 to ${pageLimits.maximum}.`);
  return limit;
}

function once(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw invalid(`${name} may be given once.`);
  return value;
}

function isStatus(text: string): text is Status {
  return (statuses as readonly string[]).includes(text);
}

function invalid(detail: string): Refusal {
  return new Refusal('invalid_request', detail);
}
