import type { RequestHandler } from 'express';

/**
 * Sends browsers to a local tenant by plain http, although everything about it says https: the counterpart of
 * `createLoopbackFetch` for the two headers in which the app names the tenant to a browser.
 * @param domain host and port of the tenant, for example `localhost:7101`
 */
export function loopbackRedirects(domain: string): RequestHandler {
  return (_request, response, next) => {
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      const namesTenant = /^(location|content-security-policy)$/i.test(name) && typeof value === 'string';
      return setHeader(name, namesTenant ? value.replace(`https://${domain}`, `http://${domain}`) : value);
    };
    next();
  };
}
