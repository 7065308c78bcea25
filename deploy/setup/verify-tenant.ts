import { deployScopes } from '../../local/tenant/configuration';
import { requestManagementToken } from '../auth0/request-management-token';
import { tenantHostOf } from '../auth0/tenant-definition';
import { checkReached, checkTenantDomain } from '../doctor/check-auth0';
import type { Finding } from '../doctor/finding';
import type { Texts } from '../settings-files';

/** What is wrong with an answer, and what to do about it; undefined if nothing is. */
export type Verify = (texts: Texts, fetchIt: typeof fetch) => Promise<string | undefined>;

/** Whether a tenant answers at AUTH0_DOMAIN. */
export const verifyTenant: Verify = async (texts, fetch) => {
  const { AUTH0_DOMAIN: auth0Domain = '' } = texts;
  return faultIn(await checkReached({ config: { auth0Domain, issuer: `https://${auth0Domain}/` }, fetch }));
};

/** Whether AUTH0_TENANT_DOMAIN is the same tenant's. */
export const verifyTenantDomain: Verify = async (texts, fetch) =>
  faultIn(await checkTenantDomain({ config: domainsIn(texts), fetch }));

/** Whether the tenant knows the deploy client, and lets it do all that a definition takes. */
export const verifyDeployClient: Verify = async (texts, fetch) => {
  const { AUTH0_DEPLOY_CLIENT_ID: clientId = '', AUTH0_DEPLOY_CLIENT_SECRET: clientSecret = '' } = texts;
  const place = 'Applications, APIs, Auth0 Management API, Application Access, POD deploy';
  const answer = await requestManagementToken(
    { host: tenantHostOf(domainsIn(texts)), clientId, clientSecret },
    fetch,
  );
  if ('scopes' in answer) {
    const missing = deployScopes.filter((scope) => !answer.scopes.includes(scope));
    return missing.length > 0 ? `It lacks ${missing.join(' ')}. → Add them: ${place}.` : undefined;
  }
  if (answer.refused === 'credentials')
    return 'The tenant does not know this application with this secret. → Copy both again, from its Settings.';
  if (answer.refused === 'host')
    return 'AUTH0_DOMAIN is a custom domain. → Set AUTH0_TENANT_DOMAIN to the host that Auth0 gave the tenant.';
  return `It may not use the Management API: ${answer.text} → Authorize it: ${place}.`;
};

function domainsIn({ AUTH0_DOMAIN: auth0Domain = '', AUTH0_TENANT_DOMAIN }: Texts) {
  return { auth0Domain, auth0TenantDomain: AUTH0_TENANT_DOMAIN?.trim() || undefined };
}

function faultIn(finding: Finding | undefined): string | undefined {
  return finding?.state === 'fault' ? `${finding.text} → ${finding.cure}` : undefined;
}
