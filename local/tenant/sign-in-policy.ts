import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Configuration } from './configuration';
import { errorPage } from './provider-pages';

/**
 * Asks people to sign in and for nothing else: Auth0 asks no consent for a tenant's own application. `prompt=consent`
 * is accepted, and answered without a question.
 */
export function signInOnly({ interactionPolicy }: typeof import('oidc-provider')) {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.clear();
  return policy;
}

/**
 * OpenID Connect Core §11 has refresh tokens only after `prompt=consent`, and oidc-provider keeps to it. Auth0 does not,
 * and neither Alexa nor a plain Auth0 client sends the prompt: it is added on their behalf.
 */
export function giveOfflineAccessWithoutConsent(ctx: KoaContextWithOIDC, next: () => Promise<void>) {
  const { scope, prompt = '' } = ctx.query;
  const wantsOfflineAccess = String(scope).split(' ').includes('offline_access');
  if (ctx.path === '/authorize' && wantsOfflineAccess && prompt !== 'none') {
    ctx.query = { ...ctx.query, prompt: `${prompt} consent`.trim() };
  }
  return next();
}

/** Auth0 shows no login page to an application that no database is enabled for. */
export function refuseWithoutConnection(configuration: Configuration) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
    const { client_id: id } = ctx.query;
    if (ctx.path !== '/authorize' || !configuration.application(id) || configuration.hasLogin(String(id))) {
      return next();
    }
    ctx.status = 400;
    ctx.type = 'html';
    ctx.body = errorPage('There are no connections enabled for the client.');
  };
}

/** Auth0's words for a grant that an application may not use: oidc-provider has others, and says 400. */
export async function refuseOtherGrants(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  const { error_description } = (ctx.body ?? {}) as { error_description?: string };
  if (
    ctx.path !== '/oauth/token' ||
    error_description !== 'requested grant type is not allowed for this client'
  )
    return;
  const grant = String(ctx.oidc.params?.grant_type ?? '');
  ctx.status = 403;
  ctx.body = {
    error: 'unauthorized_client',
    error_description: `Grant type '${grant}' not allowed for the client.`,
  };
}
