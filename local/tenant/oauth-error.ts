import type { errors } from 'oidc-provider';

/**
 * An OAuth error with Auth0's status and text. oidc-provider's own errors hide the text and always say 400.
 * @param status HTTP status of the answer, below 500.
 */
export function oauthError(
  { CustomOIDCProviderError }: typeof errors,
  status: number,
  error: string,
  description: string,
): errors.OIDCProviderError {
  const refusal = new CustomOIDCProviderError(error, description);
  return Object.assign(refusal, { status, statusCode: status });
}
