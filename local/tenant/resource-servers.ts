import type {
  AccessToken,
  ClientCredentials,
  errors,
  KoaContextWithOIDC,
  ResourceServer,
} from 'oidc-provider';
import { oauthError } from './oauth-error';
import type { Users } from './users';

/** POD's API, as an Auth0 API named by this identifier. */
export const apiId = 'https://pod.localtest.me';
/** Seconds. Auth0's default is a day; within an hour a withdrawn permission shows. */
const apiTokenLifetime = 3600;
/** Seconds, of every other access token. Auth0's default. */
export const defaultTokenLifetime = 86_400;

/** Whatever a client may ask for on a person's behalf. */
export const personScopes = 'openid profile email offline_access';
const managementScopes = 'read:users create:users update:users';

/**
 * The audience a request names: Auth0's parameter, which it uses where RFC 8707 has `resource`. The application asking
 * for itself gets, as at Auth0, all its scopes unless it asks for fewer, and nothing without an audience.
 * @throws OIDCProviderError `access_denied`
 */
export function audienceOf(oidcErrors: typeof errors, ctx: KoaContextWithOIDC): string | undefined {
  const { params, body } = ctx.oidc;
  const audience = (params?.audience ?? body?.audience) as string | undefined;
  if (!params || !isForItself(ctx)) return audience;
  if (!audience) throw oauthError(oidcErrors, 403, 'access_denied', 'No audience parameter was provided.');
  params.scope ??= managementScopes;
  return audience;
}

/**
 * The two APIs of the tenant: POD's, with HS256 tokens, for people, and the Management API, with RS256 tokens, for the
 * application itself.
 * @throws OIDCProviderError `access_denied` for every other audience
 */
export function resourceServerFor(
  oidcErrors: typeof errors,
  ctx: KoaContextWithOIDC,
  { audience, apiSigningKey }: { audience: string; apiSigningKey: string },
): ResourceServer {
  const forItself = isForItself(ctx);
  if (audience === apiId && !forItself) {
    const sign = { alg: 'HS256', key: Buffer.from(apiSigningKey) } as const;
    return { ...jwtFor(audience, apiTokenLifetime), scope: personScopes, jwt: { sign } };
  }
  if (audience === `${ctx.oidc.provider.issuer}api/v2/` && forItself) {
    const sign = { alg: 'RS256' } as const;
    return { ...jwtFor(audience, defaultTokenLifetime), scope: managementScopes, jwt: { sign } };
  }
  const reason = forItself
    ? `Client is not authorized to access "${audience}".`
    : `Service not found: ${audience}`;
  throw oauthError(oidcErrors, 403, 'access_denied', reason);
}

function isForItself(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc.params?.grant_type === 'client_credentials';
}

function jwtFor(audience: string, accessTokenTTL: number) {
  return { audience, accessTokenTTL, accessTokenFormat: 'jwt' } as const;
}

/**
 * Writes an access token in Auth0's `access_token_authz` dialect: type JWT, `azp` instead of `client_id`, no `jti`, the
 * subject `<client>@clients` for the application itself, and a person's permissions as they are at this moment.
 */
export function writeAuth0Dialect(
  users: Users,
  token: AccessToken | ClientCredentials,
  jwt: { header?: Record<string, unknown>; payload: Record<string, unknown> },
): void {
  const { client_id: azp, jti: _, ...claims } = jwt.payload;
  jwt.header = { ...jwt.header, typ: 'JWT' };
  jwt.payload =
    token.kind === 'ClientCredentials'
      ? { ...claims, azp, sub: `${azp}@clients`, gty: 'client-credentials' }
      : { ...claims, azp, permissions: users.permissions(String(claims.sub)) };
}
