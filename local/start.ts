import { join } from 'node:path';
import pino from 'pino';
import { loadAssets } from '../src/app/assets';
import { logLevels } from '../src/config';
import { ConfigError } from '../src/errors';
import { type Local, startLocal } from './start-local';
import { seededUsers } from './tenant/seeded-users';

const root = join(__dirname, '..');

void main(process.env);

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    const log = pino({ level: logLevel(environment) }, pino.destination(2));
    const local = await startLocal({
      ports: {
        pod: port(environment, 'POD_PORT', 7100),
        tenant: port(environment, 'TENANT_PORT', 7101),
        echo: port(environment, 'ECHO_PORT', 7102),
      },
      dataDirectory: environment.POD_DATA_DIR || join(root, '.pod'),
      assets: await loadAssets(join(root, 'build', 'client')),
      log,
      settings: environment,
    });
    print(welcome(local));
    stopOnSignal(local);
  } catch (error) {
    print(`\n${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** @throws ConfigError */
function port(environment: NodeJS.ProcessEnv, name: string, usual: number): number {
  const text = environment[name] || String(usual);
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ConfigError([
    `${name} is malformed: it must be a port number up to 65535, or 0 for any free one`,
  ]);
}

/** @throws ConfigError */
function logLevel({ LOG_LEVEL: level = 'warn' }: NodeJS.ProcessEnv): string {
  if (logLevels.some((known) => known === level)) return level;
  throw new ConfigError([`LOG_LEVEL is malformed: it must be ${logLevels.join(', ')}`]);
}

function welcome({ podUrl, echoUrl, tenant }: Local): string {
  const { settings } = tenant;
  const users = Object.values(seededUsers).map((user) => {
    const login = 'email' in user ? user.email : user.username;
    return `    ${login.padEnd(22)} ${user.password.padEnd(16)} ${describe(user)}`;
  });
  return [
    '',
    `  Back office      ${podUrl}/app/`,
    `  API              ${podUrl}/api/openapi.json`,
    `  Tenant           ${tenant.url}   (${settings.APP_CLIENT_ID}; codes arrive at ${tenant.url}/inbox)`,
    `  Echo             ${echoUrl}   (npm run say -- "get me a large pizza with pepperoni")`,
    '',
    '  Who can sign in:',
    ...users,
    '',
    '  Ctrl-C stops everything; orders and sign-ins are kept.',
    '',
    'POD is ready',
  ].join('\n');
}

function describe(user: (typeof seededUsers)[keyof typeof seededUsers]): string {
  if ('permissions' in user) return 'staff: sees all orders';
  if ('phoneNumber' in user) return 'customer, codes by text message';
  return 'email' in user ? 'customer, codes by e-mail' : 'customer with neither phone nor e-mail';
}

function stopOnSignal(local: Local): void {
  const stop = () => {
    print('\nStopping…');
    void local.close().then(() => process.exit(0));
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
