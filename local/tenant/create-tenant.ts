import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { listen } from '../../src/runtimes/listen';
import type { Clock, Log } from '../../src/step-up/outside';
import { clientId } from './application';
import { createCallCounts } from './calls';
import { createFaults } from './faults';
import { createInbox } from './inbox';
import { loadOidcProvider } from './load-oidc-provider';
import { createPasskeys } from './passkeys';
import { createPasswordless } from './passwordless';
import { type ConfigurationOptions, openConfiguration } from './pod-configuration';
import { createProvider } from './provider';
import { apiId } from './resource-servers';
import { createSecrets } from './secrets';
import { openStateFile } from './state-file';
import { createTenantApp } from './tenant-app';
import { createUsers, seedAccounts } from './users';

export interface TenantOptions extends ConfigurationOptions {
  /** Of 127.0.0.1; 0, which is also the default, takes a free one. */
  port?: number;
  /** Where the tenant's state survives a restart. Without it, it lives in memory only. */
  dataDirectory?: string;
  /** PEM. With it the tenant speaks https, like Auth0; without it http, for `createLoopbackFetch`. */
  tls?: { key: string; cert: string };
  /** Lets browsers be sent back to every address of this machine, too: to clients that nobody has told the tenant of. */
  anyLoopbackRedirect?: boolean;
  /** For codes and messages. Tokens and sessions keep to the real time. */
  clock?: Clock;
  log?: Log;
}

type AllowedRedirects = Pick<TenantOptions, 'redirectUris' | 'postLogoutRedirectUris'>;

/** A running Auth0-compatible tenant. */
export type Tenant = Awaited<ReturnType<typeof createTenant>>;

const silent: Log = { info() {}, warn() {}, error() {} };

/**
 * Starts a tenant on loopback. Its first start makes keys and secrets and the seeded users.
 * @throws the server's error when the port is taken (`code` EADDRINUSE), and Error for a damaged state file
 */
export async function createTenant(options: TenantOptions = {}) {
  const { clock = Date.now, log = silent } = options;
  const oidc = await loadOidcProvider();
  const server = options.tls ? createHttpsServer(options.tls) : createHttpServer();
  const { port, cut } = await listen(server, options.port ?? 0, '127.0.0.1');
  const issuer = `https://localhost:${port}/`;
  // The issuer, which the configuration names, has the port in it.
  const { secrets, settle, ...state } = await openState(options, issuer, clock).catch(async (cause) => {
    await cut();
    throw cause;
  });
  const { users, inbox, passwordless, configuration } = state;
  const anyLoopback = options.anyLoopbackRedirect ?? false;
  const calls = createCallCounts();
  const faults = createFaults();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const provider = createProvider({ ...state, oidc, issuer, secrets, anyLoopback, log });
  const app = { ...state, issuer, secrets, anyLoopback, provider, calls, faults, clock, log };
  server.on('request', createTenantApp({ ...app, signal: closing.signal }));

  return {
    /** Where browsers reach it, without a slash at the end. */
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    /** `https://localhost:<port>/`, also when it speaks http. */
    issuer,
    /** POD's five mandatory settings, for this tenant. */
    settings: {
      AUTH0_DOMAIN: `localhost:${port}`,
      API_ID: apiId,
      API_SIGNING_KEY: secrets.apiSigningKey,
      APP_CLIENT_ID: clientId,
      APP_CLIENT_SECRET: secrets.clientSecret,
    },
    users,
    inbox,
    calls,
    faults,
    /** What an administrator would see and change in Auth0's dashboard. */
    configuration: configuration.value,
    /** Makes the next code that is sent this one. */
    forceNextCode: passwordless.forceNextCode,
    /** Makes the messages that bring codes lead to this page, where an order can be approved. */
    leadMessagesTo: passwordless.leadTo,
    /** Adds addresses that browsers may be sent back to; matched exactly. */
    allowRedirects({ redirectUris = [], postLogoutRedirectUris = [] }: AllowedRedirects): void {
      const application = configuration.application(clientId);
      application?.callbacks.push(...redirectUris);
      application?.allowed_logout_urls.push(...postLogoutRedirectUris);
    },
    /** Ends all connections, the hanging ones too, and finishes what is being written. */
    close(): Promise<void> {
      closing.abort();
      closed ??= cut().then(settle);
      return closed;
    },
  };
}

async function openState(options: TenantOptions, issuer: string, clock: Clock) {
  const { dataDirectory: directory, empty } = options;
  const [secrets, accounts, messages, codes, keys, file] = await Promise.all([
    openStateFile(directory, 'secrets.json', createSecrets),
    openStateFile(directory, 'users.json', () => (empty ? { accounts: [] } : seedAccounts(clock))),
    openStateFile(directory, 'inbox.json', () => ({ messages: [] })),
    openStateFile(directory, 'codes.json', () => ({})),
    openStateFile(directory, 'passkeys.json', () => ({})),
    openStateFile(directory, 'sign-ins.json', () => ({})),
  ]);
  const configuration = await openConfiguration(issuer, secrets.value, options);
  const users = createUsers(accounts, clock);
  const inbox = createInbox(messages, clock);
  const passwordless = createPasswordless({ users, inbox, file: codes, clock, configuration });
  const passkeys = createPasskeys({ users, file: keys, clock });
  const settle = async () => {
    await Promise.all([accounts, messages, codes, keys, file, configuration].map((one) => one.settle()));
  };
  return { secrets: secrets.value, users, inbox, passwordless, passkeys, file, configuration, settle };
}
