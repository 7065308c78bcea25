import { expect, onTestFinished } from 'vitest';
import { readTenantSettings, tenantDefinition } from '../../deploy/auth0/tenant-definition';
import { checkAuth0 } from '../../deploy/doctor/check-auth0';
import type { Application, TenantConfiguration } from '../../local/tenant/configuration';
import { applyDefinition } from '../../local/tenant/definition';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { parseConfig } from '../../src/config';
import { openTenant } from '../fixtures/tenant';

/** A tenant as the definition makes it of an empty one, and settings that fit it. */
export async function openDefinedTenant() {
  const tenant = await openTenant({ empty: true });
  onTestFinished(tenant.close);
  const { configuration } = tenant;
  const [deploy] = configuration.clients;
  const texts: Record<string, string> = {
    AUTH0_DOMAIN: tenant.settings.AUTH0_DOMAIN,
    AUTH0_DEPLOY_CLIENT_ID: deploy?.client_id ?? '',
    AUTH0_DEPLOY_CLIENT_SECRET: deploy?.client_secret ?? '',
    API_ID: 'https://pod.localtest.me',
    API_SIGNING_KEY: 'a key of no less than thirty-two characters',
    POD_URL: 'https://pod.example',
    ALEXA_VENDOR_ID: 'M0EXAMPLE1',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'a token',
    TWILIO_FROM: '+12025550100',
  };
  applyDefinition(configuration, tenantDefinition(readTenantSettings(texts)));
  const pod = configuration.clients.find(({ name }) => name === 'POD') as Application;
  Object.assign(texts, { APP_CLIENT_ID: pod.client_id, APP_CLIENT_SECRET: pod.client_secret });
  const examine = async (
    more: Record<string, string> = {},
    fetch = createLoopbackFetch(tenant.settings.AUTH0_DOMAIN),
  ) => {
    const all = { ...texts, ...more };
    const findings = await checkAuth0({
      config: parseConfig(all),
      tenant: all.AUTH0_DEPLOY_CLIENT_ID ? readTenantSettings(all) : undefined,
      fetch,
    });
    return {
      texts: findings.map(({ text }) => text),
      states: findings.map(({ state }) => state),
      faults: findings.filter(({ state }) => state === 'fault').map(({ text }) => text),
      cures: findings.map(({ cure }) => cure),
    };
  };
  return { tenant, configuration, pod, texts, examine };
}

/** What POD may ask of the Management API. */
export const grantOf = (all: TenantConfiguration) => {
  const grant = all.clientGrants.find(
    ({ client_id }) => client_id === all.clients.find(({ name }) => name === 'POD')?.client_id,
  );
  return grant ?? expect.unreachable();
};
