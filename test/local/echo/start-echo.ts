import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { linkRedirectUri } from '../../../local/echo/alexa-account';
import { pizzaAttacks } from '../../../local/echo/attacks/pizza-attacks';
import { createEcho } from '../../../local/echo/create-echo';
import type { Exchange } from '../../../local/echo/echo-device';
import { readInteractionModel } from '../../../local/echo/interaction-model';
import { pizzaOnDemand } from '../../../local/pizza-on-demand';
import { createRequestVerifier } from '../../../src/alexa/verify-request';
import type { Assets } from '../../../src/app/assets';
import { testSigningChain } from '../../fixtures/signing-chain';
import { openTenant } from '../../fixtures/tenant';

export const skillId = 'amzn1.ask.skill.test';
const log = { info() {}, warn() {}, error() {} };

/** What the app in these tests answers, and what it was sent: the exact bytes, and whether they are proven Alexa's. */
export interface RecordingApp {
  received: { body: Buffer; isVerified: boolean }[];
  /** The next answers, in order; a question without attributes when there are no more. */
  answers: (Answer | Promise<Answer>)[];
}

interface Answer {
  status?: number;
  body: unknown;
}

/** An Echo in front of the real tenant, and an app that verifies what it is sent, answers as told, and does nothing else. */
export async function startEcho({ podUrl, assets = new Map() }: { podUrl?: string; assets?: Assets } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'pod-echo-'));
  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const tenant = await openTenant({ redirectUris: [linkRedirectUri] });
  const signingChain = await testSigningChain();
  const verify = createRequestVerifier({
    certificates: signingChain.certificates,
    clock,
    applicationId: skillId,
  });
  const app: RecordingApp = { received: [], answers: [] };

  const server = createServer(async (req, res) => {
    const body = Buffer.concat(await req.toArray());
    const isVerified = await verify(req.headers, body).then(Boolean, () => false);
    app.received.push({ body, isVerified });
    const answer = (await app.answers.shift()) ?? { body: question('And then?') };
    res.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const usualUrl = podUrl ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = (port = 0, appUrl = usualUrl) =>
    createEcho({
      port,
      podUrl: appUrl,
      skillId,
      model: readInteractionModel('src/alexa', 'pizza on demand'),
      tenant,
      signingChain,
      dataDir,
      page: {
        assets,
        board: async () => [],
        suggestions: pizzaOnDemand.suggestions,
        attacks: pizzaAttacks,
      },
      clock,
      log,
    });
  let echo = await start();
  onTestFinished(async () => {
    await Promise.all([echo.close(), tenant.close()]);
    server.closeAllConnections();
    server.close();
    await rm(dataDir, { recursive: true });
  });

  const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${echo.url}${path}`, { method: 'POST', body, headers });
  const postJson = (path: string, body: unknown) =>
    post(path, JSON.stringify(body), { 'Content-Type': 'application/json' });

  return {
    app,
    tenant,
    dataDir,
    start,
    /** Another Echo, which talks to the app at this address. */
    startAt: async (appUrl: string) => {
      const other = await start(0, appUrl);
      onTestFinished(() => other.close());
      return other;
    },
    get url() {
      return echo.url;
    },
    post,
    postJson,
    passTime: (milliseconds: number) => {
      aheadMs += milliseconds;
    },
    restart: async () => {
      await echo.close();
      echo = await start();
    },
    say: async (text: string) => (await (await postJson('/utterances', { text })).json()) as Exchange,
    link: ({ email, password }: { email: string; password: string }) =>
      postJson('/link', { email, password }),
    /** The linked access token, or undefined when none is linked. */
    token: async () => {
      const response = await fetch(`${echo.url}/token`);
      return response.ok ? ((await response.json()) as { accessToken: string }).accessToken : undefined;
    },
  };
}

/** A skill's answer that keeps the session open. */
export function question(text: string, sessionAttributes?: object) {
  return { version: '1.0', sessionAttributes, response: { ...speech(text), shouldEndSession: false } };
}

/** A skill's answer that ends the session. */
export function statement(text: string) {
  return { version: '1.0', response: { ...speech(text), shouldEndSession: true } };
}

function speech(text: string) {
  return { outputSpeech: { type: 'SSML', ssml: `<speak>${text}</speak>` } };
}
