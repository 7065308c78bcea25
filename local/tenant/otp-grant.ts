import type {
  errors,
  KoaContextWithOIDC,
  Provider,
  ResourceServer,
  TokenEndpointGrantContext,
} from 'oidc-provider';
import type { Channel } from '../../src/step-up/action';
import type { User } from './account';
import { grantEverything, otpGrantType } from './application';
import { claimsOf } from './claims';
import type { Configuration } from './configuration';
import { isPasswordless } from './connections';
import { oauthError } from './oauth-error';
import type { CodeCheck, Passwordless } from './passwordless';
import { defaultTokenLifetime } from './resource-servers';

export interface OtpParts {
  errors: typeof errors;
  passwordless: Passwordless;
  configuration: Configuration;
  /** Throws for an audience that is none. */
  resourceServerOf(ctx: KoaContextWithOIDC, audience: string): ResourceServer;
}

type OtpContext = TokenEndpointGrantContext<OtpParameters>;
interface OtpParameters {
  realm?: string;
  username?: string;
  otp?: string;
  scope?: string;
  audience?: string;
}

/** Auth0's words; all of them come with 403 `invalid_grant`. */
const refusals: Record<Exclude<CodeCheck['verdict'], 'right'>, Record<Channel, string>> = {
  wrong: { sms: 'Wrong phone number or verification code.', email: 'Wrong email or verification code.' },
  exhausted: both("You've reached the maximum number of attempts. Please try to login again."),
  expired: both('The verification code has expired. Please try to login again.'),
};

/** Teaches the provider Auth0's passwordless grant: a one-time code for tokens. Call it before the first request. */
export function registerOtpGrant(provider: Provider, parts: OtpParts): void {
  provider.registerGrantType<OtpParameters>(
    otpGrantType,
    async (ctx) => {
      const { realm, username, otp } = parseParameters(ctx, parts.errors);
      const { audience } = ctx.oidc.params;
      const resourceServer = audience ? parts.resourceServerOf(ctx, audience) : undefined;
      const check = await parts.passwordless.check(realm, username, otp);
      if (check.verdict !== 'right') {
        throw oauthError(parts.errors, 403, 'invalid_grant', refusals[check.verdict][realm]);
      }
      if (check.user.blocked) throw oauthError(parts.errors, 401, 'unauthorized', 'user is blocked');
      ctx.body = await issueTokens(ctx, check.user, resourceServer, parts.configuration);
    },
    ['realm', 'username', 'otp', 'scope', 'audience'],
  );
}

function parseParameters(ctx: OtpContext, oidcErrors: typeof errors) {
  const { realm, username, otp } = ctx.oidc.params;
  if (!isPasswordless(realm)) {
    throw oauthError(oidcErrors, 400, 'invalid_request', 'realm must be sms or email');
  }
  if (!username || !otp) {
    throw oauthError(oidcErrors, 400, 'invalid_request', 'Missing required parameter: username or otp');
  }
  return { realm, username, otp } as const;
}

async function issueTokens(
  ctx: OtpContext,
  user: User,
  resourceServer: ResourceServer | undefined,
  { value }: Configuration,
) {
  const { provider, client, params } = ctx.oidc;
  const accountId = user.user_id;
  const grant = Object.assign(grantEverything(ctx, accountId, value.resourceServers), {
    expiresIn: defaultTokenLifetime,
  });
  const scope = grant.getOIDCScopeFiltered(new Set(params.scope?.split(' '))) || undefined;
  const token = new provider.AccessToken({
    accountId,
    client,
    grantId: await grant.save(),
    gty: 'otp',
    scope,
  });
  if (resourceServer) {
    token.resourceServer = new provider.ResourceServer(resourceServer.audience ?? '', resourceServer);
  }
  ctx.oidc.entity('AccessToken', token);

  return {
    access_token: await token.save(),
    expires_in: token.expiration,
    id_token: scope?.split(' ').includes('openid') ? await issueIdToken(ctx, user, scope) : undefined,
    scope,
    token_type: 'Bearer',
  };
}

function issueIdToken(ctx: OtpContext, user: User, scope: string): Promise<string> {
  const idToken = new ctx.oidc.provider.IdToken({ ...claimsOf(user) }, { ctx });
  return Object.assign(idToken, { scope }).issue({ use: 'idtoken' });
}

function both(text: string): Record<Channel, string> {
  return { sms: text, email: text };
}
