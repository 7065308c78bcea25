import { type Connection, newApplication, newId, type TenantConfiguration } from './configuration';
import { ManagementError } from './management-error';

export type Fields = Record<string, unknown>;

type ListName = keyof Omit<TenantConfiguration, 'tenant' | 'attackProtection'>;

/** One collection of the Management API, and what Auth0 asks of a new member. */
export interface Collection {
  path: string;
  /** As in its scopes, and as the name of a page of it. */
  noun: string;
  id: 'id' | 'client_id';
  /** What no two members have alike. */
  unique: readonly string[];
  create(given: Fields): Fields;
  check?(changed: Fields): void;
}

/** By their names in the configuration. */
export const collections: Readonly<Record<ListName, Collection>> = {
  clients: {
    path: 'clients',
    noun: 'clients',
    id: 'client_id',
    unique: [],
    create: (given) => newApplication({ ...given, name: need(given, 'name') }),
    check: ({ grant_types }) => {
      const unknown = ((grant_types ?? []) as string[]).filter((type) => !grantTypes.includes(type));
      if (unknown.length > 0) throw invalid(`grant_types: ${unknown.join(', ')}`);
    },
  },
  resourceServers: {
    path: 'resource-servers',
    noun: 'resource_servers',
    id: 'id',
    unique: ['identifier'],
    create: (given) => ({
      id: newId('rsv'),
      signing_alg: 'RS256',
      token_lifetime: 86_400,
      token_dialect: 'access_token',
      identifier: need(given, 'identifier'),
      ...given,
    }),
    check: ({ signing_alg, signing_secret }) => {
      if (!['HS256', 'RS256', 'PS256'].includes(String(signing_alg))) throw invalid('signing_alg');
      // https://auth0.com/docs/api/management/v2/resource-servers/post-resource-servers
      if (signing_alg === 'HS256' && String(signing_secret ?? '').length < 16)
        throw invalid('signing_secret');
    },
  },
  clientGrants: {
    path: 'client-grants',
    noun: 'client_grants',
    id: 'id',
    unique: ['client_id', 'audience'],
    create: (given) => ({
      id: newId('cgr'),
      client_id: need(given, 'client_id'),
      audience: need(given, 'audience'),
      ...given,
    }),
  },
  connections: {
    path: 'connections',
    noun: 'connections',
    id: 'id',
    unique: ['name'],
    create: (given) => ({
      id: newId('con'),
      name: need(given, 'name'),
      strategy: need(given, 'strategy'),
      enabled_clients: [],
      options: {},
      ...given,
    }),
    check: ({ strategy, options }) => {
      const { totp } = options as Connection['options'];
      if (!['auth0', 'sms', 'email'].includes(String(strategy))) throw invalid('strategy');
      if (totp && !(totp.length >= 4 && totp.length <= 40)) throw invalid('options.totp.length');
    },
  },
  roles: {
    path: 'roles',
    noun: 'roles',
    id: 'id',
    unique: ['name'],
    create: (given) => ({ id: newId('rol'), name: need(given, 'name'), permissions: [], ...given }),
  },
};

const grantTypes = [
  'authorization_code',
  'client_credentials',
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  'implicit',
  'password',
  'refresh_token',
];

function need(given: Fields, name: string): string {
  const field = given[name];
  if (typeof field !== 'string' || field === '') throw invalid(name);
  return field;
}

function invalid(what: string): ManagementError {
  return new ManagementError(
    400,
    'invalid_body',
    `Payload validation error: ${what} is missing or malformed.`,
  );
}
