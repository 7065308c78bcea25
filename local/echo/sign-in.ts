import { fillLoginForm } from './login-form';

/** The account could not be linked; the message says why, to the person who tried. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused';
}

export interface Credentials {
  email: string;
  password: string;
}

const mostRedirects = 10;
const pageLimitMs = 5_000;

/**
 * Signs in at the tenant's own login page, as a person does in the Alexa app's browser.
 * @param authorizationUrl where the Alexa app opens that browser
 * @param redirectUri where the tenant is to send it back; never requested
 * @returns the address it was sent back to, with the `code` and `state` of RFC 6749 §4.1.2
 * @throws LinkRefused when the tenant shows its login page again, or another page
 */
export async function signIn(
  authorizationUrl: URL,
  redirectUri: string,
  credentials: Credentials,
): Promise<URL> {
  const browser = createBrowser([authorizationUrl.origin], redirectUri);
  const end = await browser.signIn(authorizationUrl, credentials);
  if ('sentBack' in end) return end.sentBack;
  if (end.status === 429) throw new LinkRefused('Too many wrong passwords. Try again in a minute.');
  throw new LinkRefused('The tenant does not know this e-mail address with this password.');
}

type Visit = { sentBack: URL } | { url: URL; status: number; html: string };

/**
 * A browser with cookies and redirects and nothing else.
 * @param origins the sites that it visits; it follows no redirect to another one
 * @param redirectUri an address of another site, where a visit ends
 * @param cookies by origin
 */
export function createBrowser(
  origins: readonly string[],
  redirectUri?: string,
  cookies: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(),
) {
  const jars = new Map(origins.map((origin) => [origin, new Map(cookies.get(origin))]));

  async function request(url: URL, init: RequestInit = {}): Promise<Response> {
    const jar = jars.get(url.origin);
    if (!jar) throw new LinkRefused(`The tenant redirects to ${url.origin}.`);
    const headers = new Headers(init.headers);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie) headers.set('Cookie', cookie);
    const signal = AbortSignal.timeout(pageLimitMs);
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  }

  /** Shows a page, or what comes of a form. */
  async function open(start: URL, form?: URLSearchParams): Promise<Visit> {
    let url = start;
    const accept = { Accept: 'text/html' };
    const sent = form && { method: 'POST', body: form, headers: { ...accept, Origin: url.origin } };
    let response = await request(url, sent ?? { headers: accept });
    for (let redirects = 0; redirects < mostRedirects; redirects++) {
      const location = response.headers.get('Location');
      if (!location) return { url, status: response.status, html: await response.text() };
      const next = new URL(location, url);
      if (redirectUri && next.href.startsWith(`${redirectUri}?`)) return { sentBack: next };
      url = next;
      response = await request(url, { headers: accept });
    }
    throw new LinkRefused('The tenant redirects without end.');
  }

  return {
    /** One request with the cookies; redirects are not followed. */
    request,
    /** Signs in by the login form to which this address leads; without one it is where the browser ends. @throws LinkRefused */
    async signIn(url: URL, credentials: Credentials): Promise<Visit> {
      const start = await open(url);
      if ('sentBack' in start) return start;
      const form = fillLoginForm(start.html, start.url, credentials);
      if (!form) throw new LinkRefused(`The tenant shows no login form (HTTP ${start.status}).`);
      return open(form.action, form.fields);
    },
    /** Another browser, with the cookies that this one has now. */
    copy: () => createBrowser(origins, redirectUri, jars),
  };
}
