import type { AllClientMetadata, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { apiId, personScopes } from './resource-servers';

/** The client id of the tenant's one application, which the app and the simulated Echo share as they do at Auth0. */
export const clientId = 'pod-local';

/** https://auth0.com/docs/api/authentication/passwordless/authenticate-user */
export const otpGrantType = 'http://auth0.com/oauth/grant-type/passwordless/otp';

/** Where browsers may be sent back to; matched exactly. */
export interface Redirects {
  redirectUris: Set<string>;
  postLogoutRedirectUris: Set<string>;
  /** Besides to any address of this machine, whatever its port (RFC 8252 §7.3) and path. */
  anyLoopback: boolean;
}

/** The sources of a Content-Security-Policy that stand for every address of this machine. */
export const loopbackSources = ['http', 'https'].flatMap((scheme) => [
  `${scheme}://localhost:*`,
  `${scheme}://127.0.0.1:*`,
]);

/** Makes the provider allow them. Whatever sends a browser back asks one of these two. */
export function allowLoopback({ Client }: Provider): void {
  const { redirectUriAllowed, postLogoutRedirectUriAllowed } = Client.prototype;
  Client.prototype.redirectUriAllowed = function (uri) {
    return isLoopback(uri) || redirectUriAllowed.call(this, uri);
  };
  Client.prototype.postLogoutRedirectUriAllowed = function (uri) {
    return isLoopback(uri) || postLogoutRedirectUriAllowed.call(this, uri);
  };
}

function isLoopback(uri: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?(\/|$)/.test(uri);
}

/** The application as oidc-provider's client. Without a callback URL nobody can sign in to it. */
export function applicationMetadata(clientSecret: string, redirects: Redirects): AllClientMetadata {
  const canSignIn = redirects.redirectUris.size > 0;
  return {
    client_id: clientId,
    client_secret: clientSecret,
    client_name: 'Pizza on Demand',
    // oidc-provider takes the secret in the body and by HTTP Basic alike.
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: [...redirects.redirectUris],
    post_logout_redirect_uris: [...redirects.postLogoutRedirectUris],
    response_types: canSignIn ? ['code'] : [],
    grant_types: [
      ...(canSignIn ? ['authorization_code'] : []),
      'refresh_token',
      'client_credentials',
      otpGrantType,
    ],
  };
}

/** A grant, not saved yet, of everything a person may consent to: Auth0 asks no consent for a tenant's own application. */
export function grantEverything(ctx: KoaContextWithOIDC, accountId: string): Grant {
  const grant = new ctx.oidc.provider.Grant({ accountId, clientId });
  grant.addOIDCScope(personScopes);
  grant.addResourceScope(apiId, personScopes);
  return grant;
}
