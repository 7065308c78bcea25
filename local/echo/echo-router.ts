import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { clientFaultStatus } from '../../src/http/problem';
import type { Log } from '../../src/step-up/outside';
import type { AlexaAccount } from './alexa-account';
import { BadCall } from './bad-call';
import type { Household } from './household';
import { parseTexts } from './parse-texts';
import { LinkRefused } from './sign-in';
import type { SkillResponse } from './skill-endpoint';

interface EchoParts {
  account: AlexaAccount;
  household: Household;
  /** Signs these bytes and sends them to the app. */
  send(body: Buffer): Promise<SkillResponse>;
  /** The doors of the page, and the page at `/` for those who ask for one. */
  page: RequestHandler;
  log: Log;
}

const doors = `This is a simulated Echo. Open it in a browser, or talk to it with: npm run say

POST /utterances {"text": "get me a large pizza with pepperoni"}   says it, and tells what Alexa answers
POST /requests   any bytes: sent to the app as they are, signed     tells what the app answers
POST /link       {"email": "…", "password": "…"}                   links the account of a customer
POST /unlink
GET  /token      the linked customer's access token
`;

/** The doors of the Echo, for programs on this machine and for its own page. Programs speak to the one in the kitchen. */
export function echoRouter({ account, household, send, page, log }: EchoParts): Router {
  const router = Router();
  const json = express.json({ limit: '10kb' });
  const anyBytes = express.raw({ type: () => true, inflate: false, limit: '1mb' });

  router.use(refuseOtherSites, page);
  router.get('/', (_req, res) => {
    res.type('text').send(doors);
  });
  router.post('/utterances', json, async (req, res) => {
    const [text] = parseTexts(req.body, 'text');
    const { request, response, speech } = await household.utter('kitchen', 'owner', text);
    res.json({ request, response, speech });
  });
  router.post('/requests', anyBytes, async (req, res) => {
    res.json(await send(req.body ?? Buffer.alloc(0)));
  });
  router.post('/link', json, async (req, res) => {
    const [email, password] = parseTexts(req.body, 'email', 'password');
    await account.link({ email, password });
    household.endSessions();
    res.json({ linkedAs: email });
  });
  router.post('/unlink', async (_req, res) => {
    await account.unlink();
    household.endSessions();
    res.json({ linkedAs: null });
  });
  router.get('/token', async (_req, res) => {
    const accessToken = await account.accessToken();
    if (!accessToken) throw new BadCall(404, 'No account is linked.');
    // As text it is ready for a command line: curl -H 'Accept: text/plain'.
    res.set('Cache-Control', 'no-store').format({
      json: () => res.json({ accessToken, linkedAs: account.linkedAs() }),
      text: () => res.send(accessToken),
    });
  });
  router.use(() => {
    throw new BadCall(404, 'The Echo has no such door: GET / lists them.');
  });
  router.use(answerError(log));
  return router;
}

/** The Echo speaks with a customer's account: a web page must not, nor one whose name points at this machine (DNS rebinding). */
const refuseOtherSites: RequestHandler = (req, _res, next) => {
  const isOurs = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(req.headers.host ?? '');
  const isPage = req.headers.origin !== undefined && req.headers.origin !== `http://${req.headers.host}`;
  next(
    isOurs && !isPage ? undefined : new BadCall(403, 'The Echo listens to programs on this machine only.'),
  );
};

function answerError(log: Log): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const status = error instanceof LinkRefused ? 401 : (clientFaultStatus(error) ?? 502);
    if (status === 502) log.error({ err: error }, 'the Echo failed');
    const message =
      status === 502 ? 'The tenant does not answer as it should. Is it running?' : error.message;
    res.status(status).json({ error: message });
  };
}
