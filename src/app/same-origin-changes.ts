import type { Request, RequestHandler } from 'express';
import type { Config } from '../config';
import { publicOrigin } from './origin';
import { sendProblem } from './problem';

/**
 * Refuses every request that may change something and that another site made the browser send (OWASP CSRF cheat
 * sheet: Fetch Metadata, with the Origin header for browsers before 2023). One that says neither is refused too.
 */
export function sameOriginChanges(config: Pick<Config, 'publicOrigin'>): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(config, request)) return next();
    sendProblem(response, 'forbidden', 'This request did not come from the page.');
  };
}

function isSameOrigin(config: Pick<Config, 'publicOrigin'>, request: Request): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  return origin !== undefined && origin === publicOrigin(config, request);
}
