import { join } from 'node:path';
import pino from 'pino';
import { loadAssets } from '../src/app/assets';
import { ConfigError, readSettings } from '../src/settings-table';
import { announceEcho } from './echo/running-echos';
import { pizzaOnDemand } from './pizza-on-demand';
import { localSettings } from './settings';
import { type Local, startLocal } from './start-local';
import { listSeededUsers } from './tenant/seeded-users';

const root = join(__dirname, '..');

void main(process.env);

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    const { pod, tenant, echo, dataDirectory, logLevel } = readSettings(localSettings, environment);
    const log = pino({ level: logLevel }, pino.destination(2));
    const local = await startLocal(pizzaOnDemand, {
      ports: { pod, tenant, echo },
      dataDirectory,
      assets: await loadAssets(join(root, 'build', 'client')),
      echoAssets: await loadAssets(join(root, 'build', 'echo')),
      log,
      // Room for the tours of the papers, and for what they suggest to attack, all within an hour.
      settings: { CODES_PER_HOUR: '30', ORDERS_PER_HOUR: '30', ...environment },
    });
    const withdraw = await announceEcho(local.echoUrl);
    print(welcome(local));
    stopOnSignal(async () => {
      await Promise.all([local.close(), withdraw()]);
    });
  } catch (error) {
    print(`\n${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function welcome({ podUrl, echoUrl, tenant }: Local<unknown>): string {
  const { settings } = tenant;
  return [
    '',
    `  Back office      ${podUrl}/app/`,
    `  API              ${podUrl}/api/openapi.json`,
    `  Tenant           ${tenant.url}   (${settings.APP_CLIENT_ID}; codes and mails arrive at ${tenant.url}/inbox)`,
    `  Echo             ${echoUrl}   (in a browser; or npm run say -- "get me a large pizza with pepperoni")`,
    '',
    '  Who can sign in:',
    ...listSeededUsers(),
    '',
    '  Ctrl-C stops everything; orders and sign-ins are kept.',
    '',
    'POD is ready',
  ].join('\n');
}

function stopOnSignal(close: () => Promise<void>): void {
  const stop = () => {
    print('\nStopping…');
    void close().then(() => process.exit(0));
    // A second Ctrl-C, or a turn that does not end, must not keep a person waiting.
    process.once('SIGINT', () => process.exit(1));
    setTimeout(() => process.exit(1), 8_000).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use, perhaps by a POD that is running already. Stop it, or choose others: POD_PORT=7200 TENANT_PORT=7201 ECHO_PORT=7202 npm start`;
  }
  if (code === 'ENOENT') return `The page is not built: run npm start, which builds it. (${message})`;
  return `POD could not start: ${message}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
