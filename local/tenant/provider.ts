import type { EventEmitter } from 'node:events';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Log } from '../../src/step-up/outside';
import { allowLoopback, applicationMetadata, clientId, grantEverything, type Redirects } from './application';
import { claimsOf } from './claims';
import { createOidcAdapter, type OidcRecords } from './oidc-adapter';
import { type OtpParts, registerOtpGrant } from './otp-grant';
import type { Passwordless } from './passwordless';
import { logOut, renderError, renderLoggedOut } from './provider-pages';
import {
  audienceOf,
  defaultTokenLifetime,
  personScopes,
  resourceServerFor,
  writeAuth0Dialect,
} from './resource-servers';
import type { TenantSecrets } from './secrets';
import { giveOfflineAccessWithoutConsent, signInOnly } from './sign-in-policy';
import type { StateFile } from './state-file';
import type { Users } from './users';

export interface ProviderParts {
  oidc: typeof import('oidc-provider');
  issuer: string;
  secrets: TenantSecrets;
  users: Users;
  passwordless: Passwordless;
  file: StateFile<OidcRecords>;
  redirects: Redirects;
  log: Log;
}

const day = 86_400;

/** The OAuth and OpenID Connect half of the tenant, under Auth0's paths. */
export function createProvider(parts: ProviderParts): Provider {
  const { oidc, issuer, secrets, passwordless, log } = parts;
  const resourceServerOf = (ctx: KoaContextWithOIDC, audience: string) =>
    resourceServerFor(oidc.errors, ctx, { audience, apiSigningKey: secrets.apiSigningKey });
  const provider = new oidc.Provider(issuer, configure(parts, resourceServerOf));
  // TLS ends before the tenant when it speaks http: see loopback-fetch.ts.
  provider.proxy = true;
  registerOtpGrant(provider, { errors: oidc.errors, passwordless, resourceServerOf });
  if (parts.redirects.anyLoopback) allowLoopback(provider);
  provider.use(giveOfflineAccessWithoutConsent);
  reportFailures(provider, log);
  return provider;
}

// Without a listener, Koa would print them.
function reportFailures(provider: Provider, log: Log): void {
  const report = (error: Error & { expose?: boolean }) => {
    if (!error.expose) log.error({ err: error }, 'The tenant failed to answer');
  };
  provider.on('server_error', (_ctx, error) => report(error));
  (provider as EventEmitter).on('error', report);
}

function configure(parts: ProviderParts, resourceServerOf: OtpParts['resourceServerOf']): Configuration {
  const { oidc, secrets, users, file, redirects } = parts;
  const application = () => applicationMetadata(secrets.clientSecret, redirects);
  const cookie = { httpOnly: true, sameSite: 'lax', overwrite: true, signed: true } as const;
  return {
    adapter: createOidcAdapter(file, (id) => (id === clientId ? application() : undefined)),
    jwks: secrets.jwks,
    scopes: personScopes.split(' '),
    claims: {
      openid: ['sub', 'amr'],
      profile: ['name', 'nickname', 'updated_at'],
      email: ['email', 'email_verified'],
    },
    // Auth0 puts profile claims into the id_token.
    conformIdTokenClaims: false,
    cookies: {
      // Cookies know no ports: other names than the app's, which runs on localhost too.
      names: { session: 'tenant_session', interaction: 'tenant_interaction', resume: 'tenant_resume' },
      keys: secrets.cookieKeys,
      long: cookie,
      short: cookie,
    },
    routes: {
      authorization: '/authorize',
      token: '/oauth/token',
      userinfo: '/userinfo',
      jwks: '/.well-known/jwks.json',
      revocation: '/oauth/revoke',
      end_session: '/oidc/logout',
    },
    interactions: {
      policy: signInOnly(oidc),
      url: (_ctx, interaction) => `/u/login/${interaction.uid}`,
    },
    extraParams: ['audience', 'connection'],
    renderError,
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => false },
    rotateRefreshToken: false,
    findAccount: (_ctx, id) => {
      const user = users.find(id);
      return user && { accountId: id, claims: () => claimsOf(user) };
    },
    loadExistingGrant: async (ctx) => {
      const grant = grantEverything(ctx, ctx.oidc.account?.accountId as string);
      await grant.save();
      return grant;
    },
    formats: { customizers: { jwt: (_ctx, token, jwt) => void writeAuth0Dialect(users, token, jwt) } },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: logOut,
        postLogoutSuccessSource: renderLoggedOut,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? audienceOf(oidc.errors, ctx),
        useGrantedResource: () => true,
        getResourceServerInfo: resourceServerOf,
      },
    },
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? defaultTokenLifetime,
      ClientCredentials: defaultTokenLifetime,
      AuthorizationCode: 60,
      IdToken: 36_000,
      Interaction: 3600,
      Session: 7 * day,
      RefreshToken: 365 * day,
      Grant: 365 * day,
    },
  };
}
