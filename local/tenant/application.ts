import type { AllClientMetadata, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Api, Application } from './configuration';
import { personScopes } from './resource-servers';

/** POD's client id at a tenant that is made of POD's definition; the app and the simulated Echo share it, as they do at Auth0. */
export const clientId = 'pod-local';

/** https://auth0.com/docs/api/authentication/passwordless/authenticate-user */
export const otpGrantType = 'http://auth0.com/oauth/grant-type/passwordless/otp';

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
export function applicationMetadata(application: Application): AllClientMetadata {
  const { callbacks } = application;
  const grantTypes = application.grant_types.filter((type) => type !== 'implicit' && type !== 'password');
  const canSignIn = callbacks.length > 0 && grantTypes.includes('authorization_code');
  return {
    client_id: application.client_id,
    client_secret: application.client_secret,
    client_name: application.name,
    // oidc-provider takes the secret in the body and by HTTP Basic alike.
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: callbacks,
    post_logout_redirect_uris: application.allowed_logout_urls,
    response_types: canSignIn ? ['code'] : [],
    grant_types: canSignIn ? grantTypes : grantTypes.filter((type) => type !== 'authorization_code'),
  };
}

/** A grant, not saved yet, of everything a person may consent to: Auth0 asks no consent for a tenant's own application. */
export function grantEverything(ctx: KoaContextWithOIDC, accountId: string, apis: readonly Api[]): Grant {
  const grant = new ctx.oidc.provider.Grant({ accountId, clientId: ctx.oidc.client?.clientId });
  grant.addOIDCScope(personScopes);
  for (const { identifier } of apis) grant.addResourceScope(identifier, personScopes);
  return grant;
}
