/** The customer: the `sub` of the access token (RFC 7519 §4.1.2), never Alexa's userId. */
export type CustomerId = string & { readonly __brand: 'CustomerId' };

/** The access tokens by which a door knows its customer (RFC 9068 in spirit; Auth0 signs this API's with HS256). */
export interface AccessTokens {
  /** For express-jwt: the same rules as `verify`, stated once. */
  readonly rules: { secret: string; algorithms: ['HS256']; issuer: string; audience: string };
  /** Who the bearer is. Throws `Refusal('invalid_token')` for a missing, malformed, expired or foreign token. */
  verify(accessToken: string | undefined | null): AccessTokenClaims;
}

export interface AccessTokenClaims {
  customerId: CustomerId;
  permissions: readonly string[];
  /** Seconds since the epoch, as in the token. */
  issuedAt: number;
  expiresAt: number;
}
