/** Which rule a request to `/alexa` can break. */
export const notVerifiedReasons = [
  'body_out_of_reach',
  'header_missing',
  'certificate_url_refused',
  'certificate_unavailable',
  'certificate_malformed',
  'certificate_expired',
  'certificate_name_mismatch',
  'certificate_key_refused',
  'certificate_untrusted',
  'signature_malformed',
  'signature_mismatch',
  'malformed',
  'stale',
  'other_skill',
] as const;
export type NotVerifiedReason = (typeof notVerifiedReasons)[number];

/**
 * A request that is not proven to come from Alexa, now, for this skill, in a shape POD understands.
 * Every reason is answered alike (400, without the reason): it is for the log only, and names no value of the request.
 */
export class RequestNotVerified extends Error {
  override readonly name = 'RequestNotVerified';

  constructor(
    readonly reason: NotVerifiedReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
