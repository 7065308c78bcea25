import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { onTestFinished } from 'vitest';
import type { Conversation } from '../../src/alexa/conversation';
import { createPizzaConversation } from '../../src/alexa/pizza-conversation';
import type { AlexaResponse } from '../../src/alexa/response';
import { alexaRouter } from '../../src/alexa/router';
import { createAccessTokens } from '../../src/auth0/access-tokens';
import { type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import type { CodeLength } from '../../src/step-up/code';
import type { Clock } from '../../src/step-up/outside';
import { createSqliteStore } from '../../src/stores/sqlite';
import { accessToken } from '../fixtures/access-token';
import { alexaRequest, intent, type Slots, skillId } from '../fixtures/alexa-request';
import { newCustomerId } from '../fixtures/orders';
import { testConfig, testSettings } from '../fixtures/settings';
import { testSigningChain } from '../fixtures/signing-chain';
import { openStepUp } from '../fixtures/step-up';

/** The door `/alexa` on a real server, with a real store and real verification; only Auth0 is stood for. */
export async function openDoor({
  mount = (_app: Express) => {},
  codeLength = 4 as CodeLength,
  conversation = undefined as Conversation<OrderTerms> | undefined,
  publicOrigin = undefined as string | undefined,
  clock = Date.now as Clock,
} = {}) {
  const store = createSqliteStore(':memory:', pizzaOrder);
  const stepUp = openStepUp(store, pizzaOrder, codeLength);
  const chain = await testSigningChain();
  const config = { ...testConfig, alexaSkillId: skillId, publicOrigin };
  const logged: { level: string; fields: object; message: string }[] = [];
  const note = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, fields, message });
  const services = {
    ...stepUp.services,
    clock,
    config,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    accessTokens: createAccessTokens(config, clock),
    alexaCertificates: chain.certificates,
  };

  const app = express();
  mount(app);
  const { passwordless } = stepUp.codes;
  const skill = conversation ?? createPizzaConversation({ codeLength, passwordless });
  app.use('/alexa', alexaRouter<OrderTerms>(services, skill));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await store.close();
  });

  const customerId = newCustomerId();

  async function post(body: string | Buffer, path = '/alexa', headers: object = chain.sign(body)) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text };
  }

  return {
    ...stepUp,
    services,
    store,
    customerId,
    port,
    chain,
    logged,
    post,
    /** The customer's access token, or one with other claims. */
    token: (claims: object = {}) => accessToken(testSettings, { sub: customerId, ...claims }),
    orders: async () => (await store.list({ customerId, limit: 50, includeArchived: true })).actions,
  };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** A request as Alexa sends it for a linked customer, or with another access token, or (undefined) with none. */
export function envelope(door: Door, request: object, ...given: [accessToken?: unknown]) {
  return alexaRequest({ ...request }, { accessToken: given.length > 0 ? given[0] : door.token() });
}

/** Sends a genuine request, and gives Alexa's side of the answer. */
export async function send(door: Door, body: object): Promise<AlexaResponse> {
  const { status, text } = await door.post(JSON.stringify(body));
  if (status !== 200) throw new Error(`The door answered ${status}`);
  return JSON.parse(text);
}

/** Sends an intent of the linked customer. */
export function ask(door: Door, name: string, slots: Slots = {}) {
  return send(door, envelope(door, intent(name, slots)));
}

export function speechOf({ response }: AlexaResponse): string {
  return response.outputSpeech?.ssml ?? '';
}
