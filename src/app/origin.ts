import type { Request, RequestHandler } from 'express';

export interface OriginConfig {
  publicOrigin?: string;
}

const loopbackHost = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

/**
 * The origin under which browsers reach POD. It is a setting, because the Host header is whatever a caller sends:
 * only a loopback host is taken from it, so that a first run needs no settings.
 * @returns undefined when it is neither set nor loopback
 */
export function publicOrigin({ publicOrigin }: OriginConfig, request: Request): string | undefined {
  if (publicOrigin) return publicOrigin;
  const host = request.headers.host ?? '';
  return loopbackHost.test(host) ? `http://${host}` : undefined;
}

/** Lets nothing pass until POD knows its origin; every link back from the tenant depends on it. */
export function requireOrigin(config: OriginConfig): RequestHandler {
  return (request, response, next) => {
    if (publicOrigin(config, request)) return next();
    response.status(503).type('html').send(originIsMissing);
  };
}

const originIsMissing = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pizza on Demand</title></head>
<body><h1>This page is not set up yet</h1>
<p>Pizza on Demand does not know the address it is reached under, and does not guess it from the request.</p>
<p>If you run it: set <code>PUBLIC_ORIGIN</code> to scheme and host, for example
<code>https://pod.example</code>, and start it again.</p></body></html>
`;
