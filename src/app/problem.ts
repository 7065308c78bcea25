import type { ErrorRequestHandler, Response } from 'express';
import { httpStatus, Refusal, type RefusalCode } from '../errors';
import type { Log } from '../services';

/** `insufficient_user_authentication` (RFC 9470 §3): the sign-in is too old for what was asked. */
export type ProblemCode = RefusalCode | 'insufficient_user_authentication';

const statuses: Record<ProblemCode, number> = { ...httpStatus, insufficient_user_authentication: 401 };

/** Answers the page with a problem (RFC 9457); it shows its own sentence for the code. */
export function sendProblem(response: Response, code: ProblemCode, detail: string): void {
  const status = statuses[code];
  response
    .status(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', status, code, detail });
}

/** Answers refusals of the use cases, and malformed requests. Bugs go on to the app's own answer. */
export function answerRefusals(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof Refusal) return sendProblem(response, error.code, error.message);
    // As Express and its body parser report a request they cannot read.
    if (error.status >= 400 && error.status < 500) {
      return sendProblem(response, 'invalid_request', 'The request is malformed.');
    }
    log.error({ err: error }, 'a request of the page failed');
    response.status(500).type('application/problem+json').send({ type: 'about:blank', status: 500 });
  };
}
