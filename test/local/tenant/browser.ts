import type { Tenant } from '../../../local/tenant/create-tenant';

type Cookie = { name: string; value: string; path: string };
type Page = { url: URL; status: number; headers: Headers; text: string };

/** As much of a browser as a sign-in needs: cookies by path, redirects, one form. Stops at the tenant's border. */
export function createBrowser(tenant: Tenant, cookies: Cookie[] = []) {
  function keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      cookies = cookies.filter((one) => one.name !== name || one.path !== path);
      if (value) cookies.push({ name, value, path });
    }
  }

  async function open(address: string | URL, form?: Record<string, string>): Promise<Page> {
    const url = new URL(address, tenant.url);
    url.protocol = new URL(tenant.url).protocol;
    const sent = cookies.filter(({ path }) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { accept: 'text/html', cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') },
      redirect: 'manual',
    });
    keep(response.headers);
    const location = response.headers.get('location');
    if (!location)
      return { url, status: response.status, headers: response.headers, text: await response.text() };
    const next = new URL(location, url);
    if (next.host !== url.host)
      return { url: next, status: response.status, headers: response.headers, text: '' };
    return open(next);
  }

  /** Fills the login form of `page` and sends it. */
  const signIn = (page: Page, { login, password }: { login: string; password: string }) =>
    open(page.url, { username: login, password });

  return { open, signIn, cookies: () => cookies };
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
  const browser = createBrowser(tenant);
  const login = user.email ?? user.username ?? '';
  const end = await browser.signIn(await browser.open(authorizeUrl(tenant, parameters)), { ...user, login });
  const code = end.url.searchParams.get('code');
  if (!code) throw new Error(`No code came back: ${end.status} ${end.url} ${end.text}`);
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
  return { browser, ...(await tokenRequest(tenant, form)) };
}
