import { IncomingMessage } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';

/** Reads the body of a token request or of the start of a code, which Auth0 takes as a form or as JSON. */
export const readTokenBody: RequestHandler[] = [express.json(), express.urlencoded({ extended: false })];

/**
 * The request again, with the body that has been read, as a form: oidc-provider takes no JSON, and complains on the
 * console about a body that somebody else has read.
 */
export function withFormBody(req: Request): IncomingMessage {
  const fields = Object.entries<unknown>(req.body ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, String(one)]),
  );
  const body = Buffer.from(new URLSearchParams(fields).toString());
  const { 'content-encoding': _, 'transfer-encoding': __, ...headers } = req.headers;

  const again = new IncomingMessage(req.socket);
  again.method = req.method;
  again.url = req.url;
  again.headers = {
    ...headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  again.push(body);
  again.push(null);
  again.complete = true;
  return again;
}
