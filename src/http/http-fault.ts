/** A fault of a request for which the product has no refusal, but HTTP has a status. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  constructor(
    readonly status: 400 | 401 | 405 | 415,
    /** `insufficient_user_authentication` (RFC 9470 §3): the sign-in is too old for what was asked. */
    readonly code: 'invalid_request' | 'insufficient_user_authentication',
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
