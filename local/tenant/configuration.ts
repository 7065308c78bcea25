import { randomBytes } from 'node:crypto';
import type { StateFile } from './state-file';

/** What the Management API gives and takes of a tenant's configuration, as far as this tenant heeds it. */
interface Resource {
  name?: string;
  [more: string]: unknown;
}

export interface Application extends Resource {
  client_id: string;
  client_secret: string;
  name: string;
  grant_types: string[];
  callbacks: string[];
  allowed_logout_urls: string[];
  token_endpoint_auth_method?: string;
  refresh_token?: { rotation_type?: string };
}

export interface Api extends Resource {
  id: string;
  identifier: string;
  signing_alg: string;
  signing_secret?: string;
  allow_offline_access?: boolean;
  enforce_policies?: boolean;
  /** Seconds. */
  token_lifetime?: number;
  token_dialect?: string;
  scopes?: { value: string; description?: string }[];
  /** Who may ask for its tokens: https://auth0.com/docs/get-started/apis/api-access-policies-for-applications. */
  subject_type_authorization?: { user?: { policy?: string }; client?: { policy?: string } };
}

export interface Connection extends Resource {
  id: string;
  name: string;
  strategy: string;
  /** Client ids. */
  enabled_clients: string[];
  options: {
    disable_signup?: boolean;
    totp?: { length: number; time_step: number };
    [more: string]: unknown;
  };
}

interface ClientGrant extends Resource {
  id: string;
  client_id: string;
  audience: string;
  scope: string[];
}

interface Role extends Resource {
  id: string;
  name: string;
  permissions: { permission_name: string; resource_server_identifier: string }[];
}

/** Everything that a tenant's administrator configures. */
export interface TenantConfiguration {
  tenant: { flags?: Record<string, boolean | undefined>; [more: string]: unknown };
  attackProtection: Record<string, Record<string, unknown>>;
  clients: Application[];
  resourceServers: Api[];
  clientGrants: ClientGrant[];
  connections: Connection[];
  roles: Role[];
}

/** The client id of who configures an empty tenant, as one is made by hand at Auth0. */
const deployClientId = 'deploy-local';

/** What the deploy client of an empty tenant may do: the scopes that docs/setup.md has one give it. */
export const deployScopes = [
  ...['clients', 'resource_servers', 'client_grants', 'connections', 'roles'].flatMap((of) => [
    `read:${of}`,
    `create:${of}`,
    `update:${of}`,
  ]),
  ...['tenant_settings', 'attack_protection'].flatMap((of) => [`read:${of}`, `update:${of}`]),
  'read:client_keys',
  'read:connections_options',
  'update:connections_options',
  'read:custom_domains',
  'read:actions',
];

/** A tenant as Auth0 hands it out: the Management API, a database that nobody may use, and one application that may configure. */
export function emptyConfiguration(issuer: string): TenantConfiguration {
  const audience = `${issuer}api/v2/`;
  return {
    tenant: { flags: {} },
    attackProtection: {
      'brute-force-protection': { enabled: true, shields: ['block', 'user_notification'] },
      'suspicious-ip-throttling': { enabled: true, shields: ['admin_notification', 'block'] },
      'breached-password-detection': { enabled: false },
    },
    clients: [
      newApplication({
        client_id: deployClientId,
        name: 'POD deploy',
        app_type: 'non_interactive',
        grant_types: ['client_credentials'],
      }),
    ],
    resourceServers: [
      {
        id: newId('rsv'),
        name: 'Auth0 Management API',
        identifier: audience,
        signing_alg: 'RS256',
        token_lifetime: 86_400,
        is_system: true,
      },
    ],
    clientGrants: [{ id: newId('cgr'), client_id: deployClientId, audience, scope: deployScopes }],
    connections: [
      {
        id: newId('con'),
        name: 'Username-Password-Authentication',
        strategy: 'auth0',
        enabled_clients: [],
        options: { brute_force_protection: true },
      },
    ],
    roles: [],
  };
}

/** An application with what Auth0 gives one that says no more. */
export function newApplication(given: Partial<Application> & { name: string }): Application {
  return {
    client_id: randomBytes(24).toString('base64url'),
    client_secret: randomBytes(48).toString('base64url'),
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    callbacks: [],
    allowed_logout_urls: [],
    ...given,
  };
}

/** An id in Auth0's manner. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}

/** The configuration, as the rest of the tenant asks for it. */
export type Configuration = ReturnType<typeof createConfiguration>;

export function createConfiguration({ value, save, settle }: StateFile<TenantConfiguration>) {
  return {
    value,
    save,
    settle,
    application: (id: unknown) => value.clients.find(({ client_id }) => client_id === id),
    api: (identifier: unknown) => value.resourceServers.find((api) => api.identifier === identifier),
    connection: (name: string) => value.connections.find((connection) => connection.name === name),
    /** The scopes that an application has of an API for itself; undefined when it has no grant for it. */
    grantedScopes: (clientId: string, audience: string): readonly string[] | undefined =>
      value.clientGrants.find((grant) => grant.client_id === clientId && grant.audience === audience)?.scope,
    /** Whether people can sign in to this application at all: a database is enabled for it. */
    hasLogin: (clientId: string) =>
      value.connections.some(
        ({ strategy, enabled_clients }) => strategy === 'auth0' && enabled_clients.includes(clientId),
      ),
  };
}
