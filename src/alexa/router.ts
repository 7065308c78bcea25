import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { DoorCounts } from '../http/refused';
import { startTimeLimit, turnLimitMs } from '../http/time-limit';
import type { Log } from '../step-up/outside';
import { recordedWith } from '../step-up/record-outcome';
import type { CertificateSource } from './certificate-cache';
import type { Conversation, ConversationServices } from './conversation';
import { createSkill } from './skill';
import { RequestNotVerified } from './verify-error';
import { createRequestVerifier } from './verify-request';

/** No genuine request comes near it. */
const maxBody = '32kb';
const noBody = Buffer.alloc(0);

/** What the door needs from outside. */
export type AlexaServices<Terms> = ConversationServices<Terms> & {
  alexaCertificates: CertificateSource;
  config: { alexaSkillId?: string; publicOrigin?: string };
};

/**
 * The door `/alexa`, at which one skill converses. Only a request that is proven to be Amazon's is acted on; every other
 * one is answered 400, without a reason: certification fails a skill for any other status. The reason is in the log.
 */
export function alexaRouter<Terms>(given: AlexaServices<Terms>, conversation: Conversation<Terms>): Router {
  const services = recordedWith(given, { door: 'alexa' });
  const { alexaCertificates: certificates, clock, config } = services;
  const verify = createRequestVerifier({ certificates, clock, applicationId: config.alexaSkillId });
  const answer = createSkill(services, conversation);
  const router = Router();

  router
    .route('/')
    .post(refuseBodyOutOfReach, readBody, async (req, res) => {
      const calls = startTimeLimit(turnLimitMs);
      try {
        const envelope = await verify(req.headers, req.body ?? noBody);
        const unlockPage = pageOf(conversation.unlockPage, req.baseUrl, config.publicOrigin);
        // Not by `json`, which hashes each answer for an ETag: nobody keeps the answer to a POST.
        res.type('json').end(await answer(envelope, { signal: calls.signal, unlockPage }));
      } finally {
        calls.end();
      }
    })
    .all((_req, res) => {
      res.status(405).set('Allow', 'POST').type('text').send('A skill listens to Alexa here.\n');
    });

  router.use(refuseUnverified(services));
  return router;
}

/** The address of a page that is linked from this door; undefined where POD does not know under which origin people reach it. */
function pageOf(link: string | undefined, door: string, origin: string | undefined): string | undefined {
  return link && origin && new URL(link, `${origin}${door}/`).href;
}

/** The signature is over the bytes of the body, and something else has read them: a fault of whoever mounted the door. */
class BodyOutOfReach extends Error {
  override readonly name = 'BodyOutOfReach';
}

const refuseBodyOutOfReach: RequestHandler = (req, _res, next) => {
  // Webtask's runtime reads the body of any request that says `?webtask_pb=1`, whoever it comes from.
  const query = new URLSearchParams(req.url.replace(/^[^?]*/, ''));
  if ([...query.keys()].some((name) => name.toLowerCase().startsWith('webtask_'))) {
    throw new RequestNotVerified('body_out_of_reach', 'The query holds a webtask_ parameter.');
  }
  if (req.readableDidRead || req.body !== undefined) {
    throw new BodyOutOfReach('The body was read already: mount alexaRouter before any body parser.');
  }
  next();
};

/** Of every content type, and never inflated: whatever came is what was signed. */
const readBody = express.raw({ type: () => true, inflate: false, limit: maxBody });

function refuseUnverified({ log, counts }: { log: Log; counts?: DoorCounts }): ErrorRequestHandler {
  const refuse = (outcome: string, why: string) => {
    counts?.refusal('alexa', outcome);
    log.warn({ door: 'alexa', as: 'nobody', outcome }, `refused a request to /alexa: ${why}`);
  };
  return (error, _req, res, _next) => {
    if (error instanceof RequestNotVerified) {
      refuse(error.reason, error.message);
    } else if (isBodyFault(error)) {
      refuse(error.type, 'its body cannot be read');
    } else {
      counts?.refusal('alexa', 'internal_error');
      log.error({ door: 'alexa', err: error }, 'refused a request to /alexa that could not be verified');
    }
    res.status(400).json({});
  };
}

/** body-parser's errors (too large, compressed, cut off) carry a `type`. */
function isBodyFault(error: unknown): error is { type: string } {
  return error instanceof Error && 'type' in error && typeof error.type === 'string';
}
