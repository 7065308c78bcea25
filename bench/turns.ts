import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import jwt from 'jsonwebtoken';
import { forNode } from '../build/server';
import type { SigningChain } from '../local/echo/signing-chain';
import { type Config, parseConfig } from '../src/config';

const skillId = 'amzn1.ask.skill.bench';

export function benchConfig(): Config {
  const config = parseConfig({
    AUTH0_DOMAIN: 'bench.example.auth0.com',
    API_ID: 'https://pod.localtest.me',
    API_SIGNING_KEY: 'a signing key that is long enough for HS256',
    APP_CLIENT_ID: 'client',
    APP_CLIENT_SECRET: 'client secret',
    ALEXA_SKILL_ID: skillId,
  });
  // The budget is a customer's; the bench has few customers who order without end.
  return { ...config, codesPerHour: Number.MAX_SAFE_INTEGER };
}

export const customerIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `auth0|${index + 1}`);

export interface SignedTurn {
  body: string;
  headers: Record<string, string | number>;
}

/** An order or its authorization, signed beforehand: the measuring side must not be the slower one. */
export function signTurn(chain: SigningChain, customerId: string, what: 'order' | 'authorize'): SignedTurn {
  const intent =
    what === 'order'
      ? {
          name: 'GetMeSomePizzaIntent',
          slots: {
            Size: { name: 'Size', value: 'large' },
            Toppings: { name: 'Toppings', value: 'pepperoni' },
          },
        }
      : { name: 'AuthorizePizzaOrderIntent', slots: { Code: { name: 'Code', value: '1234' } } };
  const application = { applicationId: skillId };
  const user = { userId: 'amzn1.ask.account.A', accessToken: tokenOf(customerId) };
  const body = JSON.stringify({
    version: '1.0',
    session: { new: true, sessionId: 's', application, attributes: {}, user },
    context: { System: { application, user, device: { deviceId: 'd', supportedInterfaces: {} } } },
    request: {
      type: 'IntentRequest',
      requestId: randomUUID(),
      timestamp: new Date().toISOString(),
      locale: 'en-US',
      intent,
    },
  });
  const length = Buffer.byteLength(body);
  return {
    body,
    headers: { 'content-type': 'application/json', 'content-length': length, ...chain.sign(body) },
  };
}

const tokens = new Map<string, string>();
function tokenOf(subject: string): string {
  const { apiSigningKey, apiId: audience, issuer } = benchConfig();
  const known =
    tokens.get(subject) ?? jwt.sign({}, apiSigningKey, { subject, audience, issuer, expiresIn: 36_000 });
  tokens.set(subject, known);
  return known;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends it and waits for the whole answer. @throws Error for anything but the answer that was expected */
export function send(url: string, { body, headers }: SignedTurn, expected: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        expected.test(text) ? resolve() : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    sent.on('error', reject).end(body);
  });
}

/** Runs `work` for each item, `width` at a time, and gives how many a second were done. */
export async function rate<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  const queue = items.values();
  const startedAt = performance.now();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return items.length / ((performance.now() - startedAt) / 1000);
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface AppProcess {
  url: string;
  stop(): void;
}

const appProcess = 'build/bench/app-process.js';

/** Builds the measured process as `npm run serve` builds its own: a TypeScript loader would be measured too. */
export async function buildApp(): Promise<void> {
  await build({ ...forNode, entryPoints: [join(__dirname, 'app-process.ts')], outfile: appProcess });
}

export async function startApp(env: {
  CHAIN_DIRECTORY: string;
  STORE: string;
  LATENCY_MS?: string;
  CUSTOMERS: string;
}): Promise<AppProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--expose-gc', appProcess], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of child.stdout ?? []) {
    return { url: String(line).trim(), stop: () => void child.kill('SIGKILL') };
  }
  throw new Error('The app did not start.');
}
