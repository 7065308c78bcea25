import { createServer } from 'node:http';
import express from 'express';
import type { Assets } from '../../src/app/assets';
import { listen } from '../../src/runtimes/listen';
import type { Clock, Log } from '../../src/step-up/outside';
import type { Tenant } from '../tenant/create-tenant';
import { openAlexaAccount } from './alexa-account';
import type { Attack } from './attacks/attack';
import { createAttackRunner } from './attacks/attack-runner';
import { createAttackWorld } from './attacks/attack-world';
import { echoRouter } from './echo-router';
import { createForger } from './forge-request';
import { createHousehold } from './household';
import type { InteractionModel } from './interaction-model';
import type { RefusalReasons } from './overhear-refusals';
import type { BoardItem, Suggestions } from './page-data';
import { pageRouter } from './page-router';
import type { SigningChain } from './signing-chain';
import { postSigned } from './skill-endpoint';

interface EchoOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** The app, whose door for Alexa is `/alexa` below it: for example `http://localhost:7100/pod`. */
  podUrl: string;
  skillId: string;
  model: InteractionModel;
  tenant: Pick<Tenant, 'url' | 'settings' | 'users' | 'inbox' | 'allowRedirects'>;
  signingChain: Pick<SigningChain, 'sign' | 'signAsStranger'>;
  /** Where the account linking survives a restart. */
  dataDir: string;
  page: EchoPage;
  clock: Clock;
  log: Log;
}

/** What the Echo's page shows besides the Echo. */
interface EchoPage {
  /** The built page; none if empty. */
  assets: Assets;
  /** What was ordered last, newest first. */
  board(): Promise<BoardItem[]>;
  suggestions: Suggestions;
  attacks: readonly Attack[];
  /** Why the app refused a request, where it can be known. */
  reasons?: RefusalReasons;
}

/**
 * Starts two simulated Echos of one household on loopback. They hear text, understand it by a skill's interaction model,
 * and send the app signed requests as Alexa does.
 * @returns where they are, and how to stop them
 * @throws the server's error when the port is taken (`code` EADDRINUSE), and Error for a damaged state file
 */
export async function createEcho(options: EchoOptions) {
  const { podUrl, skillId, model, tenant, signingChain, dataDir, page, clock, log } = options;
  const appUrl = `${podUrl}/alexa`;
  const account = await openAlexaAccount(tenant, { dataDir, clock, log });
  const send = (body: Buffer) => postSigned(appUrl, signingChain, body);
  const household = createHousehold({ account, model, skillId, clock, send });
  const forger = createForger({ appUrl, signingChain, clock, reasons: page.reasons });
  const world = { podUrl, tenant, model, skillId, clock, forger, send };
  const pageParts = {
    ...page,
    attacks: createAttackRunner(page.attacks, () => createAttackWorld(world)),
    account,
    household,
    forger,
    tenant,
    invocationName: model.invocationName,
    officeUrl: `${podUrl}/app/`,
  };
  const router = echoRouter({ account, household, send, page: pageRouter(pageParts), log });
  const app = express().disable('x-powered-by').use(router);

  const { port, cut } = await listen(createServer(app), options.port, '127.0.0.1');
  return { url: `http://localhost:${port}`, close: cut };
}
