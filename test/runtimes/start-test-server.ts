import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config';
import { startServer } from '../../src/runtimes/server';
import { accessToken } from '../fixtures/access-token';
import { testSettings } from '../fixtures/settings';

/** Nobody answers at this tenant. */
export const settings = { ...testSettings, AUTH0_DOMAIN: 'localhost:9' };

type Changed = Partial<
  Record<keyof typeof settings | 'DATABASE_URL' | 'ALEXA_SKILL_ID' | 'METRICS_HOST', string>
>;

/** The production server on an SQLite file of its own, until the test is finished. */
export async function start(changed: Changed = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'pod-server-'));
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const given = {
    ...settings,
    DATABASE_URL: `file:${join(directory, 'orders.db')}`,
    ...changed,
  };
  const config = { ...parseConfig(given), port: 0, metricsPort: 0 };
  const token = accessToken(given, { sub: 'auth0|a' });
  const server = await startServer({ config, assets: new Map(), log });
  onTestFinished(async () => {
    await server.close().catch(() => {});
    await rm(directory, { recursive: true });
  });
  const order = () =>
    fetch(`${server.url}/api/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'k1',
      },
      body: JSON.stringify({ size: 'large', toppings: [] }),
    });
  return { server, lines, token, order, path: join(directory, 'orders.db') };
}
