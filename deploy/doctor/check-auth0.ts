import type { Config } from '../../src/config';
import { compareDefinition, type Difference } from '../auth0/compare-definition';
import { openManagement, readTenant } from '../auth0/read-tenant';
import { requestManagementToken } from '../auth0/request-management-token';
import { type TenantValues, tenantDefinition, tenantHostOf } from '../auth0/tenant-definition';
import { type Finding, findingsOf, reasonOf } from './finding';

const { ok, fault, unchecked } = findingsOf('auth0');
/** All that POD may do with the Management API. */
const needed = ['read:users', 'create:users', 'update:users'];

interface Auth0Parts {
  config: Pick<Config, 'auth0Domain' | 'auth0TenantDomain' | 'issuer' | 'clientId' | 'clientSecret'>;
  /** Absent where no client that may read the tenant is named. */
  tenant: TenantValues | undefined;
  fetch: typeof fetch;
}

type DomainParts<Name extends keyof Auth0Parts['config']> = {
  config: Pick<Auth0Parts['config'], Name>;
  fetch: typeof fetch;
};

/** Whether the tenant is there, knows POD, and is what deploy/auth0/tenant.yaml says. */
export async function checkAuth0(parts: Auth0Parts): Promise<Finding[]> {
  const reached = await checkReached(parts);
  if (reached.state === 'fault') return [reached];
  const host = await checkTenantDomain(parts);
  if (host?.state === 'fault') return [reached, host];
  return [reached, ...(host ? [host] : []), await checkCredentials(parts), ...(await checkDefinition(parts))];
}

/** Whether a tenant answers at its domain, and is the issuer of its tokens. */
export async function checkReached({
  config,
  fetch,
}: DomainParts<'auth0Domain' | 'issuer'>): Promise<Finding> {
  const { auth0Domain, issuer } = config;
  try {
    const address = `https://${auth0Domain}/.well-known/openid-configuration`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) {
      return fault(
        `${auth0Domain} answers ${answer.status}`,
        'AUTH0_DOMAIN must be the host of an Auth0 tenant.',
      );
    }
    const said = ((await answer.json()) as { issuer: string }).issuer;
    if (said === issuer) return ok(`${auth0Domain} answers, and is the issuer`);
    return fault(`${auth0Domain} issues tokens as ${said}`, `AUTH0_DOMAIN must be ${new URL(said).host}.`);
  } catch (error) {
    return fault(
      `${auth0Domain} does not answer: ${reasonOf(error)}`,
      'AUTH0_DOMAIN must be the host of an Auth0 tenant, without https://, and this machine must reach it.',
    );
  }
}

/** Whether the two names of a tenant with a custom domain are names of one: it signs by the same keys under both. */
export async function checkTenantDomain({
  config,
  fetch,
}: DomainParts<'auth0Domain' | 'auth0TenantDomain'>): Promise<Finding | undefined> {
  const { auth0Domain, auth0TenantDomain: host } = config;
  if (!host || host === auth0Domain) return undefined;
  const keysOf = async (domain: string) => {
    const answer = await fetch(`https://${domain}/.well-known/jwks.json`, {
      signal: AbortSignal.timeout(10_000),
    });
    const { keys = [] } = answer.ok ? ((await answer.json()) as { keys?: { kid?: string }[] }) : {};
    return keys.map(({ kid }) => kid);
  };
  try {
    const [own, custom] = [await keysOf(host), await keysOf(auth0Domain)];
    if (own.some((kid) => custom.includes(kid))) return ok(`${host} is the tenant of ${auth0Domain}`);
    return fault(`${host} is not the tenant of ${auth0Domain}`, tenantDomainCure);
  } catch (error) {
    return fault(`${host} does not answer: ${reasonOf(error)}`, tenantDomainCure);
  }
}

const tenantDomainCure =
  'AUTH0_TENANT_DOMAIN must be the host that Auth0 gave the tenant: Applications, APIs, Auth0 Management API shows it in the Identifier.';

/** POD's own way in: the grant of client credentials, and what it may do there. */
async function checkCredentials({ config, fetch }: Auth0Parts): Promise<Finding> {
  const answer = await requestManagementToken({ ...config, host: tenantHostOf(config) }, fetch);
  if ('scopes' in answer) {
    const missing = needed.filter((one) => !answer.scopes.includes(one));
    if (missing.length === 0) return ok('POD gets a token of the Management API, with its three scopes');
    return fault(`POD’s token of the Management API lacks ${missing.join(', ')}`, mend(place('access of')));
  }
  if (answer.refused === 'host') {
    return config.auth0TenantDomain
      ? fault(`${config.auth0TenantDomain} is a custom domain`, tenantDomainCure)
      : fault(
          `${config.auth0Domain} is a custom domain, and AUTH0_TENANT_DOMAIN is missing`,
          tenantDomainCure,
        );
  }
  if (answer.refused === 'credentials') {
    return fault(
      'it does not know APP_CLIENT_ID with APP_CLIENT_SECRET',
      'Copy both from the application POD again.',
    );
  }
  return fault(
    `POD gets no token of the Management API: ${answer.text}`,
    mend(
      'Applications, APIs, Auth0 Management API, Application Access: authorize POD; and on POD’s Grant Types: Client Credentials.',
    ),
  );
}

async function checkDefinition({ tenant, fetch }: Auth0Parts): Promise<Finding[]> {
  if (!tenant) {
    return [
      unchecked(
        'how the tenant is configured was not checked',
        'Set AUTH0_DEPLOY_CLIENT_ID, AUTH0_DEPLOY_CLIENT_SECRET, POD_URL and ALEXA_VENDOR_ID (docs/setup.md).',
      ),
    ];
  }
  try {
    const actual = await readTenant(openManagement(tenant, fetch));
    const differences = compareDefinition(tenantDefinition(tenant), actual);
    if (differences.length === 0) return [ok('the tenant is what deploy/auth0/tenant.yaml says')];
    return differences.map(({ where, what }: Difference) => fault(`${where} ${what}`, mend(place(where))));
  } catch (error) {
    return [
      fault(
        `the tenant cannot be read: ${reasonOf(error)}`,
        'The application of AUTH0_DEPLOY_CLIENT_ID needs the scopes that docs/setup.md lists.',
      ),
    ];
  }
}

function mend(where: string): string {
  return `npm run deploy:auth0 mends it. By hand: ${where}`;
}

/** Where in Auth0's dashboard of 2026 something is, the first that fits. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^application .*, grant_types/, 'Applications, POD, Settings, Advanced Settings, Grant Types.'],
  [/^application .*, refresh_token/, 'Applications, POD, Settings, Refresh Token Rotation.'],
  [/^application .*, token_endpoint/, 'Applications, POD, Credentials, Authentication Method.'],
  [/^application/, 'Applications, POD, Settings.'],
  [/^API .*, (enforce_policies|token_dialect)/, 'Applications, APIs, POD API, Settings, RBAC Settings.'],
  [/^API .*, subject_type/, 'Applications, APIs, POD API, Settings, Application Access Policy.'],
  [/^API .*, scopes/, 'Applications, APIs, POD API, Permissions.'],
  [/^API .*, signing_alg/, 'Applications, APIs: it cannot be changed there; make POD API anew, with HS256.'],
  [/^API/, 'Applications, APIs, POD API, Settings.'],
  [/^access of/, 'Applications, APIs, Auth0 Management API, Application Access, POD.'],
  [/^(connection|database) .*, enabled_clients/, 'Applications, POD, Connections.'],
  [/^connection/, 'Authentication, Passwordless.'],
  [/^database/, 'Authentication, Database, POD-DB.'],
  [/^role/, 'User Management, Roles, Staff, Permissions.'],
  [/^attackProtection/, 'Security, Attack Protection.'],
  [/^tenant/, 'Settings (of the tenant), Advanced.'],
];

function place(where: string): string {
  return places.find(([pattern]) => pattern.test(where))?.[1] ?? 'see docs/setup.md.';
}
