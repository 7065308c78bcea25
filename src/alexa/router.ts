import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { startTimeLimit, turnLimitMs } from '../http/time-limit';
import type { Log } from '../step-up/outside';
import type { CertificateSource } from './certificate-cache';
import type { Conversation, ConversationServices } from './conversation';
import { createSkill } from './skill';
import { RequestNotVerified } from './verify-error';
import { createRequestVerifier } from './verify-request';

/** From its arrival: Alexa hangs up after 8 s. */
const answerLimitMs = 6_700;

/** No genuine request comes near it. */
const maxBody = '128kb';
const noBody = Buffer.alloc(0);

/** What the door needs from outside. */
export type AlexaServices<Terms> = ConversationServices<Terms> & {
  alexaCertificates: CertificateSource;
  config: { alexaSkillId?: string };
};

/**
 * The door `/alexa`, at which one skill converses. Only a request that is proven to be Amazon's is acted on; every other
 * one is answered 400, without a reason: certification fails a skill for any other status. The reason is in the log.
 */
export function alexaRouter<Terms>(
  services: AlexaServices<Terms>,
  conversation: Conversation<Terms>,
): Router {
  const { alexaCertificates: certificates, clock, config, log } = services;
  const verify = createRequestVerifier({ certificates, clock, applicationId: config.alexaSkillId });
  const answer = createSkill(services, conversation);
  const router = Router();

  router
    .route('/')
    .post(refuseBodyOutOfReach, readBody, async (req, res) => {
      const calls = startTimeLimit(turnLimitMs);
      const wait = startTimeLimit(answerLimitMs);
      try {
        const envelope = await verify(req.headers, req.body ?? noBody);
        res.json(await answer(envelope, { calls: calls.signal, answer: wait.signal }));
      } finally {
        calls.end();
        wait.end();
      }
    })
    .all((_req, res) => {
      res.status(405).set('Allow', 'POST').type('text').send('A skill listens to Alexa here.\n');
    });

  router.use(refuseUnverified(log));
  return router;
}

/** The signature is over the bytes of the body, and something else has read them, or is told to. */
class BodyOutOfReach extends Error {
  override readonly name = 'BodyOutOfReach';
}

const refuseBodyOutOfReach: RequestHandler = (req, _res, next) => {
  // Webtask's runtime reads the body of any request that says `?webtask_pb=1`, whoever it comes from.
  const query = new URLSearchParams(req.url.replace(/^[^?]*/, ''));
  if ([...query.keys()].some((name) => name.toLowerCase().startsWith('webtask_'))) {
    throw new BodyOutOfReach('The query holds a webtask_ parameter.');
  }
  if (req.readableDidRead || req.body !== undefined) {
    throw new BodyOutOfReach('The body was read already: mount alexaRouter before any body parser.');
  }
  next();
};

/** Of every content type, and never inflated: whatever came is what was signed. */
const readBody = express.raw({ type: () => true, inflate: false, limit: maxBody });

function refuseUnverified(log: Log): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    if (error instanceof RequestNotVerified) {
      log.warn({ reason: error.reason }, `refused a request to /alexa: ${error.message}`);
    } else if (isBodyFault(error)) {
      log.warn({ reason: error.type }, 'refused a request to /alexa: its body cannot be read');
    } else {
      log.error({ err: error }, 'refused a request to /alexa that could not be verified');
    }
    res.status(400).json({});
  };
}

/** body-parser's errors (too large, compressed, cut off) carry a `type`. */
function isBodyFault(error: unknown): error is { type: string } {
  return error instanceof Error && 'type' in error && typeof error.type === 'string';
}
