import express, { type Request, type RequestHandler, Router } from 'express';
import { type Assets, assetsRouter } from '../../src/app/assets';
import { securityHeaders } from '../../src/app/security-headers';
import type { Tenant } from '../tenant/create-tenant';
import type { AlexaAccount } from './alexa-account';
import type { AttackRunner } from './attacks/attack-runner';
import { BadCall } from './bad-call';
import { type Forger, forgeries, NotAnEnvelope } from './forge-request';
import { echoIds, type Household, personIds } from './household';
import { linkingRouter } from './linking-router';
import type { BoardItem, HouseholdState, LinkedCustomer, Suggestions } from './page-data';
import { parseTexts } from './parse-texts';

export interface PageParts {
  account: AlexaAccount;
  household: Household;
  forger: Forger;
  attacks: AttackRunner;
  tenant: Pick<Tenant, 'url' | 'settings' | 'users' | 'inbox' | 'allowRedirects'>;
  /** The built page; without files there is none, and its doors alone are there. */
  assets: Assets;
  /** What was ordered last, newest first. */
  board(): Promise<BoardItem[]>;
  invocationName: string;
  suggestions: Suggestions;
  officeUrl: string;
}

const shownMessages = 20;

/** The Echo's page, and the doors that it alone uses. Mount it after what refuses other sites. */
export function pageRouter(parts: PageParts): Router {
  const { household, forger, attacks, tenant, assets } = parts;
  const router = Router();
  const json = express.json({ limit: '100kb' });
  router.use(securityHeaders({ issuer: tenant.url }, undefined));
  if (assets.size > 0) router.use(forBrowsers(assetsRouter(assets)));
  router.use('/linking', linkingRouter(parts));

  router.get('/household', async (_req, res) => {
    res.set('Cache-Control', 'no-cache').json(await describeHousehold(parts));
  });
  router.post('/echos/:echo/utterances', json, async (req, res) => {
    const [text, person] = parseTexts(req.body, 'text', 'person');
    res.json(await household.utter(echoIn(req), oneOf(personIds, person), text));
  });
  router.post('/echos/:echo/silence', json, async (req, res) => {
    const [after] = parseTexts(req.body, 'after');
    await household.fallSilent(echoIn(req), after);
    res.json({});
  });
  router.post('/simulator', json, async (req, res) => {
    const { body, forgery } = req.body ?? {};
    if (typeof body !== 'string') throw new BadCall(400, 'The body must be JSON with body and forgery.');
    const sent = forger.send(body, oneOf(forgeries, forgery)).catch((error) => {
      throw error instanceof NotAnEnvelope ? new BadCall(400, error.message) : error;
    });
    res.json(await sent);
  });
  router.get('/attacks', (_req, res) => void res.json(attacks.list()));
  router.post('/attacks/:id', async (req, res) => {
    const outcome = await attacks.run(req.params.id);
    if (!outcome)
      throw new BadCall(404, `There is no attack called ${req.params.id}: GET /attacks lists them.`);
    res.json(outcome);
  });
  return router;
}

/** Programs that ask for anything get the list of doors. */
function forBrowsers(page: RequestHandler): RequestHandler {
  return (req, res, next) => {
    res.vary('Accept');
    if (req.path === '/' && req.accepts(['text', 'html']) !== 'html') return next();
    page(req, res, next);
  };
}

async function describeHousehold(parts: PageParts): Promise<HouseholdState> {
  const { account, household, tenant, board, invocationName, suggestions, officeUrl } = parts;
  const customer = customerOf(account);
  const addresses = [customer?.phoneNumber, customer?.email];
  return {
    invocationName,
    officeUrl,
    inboxUrl: `${tenant.url}/inbox`,
    customer,
    listening: {
      kitchen: household.isListening('kitchen'),
      'living-room': household.isListening('living-room'),
    },
    turns: household.turns(),
    messages: tenant.inbox
      .messages()
      .filter(({ to }) => addresses.includes(to))
      .slice(0, shownMessages),
    board: await board(),
    suggestions,
  };
}

function customerOf(account: AlexaAccount): LinkedCustomer | undefined {
  const user = account.linkedUser();
  if (!user) return undefined;
  const { phone_number: phoneNumber } = user.user_metadata;
  return {
    id: user.user_id,
    name: user.name,
    login: user.email ?? user.username ?? user.user_id,
    ...(typeof phoneNumber === 'string' && { phoneNumber }),
    ...(user.email && { email: user.email }),
  };
}

function echoIn(req: Request) {
  return oneOf(echoIds, req.params.echo);
}

function oneOf<const Values extends readonly string[]>(values: Values, value: unknown): Values[number] {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new BadCall(400, `This must be one of ${values.join(', ')}.`);
  return found;
}
