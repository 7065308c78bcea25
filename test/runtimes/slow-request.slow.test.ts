import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config';
import { startServer } from '../../src/runtimes/server';
import { testSettings } from '../fixtures/settings';

it.each([
  ['headers that never end', 'POST /alexa HTTP/1.1\r\nHost: localhost\r\n'],
  ['a body that never ends', 'POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{'],
])('ends a request with %s', async (_what, sent) => {
  const directory = await mkdtemp(join(tmpdir(), 'pod-slow-'));
  const settings = { ...testSettings, DATABASE_URL: `file:${join(directory, 'orders.db')}` };
  const config = { ...parseConfig(settings), port: 0, metricsPort: 0 };
  const log = { info() {}, warn() {}, error() {} };
  const server = await startServer({ config, assets: new Map(), log });
  onTestFinished(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });
  const socket = connect(Number(new URL(server.url).port), 'localhost');
  socket.on('error', () => {});
  socket.write(sent);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 (408|400)/);
});
