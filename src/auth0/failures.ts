import type { CodeVerdict } from '../step-up/outside';

/** What POD needs to know of a failed call, whichever SDK it came from. */
export interface Failure {
  /** HTTP status, if there was an answer. */
  status?: number;
  /** Auth0's error code, for example `invalid_grant`. */
  error?: string;
  /** Auth0's text. May quote what was sent: for comparison only, never for a log or a person. */
  description?: string;
  /** Status and code, or the kind of network error. Safe to log. */
  reason: string;
  retryAfterSeconds?: number;
}

/** Longer waits are real (Auth0 blocks for days), but nobody should be told a number that means "call support". */
const longestRetryAfterSeconds = 3600;

/** An answer of Auth0's that is not what was asked for. To be thrown within a call, so that it counts as failed. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
}

/** Reads the errors of `auth0` (ManagementError), `@auth0/auth0-auth-js` (PasswordlessError), `jose` and fetch. */
export function describeFailure(thrown: unknown, now: number): Failure {
  const failed = record(thrown);
  const body = record(failed.body);
  const cause = record(failed.cause);
  const status = typeof failed.statusCode === 'number' ? failed.statusCode : undefined;
  const error = [body.errorCode, body.error, cause.error].find(isToken);
  const description = [body.message, body.error_description, cause.error_description].find(
    (text) => typeof text === 'string',
  );
  const headers = failed.headers ?? record(failed.rawResponse).headers;
  return {
    status,
    error,
    description,
    reason: [status, error ?? nameOf(thrown)].filter(Boolean).join(' '),
    retryAfterSeconds: headers instanceof Headers ? retryAfter(headers, status, now) : undefined,
  };
}

/**
 * What Auth0 answers to a code that is not right is always 403 `invalid_grant`; only the text tells why. The texts were
 * seen by users of the passwordless API (community.auth0.com/t/56087, tests of nextjs-auth0 and Auth0.Android) and are
 * documented nowhere, so that one which is not in this table means: wrong.
 */
const verdictTexts: readonly [RegExp, CodeVerdict][] = [
  [/maximum number of attempts/i, 'exhausted'],
  [/code has expired/i, 'expired'],
];

/** What a failed code exchange says of the code; undefined if it says nothing of it. */
export function verdictOf({ error, description = '' }: Failure): CodeVerdict | undefined {
  if (error !== 'invalid_grant') return undefined;
  return verdictTexts.find(([text]) => text.test(description))?.[1] ?? 'wrong';
}

/** What of the tenant's setup is missing: as docs/setup.md names it. */
type MissingPart =
  | 'credentials'
  | 'grant'
  | 'scope'
  | 'connection'
  | 'provider'
  | 'mfa exemption'
  | 'AUTH0_TENANT_DOMAIN';

/** A fault that waiting does not mend: the operator's, by what is missing, or the customer's. */
export type LastingFault =
  | { code: 'upstream_misconfigured'; missing: MissingPart }
  | { code: 'contact_unreachable' | 'account_blocked' };

const missing = (part: MissingPart): LastingFault => ({ code: 'upstream_misconfigured', missing: part });
const customers = (code: 'contact_unreachable' | 'account_blocked'): LastingFault => ({ code });

/**
 * By Auth0's error code, then by its text (auth0.com/docs: api/authentication errors, api/management/v2). Of Twilio's codes
 * (twilio.com/docs/api/errors) those of the account, the sender and the region are the operator's, all others the number's.
 */
const lastingFaults: readonly [error: string, text: RegExp, fault: LastingFault][] = [
  ['sms_provider_error', /\(Code: (20\d{3}|21212|21408|2160[368])\)/, missing('provider')],
  // The operator's gateway does not answer: that may pass.
  ['sms_provider_error', /^(?!.*(gateway|timeout|timed out))/is, customers('contact_unreachable')],
  ['unauthorized', /\bblocked\b/i, customers('account_blocked')],
  ['access_denied', /\bblocked\b/i, customers('account_blocked')],
  ['access_denied', /not authorized to access/i, missing('grant')],
  // POD asks for one service by name, the Management API, which has no custom domain.
  ['access_denied', /^Service not found/i, missing('AUTH0_TENANT_DOMAIN')],
  ['access_denied', /^Unauthorized$/i, missing('credentials')],
  ['unauthorized_client', /^/, missing('grant')],
  ['insufficient_scope', /^/, missing('scope')],
  ['invalid_client', /^/, missing('credentials')],
  ['bad.client_id', /^/, missing('credentials')],
  ['bad.connection', /^Connection (is disabled|does not exist)|strategy/i, missing('connection')],
  ['inexistent_connection', /^/, missing('connection')],
  ['mfa_required', /^/, missing('mfa exemption')],
];

/** Why asking again does not help; undefined for a failure that may pass. */
export function lastingFault({ status = 0, error, description = '' }: Failure): LastingFault | undefined {
  if (status < 400 || status >= 500 || status === 429) return undefined;
  return lastingFaults.find(([code, text]) => code === error && text.test(description))?.[2];
}

function retryAfter(headers: Headers, status: number | undefined, now: number): number | undefined {
  const seconds = waitOf(headers, status, now);
  return seconds > 0 ? Math.min(Math.ceil(seconds), longestRetryAfterSeconds) : undefined;
}

/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), else Auth0's `X-RateLimit-Reset`, which every answer has. */
function waitOf(headers: Headers, status: number | undefined, now: number): number {
  const header = headers.get('retry-after');
  if (header) return /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  const reset = headers.get('x-ratelimit-reset');
  return reset && status === 429 ? Number(reset) - now / 1000 : Number.NaN;
}

/** Network errors hide their kind at the bottom: `fetch failed` is a TypeError caused by, say, ECONNREFUSED. */
function nameOf(thrown: unknown): string {
  const { name, code, cause } = record(thrown);
  if (record(cause).name !== undefined) return nameOf(cause);
  return [code, name].find(isToken) ?? 'unknown error';
}

/** Only what looks like a code is taken for one, so that a text with a contact in it cannot get into a log. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(value);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
