/** A fault of a request for which the product has no refusal, but HTTP has a status. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  constructor(
    readonly status: 400 | 405 | 415,
    readonly code: 'invalid_request',
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
