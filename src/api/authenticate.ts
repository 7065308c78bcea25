import type { Request, RequestHandler, Response } from 'express';
import { expressjwt } from 'express-jwt';
import type { AccessTokenClaims, TokenVerifier } from '../services';

/**
 * Lets only the bearer of a valid access token of a person pass (RFC 6750 §2.1: the Authorization header, nowhere else).
 * express-jwt knows signatures, but neither that an OPTIONS request needs a token too nor that a client's own token
 * has no customer behind it: `verify` has the last word.
 */
export function authenticate(accessTokens: TokenVerifier): RequestHandler[] {
  return [
    expressjwt({ ...accessTokens.rules, getToken: bearerToken }),
    (req, res, next) => {
      res.locals.caller = accessTokens.verify(bearerToken(req));
      next();
    },
  ];
}

/** Who is calling. Only behind `authenticate`. */
export function callerOf(res: Response): AccessTokenClaims {
  return res.locals.caller;
}

/** Staff may see everybody's orders, and cancel them. */
export function isStaff(caller: AccessTokenClaims): boolean {
  return caller.permissions.includes('read:all-orders');
}

function bearerToken(req: Request): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(req.headers.authorization ?? '')?.[1];
}
