import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { NotOnMenu } from '../orders/menu';
import type { Action } from '../step-up/action';
import type { Log } from '../step-up/outside';
import { isRecorded } from '../step-up/record-outcome';
import { Refusal, type RefusalCode, refusalTraits } from '../step-up/refusal';
import { HttpFault } from './http-fault';
import { type DoorCounts, type DoorName, recordRefused } from './refused';

/** What a client may branch on: the product's refusals, what is not on the menu, and one code for our own bugs. */
export type ProblemCode = RefusalCode | NotOnMenu['code'] | 'internal_error';

/** The status of each problem (RFC 9110, RFC 4918 §11.2). */
export const problemTraits: Readonly<Record<ProblemCode, { status: number }>> = {
  ...refusalTraits,
  unknown_size: { status: 422 },
  unknown_topping: { status: 422 },
  internal_error: { status: 500 },
};

interface Fault<Terms> {
  status: number;
  code: ProblemCode | HttpFault['code'];
  detail: string;
  headers?: Readonly<Record<string, string>>;
  /** What a refusal may carry, whichever it is. */
  details?: {
    action?: Action<Terms>;
    attemptsLeft?: number;
    lastOne?: 'refuses' | 'locks';
    retryAfterSeconds?: number;
  };
}

/**
 * A door's one error answer: problem details (RFC 9457) with a stable `code`. What was refused is one line in the log, unless a
 * step has told of it; bugs are logged with all there is, and say nothing of themselves.
 * @param present how the door shows the action that a refusal is about, as the member `order`; absent if it does not
 */
export function answerProblem<Terms>(
  services: { log: Log; counts?: DoorCounts },
  door: DoorName,
  present?: (action: Action<Terms>) => object,
): ErrorRequestHandler {
  return (error, req, res, next) => {
    const { status, code, detail, headers, details = {} } = diagnose<Terms>(error);
    if (code === 'internal_error') {
      services.counts?.refusal(door, code);
      services.log.error({ err: error, method: req.method, door }, 'a request failed unexpectedly');
    } else if (!(error instanceof Refusal && isRecorded(error))) {
      recordRefused(services, { door, outcome: code, request: req, error });
    }
    if (res.headersSent) return next(error);
    const { action, attemptsLeft, lastOne, retryAfterSeconds } = details;
    if (status === 401) res.set('WWW-Authenticate', challenge(code, req.headers.authorization !== undefined));
    if (retryAfterSeconds !== undefined) res.set('Retry-After', String(retryAfterSeconds));
    const problem = {
      // `about:blank` says that the status has its usual meaning, so the title is its own phrase (RFC 9457 §4.2.1).
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      detail,
      code,
      attemptsLeft,
      lastOne,
      order: action && present?.(action),
    };
    res
      .status(status)
      .set({ 'Cache-Control': 'no-store', ...headers })
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  };
}

function diagnose<Terms>(error: unknown): Fault<Terms> {
  if (error instanceof Refusal) {
    const { code, message, details }: Refusal<RefusalCode, Terms> = error;
    return { status: problemTraits[code].status, code, detail: message, details };
  }
  if (error instanceof NotOnMenu) {
    return { status: problemTraits[error.code].status, code: error.code, detail: error.message };
  }
  if (error instanceof HttpFault) {
    const { status, code, message, headers } = error;
    return { status, code, detail: message, headers };
  }
  const status = clientFaultStatus(error);
  if (status)
    return { status, code: 'invalid_request', detail: unreadable[status] ?? 'The request cannot be read.' };
  return { status: 500, code: 'internal_error', detail: 'Something went wrong on our side.' };
}

// In our own words: body-parser quotes the body, which may hold a code.
const unreadable: Readonly<Record<number, string>> = {
  400: 'The path or the body cannot be read: a body must be valid JSON.',
  413: 'The body exceeds 10 kB.',
  415: 'The body must be JSON in UTF-8: Content-Type: application/json.',
};

/** The status that body-parser and the router put on errors which are the client's own, 4xx. */
export function clientFaultStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** RFC 6750 §3.1: a request without credentials gets a challenge without an error code. */
function challenge(code: string, hadCredentials: boolean): string {
  const realm = 'Bearer realm="pod"';
  if (code !== 'invalid_token') return `${realm}, error="${code}"`;
  return hadCredentials ? `${realm}, error="${code}", error_description="The token was refused"` : realm;
}
