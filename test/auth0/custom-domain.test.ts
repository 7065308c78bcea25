import { expect, onTestFinished, test } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import { codeOf } from '../fixtures/code-book';
import { createCustomDomainFetch, tenantHost } from '../fixtures/custom-domain';
import { customerOf } from '../fixtures/orders';
import { openTenant } from '../fixtures/tenant';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const patient = new AbortController().signal;

/** The tenant is reached by a custom domain, which is its issuer; its Management API goes by the name that Auth0 gave it. */
async function startBehindCustomDomain(settings: Record<string, string>) {
  const tenant = await openTenant();
  onTestFinished(() => tenant.close());
  const config = parseConfig({ ...tenant.settings, ...settings });
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);
  const passwordless = createPasswordless({
    config,
    clock: Date.now,
    log: { info: log, warn: log, error: log },
    fetch: createCustomDomainFetch(tenant.settings.AUTH0_DOMAIN),
  });
  return { tenant, passwordless, logged };
}

test('B14: behind a custom domain codes are sent and checked, and the Management API is asked under the tenant’s own name', async () => {
  const { tenant, passwordless } = await startBehindCustomDomain({ AUTH0_TENANT_DOMAIN: tenantHost });
  tenant.forceNextCode('4711');
  await passwordless.sendCode(phoebe, patient);
  expect(await passwordless.checkCode(phoebe, codeOf('4711'), patient)).toBe('right');
});

test('B14: without the tenant’s own name the log says what is missing', async () => {
  const { passwordless, logged } = await startBehindCustomDomain({});
  await expect(passwordless.sendCode(phoebe, patient)).rejects.toMatchObject({
    code: 'upstream_misconfigured',
  });
  expect(logged).toMatchObject([{ missing: 'AUTH0_TENANT_DOMAIN' }]);
});
