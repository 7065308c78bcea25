import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { clientFaultStatus } from '../../src/http/problem';
import type { Log } from '../../src/step-up/outside';
import type { AlexaAccount } from './alexa-account';
import type { EchoDevice } from './echo-device';
import { LinkRefused } from './sign-in';
import type { SkillResponse } from './skill-endpoint';

interface EchoParts {
  account: AlexaAccount;
  device: EchoDevice;
  /** Signs these bytes and sends them to the app. */
  send(body: Buffer): Promise<SkillResponse>;
  log: Log;
}

const doors = `This is a simulated Echo. Talk to it with: npm run say

POST /utterances {"text": "get me a large pizza with pepperoni"}   says it, and tells what Alexa answers
POST /requests   any bytes: sent to the app as they are, signed     tells what the app answers
POST /link       {"email": "…", "password": "…"}                   links the account of a customer
POST /unlink
GET  /token      the linked customer's access token
`;

/** Nobody says more in one breath, and the time that understanding takes grows faster than the text. */
const longestText = 300;

/** The doors of the Echo (JSON, and one page of text), for programs on this machine. */
export function echoRouter({ account, device, send, log }: EchoParts): Router {
  const router = Router();
  const json = express.json({ limit: '10kb' });
  const anyBytes = express.raw({ type: () => true, inflate: false, limit: '1mb' });

  router.use(refuseOtherSites);
  router.get('/', (_req, res) => {
    res.type('text').send(doors);
  });
  router.post('/utterances', json, async (req, res) => {
    const [text] = parseTexts(req.body, 'text');
    res.json(await device.utter(text));
  });
  router.post('/requests', anyBytes, async (req, res) => {
    res.json(await send(req.body ?? Buffer.alloc(0)));
  });
  router.post('/link', json, async (req, res) => {
    const [email, password] = parseTexts(req.body, 'email', 'password');
    await account.link({ email, password });
    device.endSession();
    res.json({ linkedAs: email });
  });
  router.post('/unlink', async (_req, res) => {
    await account.unlink();
    device.endSession();
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

class BadCall extends Error {
  override readonly name = 'BadCall';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The Echo speaks with a customer's account: a web page must not, nor one whose name points at this machine (DNS rebinding). */
const refuseOtherSites: RequestHandler = (req, _res, next) => {
  const isOurs = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(req.headers.host ?? '');
  const isPage = req.headers.origin !== undefined && req.headers.origin !== `http://${req.headers.host}`;
  next(
    isOurs && !isPage ? undefined : new BadCall(403, 'The Echo listens to programs on this machine only.'),
  );
};

function parseTexts<const Names extends readonly string[]>(
  body: unknown,
  ...names: Names
): { [Name in keyof Names]: string } {
  const members = (body ?? {}) as Record<string, unknown>;
  return names.map((name) => {
    const text = members[name];
    if (typeof text !== 'string' || !text.trim() || text.length > longestText) {
      throw new BadCall(
        400,
        `The body must be JSON with ${names.join(' and ')}, as Content-Type: application/json.`,
      );
    }
    return text;
  }) as { [Name in keyof Names]: string };
}

function answerError(log: Log): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const status = error instanceof LinkRefused ? 401 : (clientFaultStatus(error) ?? 502);
    if (status === 502) log.error({ err: error }, 'the Echo failed');
    const message =
      status === 502 ? 'The tenant does not answer as it should. Is it running?' : error.message;
    res.status(status).json({ error: message });
  };
}
