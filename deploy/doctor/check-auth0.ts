import { ManagementClient } from 'auth0';
import type { Config } from '../../src/config';
import { compareDefinition, type Difference } from '../auth0/compare-definition';
import { readTenant } from '../auth0/read-tenant';
import { type TenantValues, tenantDefinition } from '../auth0/tenant-definition';
import { type Finding, findingsOf, reasonOf } from './finding';

const { ok, fault, unchecked } = findingsOf('auth0');
/** All that POD may do with the Management API. */
const needed = ['read:users', 'create:users', 'update:users'];

interface Auth0Parts {
  config: Pick<Config, 'auth0Domain' | 'issuer' | 'clientId' | 'clientSecret'>;
  /** Absent where no client that may read the tenant is named. */
  tenant: TenantValues | undefined;
  fetch: typeof fetch;
}

/** Whether the tenant is there, knows POD, and is what deploy/auth0/tenant.yaml says. */
export async function checkAuth0(parts: Auth0Parts): Promise<Finding[]> {
  const reached = await checkReached(parts);
  if (reached.state === 'fault') return [reached];
  return [reached, await checkCredentials(parts), ...(await checkDefinition(parts))];
}

async function checkReached({ config, fetch }: Auth0Parts): Promise<Finding> {
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

/** POD's own way in: the grant of client credentials, and what it may do there. */
async function checkCredentials({ config, fetch }: Auth0Parts): Promise<Finding> {
  const { auth0Domain, clientId, clientSecret } = config;
  const answer = await fetch(`https://${auth0Domain}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${auth0Domain}/api/v2/`,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const { scope = '', error = '', error_description = '' } = (await answer.json()) as Record<string, string>;
  if (error === 'invalid_client' || (error === 'access_denied' && answer.status === 401)) {
    return fault(
      'it does not know APP_CLIENT_ID with APP_CLIENT_SECRET',
      'Copy both from the application POD again.',
    );
  }
  if (error) {
    const place =
      'Applications, APIs, Auth0 Management API, Application Access: authorize POD; and on POD’s Grant Types: Client Credentials.';
    return fault(`POD gets no token of the Management API: ${error_description || error}`, mend(place));
  }
  const missing = needed.filter((one) => !scope.split(' ').includes(one));
  if (missing.length === 0) return ok('POD gets a token of the Management API, with its three scopes');
  return fault(`POD’s token of the Management API lacks ${missing.join(', ')}`, mend(place('access of')));
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
  const management = new ManagementClient({
    domain: tenant.auth0Domain,
    clientId: tenant.deployClientId,
    clientSecret: tenant.deployClientSecret,
    fetch,
    timeoutInSeconds: 20,
  });
  try {
    const differences = compareDefinition(tenantDefinition(tenant), await readTenant(management));
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
