import { join } from 'node:path';
import pino from 'pino';
import { loadAssets } from '../app/assets';
import { ConfigError } from '../errors';
import { seededUsers } from '../local/tenant/seeded-users';
import { type Local, startLocal } from './local';

const root = join(__dirname, '..', '..');

void main(process.env);

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const ports = {
    pod: Number(environment.POD_PORT || 7100),
    tenant: Number(environment.TENANT_PORT || 7101),
    echo: Number(environment.ECHO_PORT || 7102),
  };
  const log = pino({ level: environment.LOG_LEVEL || 'warn' }, pino.destination(2));
  try {
    const local = await startLocal({
      ports,
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
