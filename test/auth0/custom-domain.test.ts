import { expect, onTestFinished, test } from 'vitest';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { seededUsers } from '../../local/tenant/seeded-users';
import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { openTenant } from '../fixtures/tenant';

const phoebe = customerOf(seededUsers.customerWithPhone.userId);
const own = 'pod.eu.auth0.com';
const patient = new AbortController().signal;

/** The tenant is reached by a custom domain, which is its issuer; its Management API goes by the name that Auth0 gave it. */
async function startBehindCustomDomain(settings: Record<string, string>) {
  const tenant = await openTenant();
  onTestFinished(() => tenant.close());
  const config = parseConfig({ ...tenant.settings, ...settings });
  const custom = tenant.settings.AUTH0_DOMAIN;
  const reach = createLoopbackFetch(custom);
  const logged: object[] = [];
  const log = (fields: object) => void logged.push(fields);

  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = String(init?.body ?? '');
    // The local tenant has one name: what its other name would answer to is told from the audience.
    if (body.includes('client_credentials')) {
      const audience = new URLSearchParams(body).get('audience');
      if (audience !== `https://${own}/api/v2/`) {
        const error_description = `Service not found: ${audience}`;
        return Promise.resolve(Response.json({ error: 'access_denied', error_description }, { status: 403 }));
      }
    }
    if (url.host !== own) return reach(input, init);
    url.host = custom;
    return reach(url, { ...init, method: request.method, body: init?.body && body.replaceAll(own, custom) });
  };
  const passwordless = createPasswordless({
    config,
    clock: Date.now,
    log: { info: log, warn: log, error: log },
    fetch,
  });
  return { tenant, passwordless, logged };
}

test('B14: behind a custom domain codes are sent and checked, and the Management API is asked under the tenant’s own name', async () => {
  const { tenant, passwordless } = await startBehindCustomDomain({ AUTH0_TENANT_DOMAIN: own });
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
