import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { forNode } from '../build/server';
import type { SigningChain } from '../local/echo/signing-chain';
import type { Config } from '../src/config';
import { accessToken } from '../test/fixtures/access-token';
import { alexaRequest, intent, skillId } from '../test/fixtures/alexa-request';
import { testConfig, testSettings } from '../test/fixtures/settings';

/** What a group of measurements is given. */
export interface Bench {
  chain: SigningChain;
  directory: string;
  /** A share of the full size, for a look in between. */
  scale: number;
}

// The budget is a customer's; the bench has few customers who order without end.
export const benchConfig: Config = {
  ...testConfig,
  alexaSkillId: skillId,
  ordersPerHour: Number.MAX_SAFE_INTEGER,
  codesPerHour: Number.MAX_SAFE_INTEGER,
  codesPerHourTotal: Number.MAX_SAFE_INTEGER,
};

export const customerIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `auth0|${index + 1}`);

export interface SignedTurn {
  body: string;
  headers: Record<string, string | number>;
}

const intents = {
  order: intent('GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' }),
  authorize: intent('AuthorizePizzaOrderIntent', { Code: '1234' }),
};

/** A turn of a customer, signed beforehand: the measuring side must not be the slower one. */
export function signTurn(chain: SigningChain, sub: string, what: keyof typeof intents): SignedTurn {
  const body = JSON.stringify(
    alexaRequest(intents[what], { accessToken: accessToken(testSettings, { sub }) }),
  );
  const length = Buffer.byteLength(body);
  return {
    body,
    headers: { 'content-type': 'application/json', 'content-length': length, ...chain.sign(body) },
  };
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

/** The median time of a work that is done again and again, in milliseconds. */
export async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return percentile(times, 0.5);
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

/** Starts it for so many customers, on a new SQLite file unless a store is given. */
export async function startApp(
  { directory }: Bench,
  customers: number,
  { store = join(directory, `${randomUUID()}.db`), latencyMs = 0, withoutSdks = false, auth0 = {} } = {},
): Promise<AppProcess> {
  const env = {
    CHAIN_DIRECTORY: directory,
    STORE: store,
    LATENCY_MS: `${latencyMs}`,
    CUSTOMERS: `${customers}`,
    ...(withoutSdks && { WITHOUT_SDKS: 'true' }),
    ...auth0,
  };
  const child = spawn(process.execPath, ['--expose-gc', appProcess], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of child.stdout) {
    return { url: String(line).trim(), stop: () => void child.kill('SIGKILL') };
  }
  throw new Error('The app did not start.');
}
