/** The calls an app makes at the tenant, by method and path. */
const routes = [
  ['GET', /^\/api\/v2\/users\/[^/]+$/, 'users.get'],
  ['GET', /^\/api\/v2\/users\/?$/, 'users.search'],
  ['POST', /^\/api\/v2\/users\/?$/, 'users.create'],
  ['PATCH', /^\/api\/v2\/users\/[^/]+$/, 'users.update'],
  ['POST', /^\/api\/v2\/users\/[^/]+\/identities$/, 'users.link'],
  // Whatever an administrator changes.
  ['POST', /^\/api\/v2\/(?!users)/, 'configuration.change'],
  ['PATCH', /^\/api\/v2\/(?!users)/, 'configuration.change'],
  ['DELETE', /^\/api\/v2\/(?!users)/, 'configuration.change'],
  ['POST', /^\/passwordless\/start$/, 'passwordless.start'],
  ['POST', /^\/oauth\/revoke$/, 'revoke'],
  ['GET', /^\/authorize$/, 'authorize'],
  ['GET', /^\/userinfo$/, 'userinfo'],
  ['GET', /^\/(v2|oidc)\/logout$/, 'logout'],
  ['GET', /^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/, 'discovery'],
  ['GET', /^\/\.well-known\/jwks\.json$/, 'jwks'],
] as const;

/** Those at the token endpoint, by grant type. */
const grants = {
  client_credentials: 'management.token',
  'http://auth0.com/oauth/grant-type/passwordless/otp': 'otp.exchange',
} as const;

export const callNames = [...routes.map(([, , name]) => name), ...Object.values(grants), 'token'] as const;
export type CallName = (typeof callNames)[number];

/** How often each call has come in since the last reset. */
export type CallCounts = ReturnType<typeof createCallCounts>;

export function createCallCounts() {
  const none = () => Object.fromEntries(callNames.map((name) => [name, 0])) as Record<CallName, number>;
  let counts = none();
  return {
    add(name: CallName): void {
      counts[name] += 1;
    },
    /** A copy. */
    get: (): Record<CallName, number> => ({ ...counts }),
    reset(): void {
      counts = none();
    },
  };
}

/** Which call a request is; `undefined` for pages and the tenant's own doors. */
export function nameCall(request: { method: string; path: string; body?: unknown }): CallName | undefined {
  if (request.method === 'POST' && request.path === '/oauth/token') {
    const { grant_type } = (request.body ?? {}) as { grant_type?: keyof typeof grants };
    return (grant_type && grants[grant_type]) ?? 'token';
  }
  return routes.find(([method, path]) => method === request.method && path.test(request.path))?.[2];
}
