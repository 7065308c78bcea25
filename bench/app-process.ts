import { createServer } from 'node:http';
import express from 'express';
import { openSigningChain } from '../local/echo/signing-chain';
import { createApp } from '../src/create-app';
import { pizzaOrder } from '../src/orders/pizza-order';
import { createServices } from '../src/runtimes/create-services';
import { listen } from '../src/runtimes/listen';
import type { Passwordless } from '../src/step-up/outside';
import { createPostgresStore } from '../src/stores/postgres';
import { createSqliteStore } from '../src/stores/sqlite';
import { createAuth0Stub, fetchFrom } from './auth0-stub';
import { benchConfig, customerIds } from './turns';

// POD as in production but for Auth0, in a process of its own; beside it a bare route that answers the same JSON.

void main();

async function main(): Promise<void> {
  const { CHAIN_DIRECTORY = '', STORE = '', LATENCY_MS, CUSTOMERS, WITHOUT_SDKS, AUTH0 } = process.env;
  const clock = Date.now;
  const log = {
    info() {},
    warn() {},
    error: (fields: object) => process.stderr.write(`${JSON.stringify(fields)}\n`),
  };
  const stub = createAuth0Stub(benchConfig, Number(LATENCY_MS), customerIds(Number(CUSTOMERS)));
  const chain = await openSigningChain({ directory: CHAIN_DIRECTORY, clock });
  const store = STORE.startsWith('postgres')
    ? createPostgresStore(STORE, pizzaOrder, log, 10)
    : createSqliteStore(STORE, pizzaOrder);
  const created = createServices({
    config: benchConfig,
    kind: pizzaOrder,
    clock,
    store,
    alexaCertificates: chain.certificates,
    assets: new Map(),
    log,
    fetch: AUTH0 ? fetchFrom(AUTH0) : stub.fetch,
  });
  const services = WITHOUT_SDKS ? { ...created, passwordless: answersAtOnce(created.passwordless) } : created;

  const app = express().disable('x-powered-by');
  app.post('/bare', express.json(), (_req, res) => void res.json(bareAnswer));
  app.get('/memory', (_req, res) => {
    global.gc?.();
    res.json(process.memoryUsage());
  });
  app.get('/cpu', (_req, res) => void res.json(process.cpuUsage()));
  app.get('/calls', (_req, res) => void res.json(stub.takeCalls()));
  app.use(createApp(services));
  const { port } = await listen(createServer(app), 0, '127.0.0.1');
  process.stdout.write(`http://127.0.0.1:${port}\n`);
}

/** The port itself, to see what a turn costs without what lies behind it. */
function answersAtOnce<Port extends Passwordless>(passwordless: Port): Port {
  return {
    ...passwordless,
    sendCode: async () => ({ channel: 'sms', maskedContact: '•••• 0199' }),
    checkCode: async () => 'right',
  };
}

const bareAnswer = {
  version: '1.0',
  response: {
    outputSpeech: {
      type: 'SSML',
      ssml: '<speak> Pizza on Demand is holding a large pizza with pepperoni for you. Pick-up is at 24 Mill Lane, in 20 minutes. The total is 17 dollars and 85 cents with tax. I have sent you a code of four digits by text message. When you have it, say: Alexa, tell Pizza on Demand to authorize order, and the four digits. </speak>',
    },
    shouldEndSession: true,
  },
  sessionAttributes: {},
};
