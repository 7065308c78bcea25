import type { Request, RequestHandler } from 'express';
import { Refusal } from '../step-up/refusal';
import { type OriginConfig, publicOrigin } from './origin';

/**
 * Refuses every request that may change something and that another site made the browser send (OWASP CSRF cheat
 * sheet: Fetch Metadata, with the Origin header for browsers before 2023). One that says neither is refused too.
 */
export function sameOriginChanges(config: OriginConfig): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(config, request)) return next();
    throw new Refusal('forbidden', 'This request did not come from the page.');
  };
}

function isSameOrigin(config: OriginConfig, request: Request): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  return origin !== undefined && origin === publicOrigin(config, request);
}
