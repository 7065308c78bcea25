import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { UnauthorizedError } from 'express-jwt';
import { httpStatus, Refusal, type RefusalCode, type RefusalDetails } from '../errors';
import type { Log } from '../services';
import { presentOrder } from './present-order';

/** What a client may branch on: the product's refusals, and one for our own bugs. */
export type ProblemCode = RefusalCode | 'internal_error';

interface Fault {
  status: number;
  code: ProblemCode;
  detail: string;
  details?: RefusalDetails;
}

/** A request that HTTP itself lets us turn down, with a status that no refusal of the product has. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  constructor(
    readonly status: 405 | 415,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Answers every method a path does not have with 405 and those it has (RFC 9110 §15.5.6). */
export function allowOnly(...methods: string[]): RequestHandler {
  const allow = methods.join(', ');
  return () => {
    throw new HttpFault(405, `This path has only ${allow}.`, { Allow: allow });
  };
}

/** The door's one error answer: problem details (RFC 9457) with a stable `code`. Bugs are logged, and say nothing of themselves. */
export function answerProblem(log: Log): ErrorRequestHandler {
  return (error, req, res, next) => {
    const fault = diagnose(error);
    if (fault.code === 'internal_error')
      log.error({ err: error, method: req.method }, 'an API request failed');
    if (res.headersSent) return next(error);
    if (error instanceof HttpFault) res.set(error.headers);
    if (fault.status === 401) challenge(res, req.headers.authorization !== undefined);
    const retryAfter = fault.details?.retryAfterSeconds;
    if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
    res
      .status(fault.status)
      .type('application/problem+json')
      .send(JSON.stringify(presentProblem(fault)));
  };
}

function diagnose(error: unknown): Fault {
  if (error instanceof Refusal) {
    const { code, message, details } = error;
    return { status: httpStatus[code], code, detail: message, details };
  }
  // express-jwt's messages may tell how a token is checked: the client learns only that it was refused.
  if (error instanceof UnauthorizedError) {
    return { status: 401, code: 'invalid_token', detail: 'A valid access token is needed.' };
  }
  if (error instanceof HttpFault) {
    return { status: error.status, code: 'invalid_request', detail: error.message };
  }
  const status = clientFaultStatus(error);
  if (status) return { status, code: 'invalid_request', detail: parserFaults[status] ?? unreadable };
  return { status: 500, code: 'internal_error', detail: 'Something went wrong on our side.' };
}

const unreadable = 'The request cannot be read.';

// In our own words: body-parser quotes the body, which may hold a code.
const parserFaults: Readonly<Record<number, string>> = {
  400: 'The path or the body cannot be read: a body must be valid JSON.',
  413: 'The body exceeds 10 kB.',
  415: 'The body must be JSON in UTF-8: Content-Type: application/json.',
};

/** The status that body-parser and the router put on errors which are the client's own, 4xx. */
function clientFaultStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** RFC 6750 §3.1: a request without credentials gets a challenge without an error code. */
function challenge(res: Response, hadCredentials: boolean): void {
  const error = hadCredentials ? ', error="invalid_token", error_description="The token was refused"' : '';
  res.set('WWW-Authenticate', `Bearer realm="pod"${error}`);
}

// `about:blank` says that the status has its usual meaning, so the title is the status's own phrase (RFC 9457 §4.2.1).
function presentProblem({ status, code, detail, details }: Fault) {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail,
    code,
    attemptsLeft: details?.attemptsLeft,
    order: details?.order && presentOrder(details.order),
  };
}
