import express, { type RequestHandler } from 'express';
import { HttpFault } from './http-fault';

/** No genuine body comes near it. The answer to a longer one (problem.ts) names it. */
export const bodyLimit = '10kb';

const parseJson = express.json({ limit: bodyLimit, type: 'application/json' });

/** Reads a body of JSON. One that is not declared as JSON is refused rather than overlooked (RFC 9110 §15.5.16). */
export const jsonBody: RequestHandler = (req, res, next) => {
  if (req.is('application/json') === false) {
    throw new HttpFault(415, 'invalid_request', 'The body must be JSON: Content-Type: application/json.', {
      'Accept-Post': 'application/json',
    });
  }
  parseJson(req, res, next);
};
