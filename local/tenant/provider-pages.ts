import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { html, page } from './html';

/** Answers a browser that cannot be sent back to where it came from. */
export function renderError(ctx: KoaContextWithOIDC, { error, error_description }: ErrorOut): void {
  ctx.type = 'html';
  ctx.body = errorPage(`${error_description ?? 'Something went wrong'} (${error})`);
}

/** A page that says what went wrong and what to do. */
export function errorPage(fault: string): string {
  return page({
    title: 'This did not work',
    body: html`
      <h1>This did not work</h1>
      <p role="alert">${fault}</p>
      <p>Go back to the application and start again.</p>`,
  });
}

/** Ends the session at once and sends the browser back, as Auth0 does; oidc-provider would ask first. */
export async function logOut(ctx: KoaContextWithOIDC): Promise<void> {
  const { session, params, provider } = ctx.oidc;
  await session?.destroy();
  ctx.cookies.set(provider.cookieName('session'), null);
  ctx.redirect(returnAddress(params) ?? provider.pathFor('end_session_success'));
}

// oidc-provider has checked the address: it is one of the application's.
function returnAddress({
  post_logout_redirect_uri,
  state,
}: Record<string, unknown> = {}): string | undefined {
  if (typeof post_logout_redirect_uri !== 'string') return undefined;
  const address = new URL(post_logout_redirect_uri);
  if (typeof state === 'string') address.searchParams.set('state', state);
  return address.href;
}

export function renderLoggedOut(ctx: KoaContextWithOIDC): void {
  ctx.type = 'html';
  ctx.body = page({ title: 'Signed out', body: html`<h1>You are signed out</h1>` });
}
