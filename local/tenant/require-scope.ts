import type { RequestHandler, Response } from 'express';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { ManagementError } from './management-error';

/** What Management API tokens are checked by. */
export interface ManagementTokens {
  issuer: string;
  /** With private parts or without; only the public ones are used. */
  jwks: JSONWebKeySet;
}

/** Gives the guard of a route of the Management API, by the scope that the route asks for. */
export function requireScope({ issuer, jwks }: ManagementTokens) {
  const keys = createLocalJWKSet({
    keys: jwks.keys.map(({ kty, n, e, kid, alg }) => ({ kty, n, e, kid, alg })),
  });
  const rules = { issuer, audience: `${issuer}api/v2/`, algorithms: ['RS256'] };

  return (scope: string): RequestHandler =>
    async (req, res, next) => {
      const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
      if (!token) throw new ManagementError(401, 'missing_authentication', 'Missing authentication');
      const { payload } = await jwtVerify(token, keys, rules).catch((cause) => {
        throw Object.assign(new ManagementError(401, 'invalid_token', 'Invalid token'), { cause });
      });
      res.locals.scopes = String(payload.scope).split(' ');
      if (!hasScope(res, scope)) {
        throw new ManagementError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${scope}`);
      }
      next();
    };
}

/** Whether the token of this request has the scope; asked for behind the guard. */
export function hasScope({ locals }: Response, scope: string): boolean {
  return locals.scopes.includes(scope);
}
