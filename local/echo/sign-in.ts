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
  const browser = createBrowser(redirectUri);
  const start = await browser.open(authorizationUrl);
  if ('sentBack' in start) return start.sentBack;
  const form = fillLoginForm(start.html, start.url, credentials);
  if (!form) throw new LinkRefused(`The tenant shows no login form (HTTP ${start.status}).`);
  const end = await browser.open(form.action, form.fields);
  if ('sentBack' in end) return end.sentBack;
  if (end.status === 429) throw new LinkRefused('Too many wrong passwords. Try again in a minute.');
  throw new LinkRefused('The tenant does not know this e-mail address with this password.');
}

type Visit = { sentBack: URL } | { url: URL; status: number; html: string };

/** A browser with cookies and redirects and nothing else, for one sign-in at one site. */
function createBrowser(redirectUri: string) {
  const cookies = new Map<string, string>();

  async function request(url: URL, form?: URLSearchParams): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form,
      headers: {
        Accept: 'text/html',
        ...(cookie && { Cookie: cookie }),
        ...(form && { Origin: url.origin }),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(pageLimitMs),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  }

  return {
    async open(start: URL, form?: URLSearchParams): Promise<Visit> {
      let url = start;
      let response = await request(url, form);
      for (let redirects = 0; redirects < mostRedirects; redirects++) {
        const location = response.headers.get('Location');
        if (!location) return { url, status: response.status, html: await response.text() };
        const next = new URL(location, url);
        if (next.href.startsWith(`${redirectUri}?`)) return { sentBack: next };
        // The cookies are this site's, and so is the password.
        if (next.origin !== start.origin) throw new LinkRefused(`The tenant redirects to ${next.origin}.`);
        url = next;
        response = await request(url);
      }
      throw new LinkRefused('The tenant redirects without end.');
    },
  };
}
