import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock, Log } from '../../src/services';
import { clientId, type Redirects } from './application';
import { type CallCounts, createCallCounts } from './calls';
import { createFaults, type Faults } from './faults';
import { createInbox, type Inbox } from './inbox';
import { loadOidcProvider } from './load-oidc-provider';
import { createPasswordless } from './passwordless';
import { createProvider } from './provider';
import { apiId } from './resource-servers';
import { createSecrets } from './secrets';
import { openStateFile } from './state-file';
import { createTenantApp } from './tenant-app';
import { createUsers, seedAccounts, type Users } from './users';

export interface TenantOptions {
  /** Of 127.0.0.1; 0, which is also the default, takes a free one. */
  port?: number;
  /** Where the tenant's state survives a restart. Without it, it lives in memory only. */
  dataDirectory?: string;
  /** PEM. With it the tenant speaks https, like Auth0; without it http, for `createLoopbackFetch`. */
  tls?: { key: string; cert: string };
  /** Allowed from the start; more can follow with `allowRedirects`. */
  redirectUris?: readonly string[];
  postLogoutRedirectUris?: readonly string[];
  /** For codes and messages. Tokens and sessions keep to the real time. */
  clock?: Clock;
  log?: Log;
}

/** A running Auth0-compatible tenant. */
export interface Tenant {
  /** Where browsers reach it, without a slash at the end. */
  url: string;
  /** `https://localhost:<port>/`, also when it speaks http. */
  issuer: string;
  /** POD's five mandatory settings, for this tenant. */
  settings: Record<(typeof settingNames)[number], string>;
  users: Users;
  inbox: Inbox;
  calls: CallCounts;
  faults: Faults;
  /** Makes the next code that is sent this one. */
  forceNextCode(code: string): void;
  /** Adds addresses that browsers may be sent back to; matched exactly. */
  allowRedirects(addresses: {
    redirectUris?: readonly string[];
    postLogoutRedirectUris?: readonly string[];
  }): void;
  /** Ends all connections, the hanging ones too, and finishes what is being written. */
  close(): Promise<void>;
}

const settingNames = [
  'AUTH0_DOMAIN',
  'API_ID',
  'API_SIGNING_KEY',
  'APP_CLIENT_ID',
  'APP_CLIENT_SECRET',
] as const;
const silent: Log = { info() {}, warn() {}, error() {} };

/**
 * Starts a tenant on loopback. Its first start makes keys and secrets and the seeded users.
 * @throws the server's error when the port is taken (`code` EADDRINUSE), and Error for a damaged state file
 */
export async function createTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { clock = Date.now, log = silent } = options;
  const oidc = await loadOidcProvider();
  const { secrets, settle, ...state } = await openState(options.dataDirectory, clock);
  const server = options.tls ? createHttpsServer(options.tls) : createHttpServer();
  const port = await listen(server, options.port ?? 0);
  const issuer = `https://localhost:${port}/`;

  const redirects: Redirects = {
    redirectUris: new Set(options.redirectUris),
    postLogoutRedirectUris: new Set(options.postLogoutRedirectUris),
  };
  const { users, inbox, passwordless } = state;
  const calls = createCallCounts();
  const faults = createFaults();
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  const provider = createProvider({ ...state, oidc, issuer, secrets, redirects, log });
  const app = { ...state, issuer, secrets, provider, calls, faults, redirects, clock, log };
  server.on('request', createTenantApp({ ...app, signal: closing.signal }));

  return {
    url: `${options.tls ? 'https' : 'http'}://localhost:${port}`,
    issuer,
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
    forceNextCode: passwordless.forceNextCode,
    allowRedirects({ redirectUris = [], postLogoutRedirectUris = [] }) {
      for (const uri of redirectUris) redirects.redirectUris.add(uri);
      for (const uri of postLogoutRedirectUris) redirects.postLogoutRedirectUris.add(uri);
    },
    close() {
      closing.abort();
      closed ??= close(server).then(settle);
      return closed;
    },
  };
}

async function openState(directory: string | undefined, clock: Clock) {
  const [secrets, accounts, messages, codes, file] = await Promise.all([
    openStateFile(directory, 'secrets.json', createSecrets),
    openStateFile(directory, 'users.json', () => seedAccounts(clock)),
    openStateFile(directory, 'inbox.json', () => ({ messages: [] })),
    openStateFile(directory, 'codes.json', () => ({})),
    openStateFile(directory, 'sign-ins.json', () => ({})),
  ]);
  const users = createUsers(accounts, clock);
  const inbox = createInbox(messages, clock);
  const passwordless = createPasswordless({ users, inbox, file: codes, clock });
  const settle = async () => {
    await Promise.all([accounts, messages, codes, file].map((one) => one.settle()));
  };
  return { secrets: secrets.value, users, inbox, passwordless, file, settle };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
