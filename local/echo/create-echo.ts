import { createServer } from 'node:http';
import express from 'express';
import { listen } from '../../src/runtimes/listen';
import type { Clock, Log } from '../../src/step-up/outside';
import { type AccountLinking, openAlexaAccount } from './alexa-account';
import { createEchoDevice } from './echo-device';
import { echoRouter } from './echo-router';
import type { InteractionModel } from './interaction-model';
import type { SigningChain } from './signing-chain';
import { postSigned } from './skill-endpoint';

interface EchoOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** The app's door for Alexa, for example `http://localhost:7100/pod/alexa`. */
  appUrl: string;
  skillId: string;
  model: InteractionModel;
  linking: AccountLinking;
  signingChain: Pick<SigningChain, 'sign'>;
  /** Where the account linking survives a restart. */
  dataDir: string;
  clock: Clock;
  log: Log;
}

/**
 * Starts a simulated Echo on loopback. It hears text, understands it by a skill's interaction model, and sends the
 * app signed requests as Alexa does.
 * @returns where it is, and how to stop it
 * @throws the server's error when the port is taken (`code` EADDRINUSE), and Error for a damaged state file
 */
export async function createEcho(options: EchoOptions) {
  const { appUrl, skillId, model, signingChain, dataDir, clock, log } = options;
  const account = await openAlexaAccount(options.linking, { dataDir, clock, log });
  const send = (body: Buffer) => postSigned(appUrl, signingChain, body);
  const device = createEchoDevice({ account, model, skillId, clock, send });
  const app = express().disable('x-powered-by').use(echoRouter({ account, device, send, log }));

  const { port, cut } = await listen(createServer(app), options.port, '127.0.0.1');
  return { url: `http://localhost:${port}`, close: cut };
}
