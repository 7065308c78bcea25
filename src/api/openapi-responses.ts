import { type ProblemCode, problemTraits } from '../http/problem';
import { ref, type Schema } from './openapi-schemas';

/** As much of OpenAPI's response object as this API needs. */
export interface ApiResponse {
  description: string;
  headers?: Readonly<Record<string, { description: string; required?: boolean; schema: Schema }>>;
  content: Readonly<Record<string, { schema: Schema }>>;
}

const endedCodes = [
  'order_already_confirmed',
  'order_cancelled',
  'order_expired',
  'order_refused',
] as const satisfies readonly ProblemCode[];

/** What any turn may be refused for, whatever it does. */
export const turnCodes = [
  'invalid_request',
  'request_in_progress',
  'idempotency_key_reused',
  'upstream_unavailable',
  'upstream_misconfigured',
  'account_blocked',
  'store_full',
  ...endedCodes,
] as const satisfies readonly ProblemCode[];

/** Why a customer has no contact that a code could go to, or be proved for. */
export const contactCodes = [
  'no_contact',
  'contact_taken',
  'contact_unusable',
  'contact_unreachable',
] as const satisfies readonly ProblemCode[];

/** What a turn that sends a code may also be refused for. */
export const sendingCodes = [
  'ordering_locked',
  'too_many_codes',
  'too_many_codes_in_all',
  ...contactCodes,
] as const satisfies readonly ProblemCode[];

const seconds: Schema = { type: 'string', pattern: '^[0-9]+$' };

const responseHeaders: Readonly<Record<number, ApiResponse['headers']>> = {
  401: {
    'WWW-Authenticate': {
      description: 'How to authenticate (RFC 6750 §3).',
      required: true,
      schema: { type: 'string', pattern: '^Bearer ' },
    },
  },
  409: {
    'Retry-After': { description: 'With request_in_progress: seconds to wait.', schema: seconds },
  },
  429: {
    'Retry-After': {
      description: 'Seconds until another order may be placed, or another code be sent.',
      required: true,
      schema: seconds,
    },
  },
  503: {
    'Retry-After': { description: 'Seconds to wait, where that is known.', schema: seconds },
  },
};

/** One problem response for each status of these codes, and of those that every operation has: no token, no store, a bug. */
export function problems(...codes: readonly ProblemCode[]): Record<number, ApiResponse> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...codes, 'invalid_token', 'store_unavailable', 'internal_error'] as const)) {
    const { status } = problemTraits[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, problem(status, some)]));
}

function problem(status: number, codes: readonly ProblemCode[]): ApiResponse {
  // Not beside the reference: many readers of OpenAPI see nothing there.
  const schema = {
    allOf: [ref('Problem'), { properties: { status: { const: status }, code: { enum: codes } } }],
  };
  return {
    description: codes.join(', '),
    headers: responseHeaders[status],
    content: { 'application/problem+json': { schema } },
  };
}

/** How a body that POD cannot read is refused. */
export const unreadableBody = {
  413: problem(413, ['invalid_request']),
  415: problem(415, ['invalid_request']),
};

/** A success that is answered as JSON. */
export function json(description: string, schema: Schema): ApiResponse {
  return { description, content: { 'application/json': { schema } } };
}
