import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { LiveUpdates } from './live-router';

/**
 * The page may load its own files, talk to its own server and, where changes are pushed, to their source; nothing else.
 * Nothing is inline, so that injected markup cannot run; drawings in the style sheet are `data:` images.
 */
export function securityHeaders(
  { issuer }: { issuer: string },
  live: Pick<LiveUpdates, 'socketOrigin'> | undefined,
): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...(live ? [live.socketOrigin] : [])],
        // Signing out is a form whose answer leads to the tenant.
        formAction: ["'self'", new URL(issuer).origin],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    // What else runs below this domain is not POD's to decide.
    strictTransportSecurity: { includeSubDomains: false },
    // With helmet's default, no-referrer, browsers would send `Origin: null` with the page's own forms.
    referrerPolicy: { policy: 'same-origin' },
  });
}
