import type {
  AccessToken,
  Client,
  ClientCredentials,
  errors,
  KoaContextWithOIDC,
  ResourceServer,
} from 'oidc-provider';
import type { Api, Configuration } from './configuration';
import { oauthError } from './oauth-error';
import type { Users } from './users';

/** POD's API at a tenant that is made of POD's definition. */
export const apiId = 'https://pod.localtest.me';
/** Seconds, of every other access token. Auth0's default. */
export const defaultTokenLifetime = 86_400;

/** Whatever a client may ask for on a person's behalf. */
export const personScopes = 'openid profile email offline_access';

/**
 * The audience a request names: Auth0's parameter, which it uses where RFC 8707 has `resource`. The application asking
 * for itself gets, as at Auth0, all its scopes unless it asks for fewer, and nothing without an audience.
 * @throws OIDCProviderError `access_denied`
 */
export function audienceOf(
  oidcErrors: typeof errors,
  ctx: KoaContextWithOIDC,
  configuration: Configuration,
): string | undefined {
  const { params, body } = ctx.oidc;
  const audience = (params?.audience ?? body?.audience) as string | undefined;
  if (!params || !isForItself(ctx)) return audience;
  if (!audience) throw oauthError(oidcErrors, 403, 'access_denied', 'No audience parameter was provided.');
  params.scope ??= configuration.grantedScopes(String(ctx.oidc.client?.clientId), audience)?.join(' ');
  return audience;
}

/**
 * The API of an audience: for people any but the Management API, for an application itself those it has a client grant for.
 * @throws OIDCProviderError `access_denied` for every other audience
 */
export function resourceServerFor(
  oidcErrors: typeof errors,
  ctx: KoaContextWithOIDC,
  { audience, configuration }: { audience: string; configuration: Configuration },
): ResourceServer {
  const api = configuration.api(audience);
  if (!api) throw oauthError(oidcErrors, 403, 'access_denied', `Service not found: ${audience}`);
  const scope = isForItself(ctx)
    ? configuration.grantedScopes(String(ctx.oidc.client?.clientId), audience)?.join(' ')
    : personScopesOf(api);
  if (scope === undefined) {
    const reason = `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`;
    throw oauthError(oidcErrors, 403, 'access_denied', reason);
  }
  return {
    audience,
    scope,
    accessTokenTTL: api.token_lifetime ?? defaultTokenLifetime,
    accessTokenFormat: 'jwt',
    jwt: {
      sign:
        api.signing_alg === 'HS256'
          ? { alg: 'HS256', key: Buffer.from(api.signing_secret ?? '') }
          : { alg: 'RS256' },
    },
  };
}

/** People have no business at the Management API, or where the API's access policy shuts applications out; a refresh token comes only of an API that allows offline access. */
function personScopesOf(api: Api): string | undefined {
  const { is_system, allow_offline_access, subject_type_authorization } = api;
  const { policy = 'allow_all' } = subject_type_authorization?.user ?? {};
  if (is_system || policy !== 'allow_all') return undefined;
  return allow_offline_access ? personScopes : personScopes.replace(' offline_access', '');
}

function isForItself(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc.params?.grant_type === 'client_credentials';
}

/** Whether a refresh token goes with an authorization code: asked for, and allowed by application and API. */
export function givesRefreshToken(
  configuration: Configuration,
  { client, code }: { client: Client; code: { scopes: Set<string>; resource?: string | string[] } },
): boolean {
  const apis = [code.resource ?? []].flat().map(configuration.api);
  const isAllowed = apis.every((api) => api?.allow_offline_access);
  return isAllowed && code.scopes.has('offline_access') && client.grantTypeAllowed('refresh_token');
}

/**
 * Writes an access token in Auth0's `access_token_authz` dialect: type JWT, `azp` instead of `client_id`, no `jti`, the
 * subject `<client>@clients` for the application itself, and, where the API has RBAC write them, a person's permissions as
 * they are at this moment.
 */
export function writeAuth0Dialect(
  { users, configuration }: { users: Users; configuration: Configuration },
  token: AccessToken | ClientCredentials,
  jwt: { header?: Record<string, unknown>; payload: Record<string, unknown> },
): void {
  const { client_id: azp, jti: _, ...claims } = jwt.payload;
  jwt.header = { ...jwt.header, typ: 'JWT' };
  jwt.payload =
    token.kind === 'ClientCredentials'
      ? { ...claims, azp, sub: `${azp}@clients`, gty: 'client-credentials' }
      : { ...claims, azp, ...permissionsOf(users, configuration.api(claims.aud), String(claims.sub)) };
}

/** https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis: only what the API knows, and with both switches. */
function permissionsOf(users: Users, api: Api | undefined, userId: string) {
  if (!api?.enforce_policies || !api.token_dialect?.endsWith('_authz')) return {};
  const known = users.permissions(userId).filter((one) => api.scopes?.some(({ value }) => value === one));
  return { permissions: known };
}
