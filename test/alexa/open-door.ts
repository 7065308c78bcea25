import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type Express } from 'express';
import jwt from 'jsonwebtoken';
import { onTestFinished } from 'vitest';
import { openSigningChain } from '../../local/echo/signing-chain';
import type { AlexaResponse } from '../../src/alexa/response';
import { alexaRouter } from '../../src/alexa/router';
import { createTokenVerifier } from '../../src/auth0/access-tokens';
import { createSqliteStore } from '../../src/stores/sqlite';
import { newCustomerId, openShop, testConfig } from '../fixtures/shop';

export const skillId = 'amzn1.ask.skill.11111111-2222-3333-4444-555555555555';

export interface SlotValue {
  value?: string;
  slotValue?: object;
}

/** The door `/alexa` on a real server, with a real store and real verification; only Auth0 is stood for. */
export async function openDoor(mount: (app: Express) => void = () => {}) {
  const directory = await mkdtemp(join(tmpdir(), 'pod-alexa-'));
  const store = createSqliteStore(':memory:');
  const shop = openShop(store);
  const clock = Date.now;
  const chain = await openSigningChain({ directory, clock });
  const config = { ...testConfig, alexaSkillId: skillId };
  const logged: { fields: object; message: string }[] = [];
  const note = (fields: object, message: string) => void logged.push({ fields, message });
  const services = {
    ...shop.services,
    clock,
    config,
    log: { info: note, warn: note, error: note },
    accessTokens: createTokenVerifier(config, clock),
    alexaCertificates: chain.certificates,
  };

  const app = express();
  mount(app);
  app.use('/alexa', alexaRouter(services));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await store.close();
    await rm(directory, { recursive: true });
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
    ...shop,
    services,
    store,
    customerId,
    port,
    chain,
    logged,
    post,
    /** The customer's access token, or one with other claims. */
    token: (claims: object = {}, options: jwt.SignOptions = {}) =>
      jwt.sign(claims, config.apiSigningKey, {
        subject: customerId,
        audience: config.apiId,
        issuer: config.issuer,
        expiresIn: 600,
        ...options,
      }),
    nextRequestId: () => `amzn1.echo-api.request.${randomUUID()}`,
    orders: async () => (await store.list({ customerId, limit: 50, includeArchived: true })).orders,
  };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** A request as Alexa sends it for a linked customer, or with another access token, or (undefined) with none. */
export function envelope(door: Door, request: object, ...given: [accessToken?: unknown]) {
  const accessToken = given.length > 0 ? given[0] : door.token();
  const user = { userId: 'amzn1.ask.account.A', accessToken };
  const application = { applicationId: skillId };
  return {
    version: '1.0',
    session: { new: true, sessionId: 'amzn1.echo-api.session.1', application, attributes: {}, user },
    context: { System: { application, user, device: { deviceId: 'd', supportedInterfaces: {} } } },
    request: {
      requestId: door.nextRequestId(),
      timestamp: new Date().toISOString(),
      locale: 'en-US',
      ...request,
    },
  };
}

export function intent(name: string, slots: Record<string, string | SlotValue | undefined> = {}) {
  const named = Object.entries(slots).map(([slot, value]) => [
    slot,
    { name: slot, confirmationStatus: 'NONE', ...(typeof value === 'string' ? { value } : value) },
  ]);
  return {
    type: 'IntentRequest',
    intent: { name, confirmationStatus: 'NONE', slots: Object.fromEntries(named) },
  };
}

/** Several values of one slot, as Alexa sends them today. */
export function several(...values: string[]): SlotValue {
  return { slotValue: { type: 'List', values: values.map((value) => ({ type: 'Simple', value })) } };
}

/** Sends a genuine request, and gives Alexa's side of the answer. */
export async function send(door: Door, body: object): Promise<AlexaResponse> {
  const { status, text } = await door.post(JSON.stringify(body));
  if (status !== 200) throw new Error(`The door answered ${status}`);
  return JSON.parse(text);
}

/** Sends an intent of the linked customer. */
export function ask(door: Door, name: string, slots: Record<string, string | SlotValue | undefined> = {}) {
  return send(door, envelope(door, intent(name, slots)));
}

export function speechOf({ response }: AlexaResponse): string {
  return response.outputSpeech?.ssml ?? '';
}
