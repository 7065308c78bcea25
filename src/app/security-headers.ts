import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config, PusherConfig } from '../config';

/**
 * The page may load its own files, talk to its own server and, where configured, to Pusher, and nothing else.
 * Nothing is inline, so that injected markup cannot run; drawings in the style sheet are `data:` images.
 */
export function securityHeaders({ issuer, pusher }: Pick<Config, 'issuer' | 'pusher'>): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...(pusher ? [pusherSocket(pusher)] : [])],
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

/** Where pusher-js connects to: https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/ */
function pusherSocket({ host, port, tls, cluster }: PusherConfig): string {
  const scheme = tls ? 'wss' : 'ws';
  if (!host) return `${scheme}://ws-${cluster}.pusher.com`;
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}`;
}
