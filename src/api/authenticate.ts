import type { Request, Response } from 'express';
import { expressjwt, UnauthorizedError } from 'express-jwt';
import { noteSender } from '../http/refused';
import { type Viewer, viewerOf } from '../orders/viewer';
import type { AccessTokens } from '../step-up/customer';
import { Refusal } from '../step-up/refusal';

/**
 * Tells who sends a request: the bearer of a valid access token of a person (RFC 6750 §2.1: in the Authorization header,
 * nowhere else). express-jwt checks the signature, but lets an OPTIONS request pass without a token, and a client's own
 * token, which has no customer behind it: `verify` has the last word.
 * @returns a function that throws `Refusal('invalid_token')` for anybody else
 */
export function authenticate(accessTokens: AccessTokens): (req: Request, res: Response) => Promise<Viewer> {
  const checkToken = expressjwt({ ...accessTokens.rules, getToken: bearerToken });
  return async (req, res) => {
    await new Promise<void>((resolve, reject) => {
      checkToken(req, res, (error?: unknown) => (error ? reject(refusalOf(error)) : resolve()));
    });
    const viewer = viewerOf(accessTokens.verify(bearerToken(req)));
    noteSender(req, { as: viewer.staff ? 'staff' : 'customer', customerId: viewer.customerId });
    return viewer;
  };
}

function bearerToken(req: Request): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(req.headers.authorization ?? '')?.[1];
}

// Its messages may tell how a token is checked: the client learns only that it was refused.
function refusalOf(cause: unknown): unknown {
  if (!(cause instanceof UnauthorizedError)) return cause;
  return new Refusal('invalid_token', 'A valid access token is needed.', {}, { cause });
}
