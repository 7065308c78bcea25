import type { Tenant } from '../../../local/tenant/create-tenant';
import { createBrowser } from '../../fixtures/browser';

/** A browser that stops at the tenant's border: nobody answers at the callback. */
export function openBrowser({ url }: Tenant) {
  return createBrowser(url, { stays: true });
}

export const callback = 'http://localhost:9999/callback';

/** An address of /authorize; the parameters replace or take away (undefined) those of a plain request. */
export function authorizeUrl(
  { settings, url }: Tenant,
  parameters: Record<string, string | undefined> = {},
): URL {
  const all = {
    response_type: 'code',
    client_id: settings.APP_CLIENT_ID,
    redirect_uri: callback,
    scope: 'openid offline_access',
    state: 'xyz',
    ...parameters,
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URL(`/authorize?${new URLSearchParams(present)}`, url);
}

/** What Alexa does: HTTP Basic at the token endpoint. */
export async function tokenRequest({ settings, url }: Tenant, form: Record<string, string>) {
  const secret = Buffer.from(`${settings.APP_CLIENT_ID}:${settings.APP_CLIENT_SECRET}`).toString('base64');
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${secret}` },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: await response.json() };
}

/** Signs a user in from nothing, and gives the answer to the code. */
export async function signInFor(
  tenant: Tenant,
  user: { email?: string; username?: string; password: string },
  parameters: Record<string, string | undefined> = {},
) {
  const browser = openBrowser(tenant);
  const email = user.email ?? user.username ?? '';
  const end = await browser.signIn({ ...user, email }, authorizeUrl(tenant, parameters));
  const code = end.url.searchParams.get('code');
  if (!code) throw new Error(`No code came back: ${end.status} ${end.url} ${end.text}`);
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
  return { browser, ...(await tokenRequest(tenant, form)) };
}
