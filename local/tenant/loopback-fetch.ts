/**
 * A fetch that reaches a local tenant which speaks plain http, although the Auth0 SDKs always say https: requests to
 * `https://<domain>/` go to `http://<domain>/` and say so in `x-forwarded-proto`, like a proxy that ends TLS.
 * Every other address goes to the platform's fetch untouched.
 * @param domain host and port of the tenant, for example `localhost:7101`.
 * @throws Error for anything but localhost or 127.0.0.1: only loopback traffic may go without TLS.
 */
export function createLoopbackFetch(domain: string): typeof fetch {
  if (!/^(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(domain)) {
    throw new Error(
      `Only a tenant on localhost or 127.0.0.1 can be reached without TLS, and ${domain} is not.`,
    );
  }
  const { origin } = new URL(`https://${domain}`);

  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) return fetch(input, init);

    url.protocol = 'http:';
    const request = input instanceof Request ? new Request(url, input) : url;
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('x-forwarded-proto', 'https');
    return fetch(request, { ...init, headers });
  };
}
