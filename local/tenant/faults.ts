import { setTimeout as delay } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import { type CallCounts, type CallName, callNames, nameCall } from './calls';

/** How the tenant misbehaves at one call. */
export interface Fault {
  call: CallName;
  /** Waits first. Alone, the call is answered as always afterwards. */
  latencyMs?: number;
  /**
   * Instead of the right answer: a status, no answer ever, or a connection that breaks. 400 is what the SMS provider
   * refuses, 403 a grant or scope that is missing.
   */
  answer?: (typeof answers)[number];
  /** For 429: seconds until calls are welcome again. */
  retryAfterSeconds?: number;
  /** The call is carried out all the same, and only its answer gets lost. */
  performed?: boolean;
  /** After so many calls the fault is over; it stays until it is cleared if absent. */
  times?: number;
}

/** The faults that are switched on. */
export type Faults = ReturnType<typeof createFaults>;

export function createFaults() {
  let faults: Fault[] = [];
  return {
    /** Switches a fault on. Of several for one call the oldest comes first, for as many `times` as it has. */
    add(fault: Fault): void {
      faults.push({ ...fault });
    },
    /** A copy. */
    get: (): Fault[] => faults.map((fault) => ({ ...fault })),
    clear(): void {
      faults = [];
    },
    /** The fault that this call meets, if any; one of its `times` is used up by it. */
    take(call: CallName): Fault | undefined {
      const fault = faults.find((one) => one.call === call);
      if (fault?.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) faults = faults.filter((one) => one !== fault);
      }
      return fault;
    },
  };
}

const answers = [400, 403, 429, 500, 503, 'hang', 'drop'] as const;

/**
 * Reads a fault from outside.
 * @throws TypeError that says what is wrong with it
 */
export function parseFault(input: unknown): Fault {
  const fault = { ...(input as Partial<Fault>) };
  const isNumber = (value: unknown) =>
    value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
  if (!callNames.includes(fault.call as CallName)) {
    throw new TypeError(`call must be one of ${callNames.join(', ')}`);
  }
  if (fault.answer !== undefined && !answers.includes(fault.answer)) {
    throw new TypeError(`answer must be one of ${answers.join(', ')}`);
  }
  if (![fault.latencyMs, fault.retryAfterSeconds, fault.times].every(isNumber)) {
    throw new TypeError('latencyMs, retryAfterSeconds and times must be whole numbers');
  }
  if (fault.performed && fault.answer === undefined) throw new TypeError('performed needs an answer');
  if (fault.performed && (fault.answer === 400 || fault.answer === 403)) {
    throw new TypeError('what is refused is not performed');
  }
  return fault as Fault;
}

/** Counts each call, and lets it meet the fault that is switched on for it. `signal` ends the waiting ones. */
export function meetFaults(parts: {
  calls: CallCounts;
  faults: Faults;
  signal: AbortSignal;
}): RequestHandler {
  return async (req, res, next) => {
    const call = nameCall(req);
    if (!call) return next();
    parts.calls.add(call);
    const fault = parts.faults.take(call);
    if (fault?.latencyMs) await delay(fault.latencyMs, undefined, { signal: parts.signal }).catch(() => {});
    if (parts.signal.aborted) return;
    if (!fault?.answer) return next();
    if (!fault.performed) return misbehave(res, fault);
    loseAnswer(res, () => misbehave(res, fault));
    next();
  };
}

function misbehave(res: Response, { call, answer, retryAfterSeconds = 1 }: Fault): void {
  if (answer === 'drop') res.socket?.destroy();
  if (typeof answer !== 'number') return;
  if (answer === 429) {
    res.set({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + retryAfterSeconds),
      'retry-after': String(retryAfterSeconds),
    });
  }
  res.status(answer).json(call.startsWith('users.') ? managementBody(answer) : oauthBody(call, answer, res));
}

const texts = {
  400: ['Bad Request', 'invalid_body', 'Payload validation error'],
  403: ['Forbidden', 'insufficient_scope', 'Insufficient scope, expected any of: read:users'],
  429: ['Too Many Requests', 'too_many_requests', 'Global limit has been reached'],
  500: ['Internal Server Error', 'server_error', 'Something went wrong'],
  503: ['Service Unavailable', 'temporarily_unavailable', 'Service is temporarily unavailable'],
} as const;

function managementBody(statusCode: keyof typeof texts) {
  const [error, errorCode, message] = texts[statusCode];
  return { statusCode, error, message, errorCode };
}

function oauthBody(call: CallName, status: keyof typeof texts, { req }: Response) {
  const { grant_type, phone_number } = req.body ?? {};
  if (status === 400 && call === 'passwordless.start') {
    const error_description = `The 'To' number ${phone_number} is not a valid phone number. (Code: 21211)`;
    return { error: 'sms_provider_error', error_description };
  }
  if (status === 403 && call === 'management.token') {
    const error_description = 'Client is not authorized to access the Management API.';
    return { error: 'access_denied', error_description };
  }
  if (status === 403) {
    const grant = grant_type ?? 'http://auth0.com/oauth/grant-type/passwordless/otp';
    return {
      error: 'unauthorized_client',
      error_description: `Grant type '${grant}' not allowed for the client.`,
    };
  }
  const [, error, error_description] = texts[status];
  return { error, error_description };
}

// Express and Koa both end an answer by `end`, and have written nothing before it.
function loseAnswer(res: Response, instead: () => void): void {
  const { end } = res;
  res.end = () => {
    res.end = end;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    instead();
    return res;
  };
}
