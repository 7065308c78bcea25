import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Clock, Log } from '../../src/services';
import { type AccountLinking, openAlexaAccount } from './alexa-account';
import { createEchoDevice } from './echo-device';
import { echoRouter } from './echo-router';
import { readInteractionModel } from './interaction-model';
import type { SigningChain } from './signing-chain';
import { postSigned } from './skill-endpoint';

export interface EchoOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** The app's door for Alexa, for example `http://localhost:7100/pod/alexa`. */
  appUrl: string;
  skillId: string;
  linking: AccountLinking;
  signingChain: Pick<SigningChain, 'sign'>;
  /** Where the account linking survives a restart. */
  dataDir: string;
  clock: Clock;
  log: Log;
}

/** A running Echo. */
export interface Echo {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a simulated Echo on loopback. It hears text, understands it by the skill's interaction model, and sends the
 * app signed requests as Alexa does.
 * @throws the server's error when the port is taken (`code` EADDRINUSE), and Error for a damaged state file
 */
export async function createEcho(options: EchoOptions): Promise<Echo> {
  const { appUrl, skillId, signingChain, dataDir, clock, log } = options;
  const account = await openAlexaAccount(options.linking, { dataDir, clock, log });
  const send = (body: Buffer) => postSigned(appUrl, signingChain, body);
  const device = createEchoDevice({ account, model: readInteractionModel(), skillId, clock, send });
  const app = express().disable('x-powered-by').use(echoRouter({ account, device, send, log }));

  const server = createServer(app);
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
