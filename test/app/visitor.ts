import { fillLoginForm } from '../../local/echo/login-form';

interface Cookie {
  host: string;
  path: string;
  name: string;
  value: string;
}

export interface Answer {
  url: URL;
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of it
  json: any;
}

/** What a browser adds to a request that the page itself makes. */
export const fromThePage = { 'sec-fetch-site': 'same-origin' };

/** As much of a browser as a sign-in needs: cookies by host and path, redirects, the tenant's login form. */
export function createVisitor(pageUrl: string) {
  let cookies: Cookie[] = [];

  function keep(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      cookies = cookies.filter((one) => one.name !== name || one.host !== url.host || one.path !== path);
      if (value) cookies.push({ host: url.host, path, name, value });
    }
  }

  /** One request, redirects not followed. `address` is relative to the page. */
  async function send(address: string | URL, init: RequestInit = {}): Promise<Answer> {
    const url = new URL(address, pageUrl);
    const sent = cookies.filter(({ host, path }) => host === url.host && url.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    headers.set('cookie', sent.map(({ name, value }) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    keep(url, response.headers);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      url,
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && JSON.parse(text),
    };
  }

  /** Follows redirects until there is a page; its URL keeps the fragment. */
  async function open(address: string | URL, init?: RequestInit): Promise<Answer> {
    const answer = await send(address, init);
    const location = answer.headers.get('location');
    if (!location) return answer;
    const next = new URL(location, answer.url);
    const end = await open(next);
    end.url.hash ||= next.hash;
    return end;
  }

  return {
    send,
    open,
    get: send,
    post: (path: string, body: object = {}, headers: Record<string, string> = fromThePage) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    /** Signs in from the page to the page. */
    async signIn(user: { email: string; password: string }, start = 'oidc/start'): Promise<Answer> {
      const login = await open(start);
      const form = fillLoginForm(login.text, login.url, user);
      if (!form) throw new Error(`No login form at ${login.url}: ${login.status} ${login.text}`);
      return open(form.action, { method: 'POST', body: form.fields });
    },
    cookies: () => cookies,
    setCookies: (others: Cookie[]) => {
      cookies = [...others];
    },
  };
}

export type Visitor = ReturnType<typeof createVisitor>;
