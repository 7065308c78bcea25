import type { EventEmitter } from 'node:events';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Log } from '../../src/step-up/outside';
import { allowLoopback, applicationMetadata, grantEverything } from './application';
import { claimsOf } from './claims';
import type { Configuration as TenantConfiguration } from './configuration';
import { createOidcAdapter, type OidcRecords } from './oidc-adapter';
import { type OtpParts, registerOtpGrant } from './otp-grant';
import type { Passwordless } from './passwordless';
import { logOut, renderError, renderLoggedOut } from './provider-pages';
import {
  audienceOf,
  defaultTokenLifetime,
  givesRefreshToken,
  personScopes,
  resourceServerFor,
  writeAuth0Dialect,
} from './resource-servers';
import type { TenantSecrets } from './secrets';
import {
  giveOfflineAccessWithoutConsent,
  refuseOtherGrants,
  refuseWithoutConnection,
  signInOnly,
} from './sign-in-policy';
import type { StateFile } from './state-file';
import type { Users } from './users';

export interface ProviderParts {
  oidc: typeof import('oidc-provider');
  issuer: string;
  secrets: TenantSecrets;
  users: Users;
  passwordless: Passwordless;
  file: StateFile<OidcRecords>;
  configuration: TenantConfiguration;
  /** Whether browsers may be sent back to every address of this machine. */
  anyLoopback: boolean;
  log: Log;
}

const day = 86_400;

/** The OAuth and OpenID Connect half of the tenant, under Auth0's paths. */
export function createProvider(parts: ProviderParts): Provider {
  const { oidc, issuer, configuration, passwordless, log } = parts;
  const resourceServerOf = (ctx: KoaContextWithOIDC, audience: string) =>
    resourceServerFor(oidc.errors, ctx, { audience, configuration });
  const provider = new oidc.Provider(issuer, configure(parts, resourceServerOf));
  // TLS ends before the tenant when it speaks http: see loopback-fetch.ts.
  provider.proxy = true;
  registerOtpGrant(provider, { errors: oidc.errors, passwordless, configuration, resourceServerOf });
  provider.use(refuseWithoutConnection(configuration));
  provider.use(refuseOtherGrants);
  if (parts.anyLoopback) allowLoopback(provider);
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
  const { oidc, secrets, users, file, configuration } = parts;
  const applicationOf = (id: string) => {
    const application = configuration.application(id);
    return application && applicationMetadata(application);
  };
  const cookie = { httpOnly: true, sameSite: 'lax', overwrite: true, signed: true } as const;
  return {
    adapter: createOidcAdapter(file, applicationOf),
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
    rotateRefreshToken: (ctx) =>
      configuration.application(ctx.oidc.client?.clientId)?.refresh_token?.rotation_type === 'rotating',
    issueRefreshToken: async (_ctx, client, code) => givesRefreshToken(configuration, { client, code }),
    findAccount: (_ctx, id) => {
      const user = users.find(id);
      return user && { accountId: id, claims: () => claimsOf(user) };
    },
    loadExistingGrant: async (ctx) => {
      const grant = grantEverything(
        ctx,
        ctx.oidc.account?.accountId as string,
        configuration.value.resourceServers,
      );
      await grant.save();
      return grant;
    },
    formats: { customizers: { jwt: (_ctx, token, jwt) => void writeAuth0Dialect(parts, token, jwt) } },
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
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? audienceOf(oidc.errors, ctx, configuration),
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
