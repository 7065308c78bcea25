import { expect, test } from 'vitest';
import { createTenant } from '../../../local/tenant/create-tenant';
import { parseConfig } from '../../../src/config';

test('its settings are the mandatory ones of POD', async () => {
  const tenant = await createTenant();
  const config = parseConfig(tenant.settings);
  expect(config).toMatchObject({ issuer: tenant.issuer, apiId: 'https://pod.localtest.me' });
  await tenant.close();
});

test('a port in use rejects with its reason', async () => {
  const first = await createTenant();
  const port = Number(new URL(first.url).port);
  await expect(createTenant({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
});

test('it can be closed twice', async () => {
  const tenant = await createTenant();
  await Promise.all([tenant.close(), tenant.close()]);
  await expect(fetch(tenant.url)).rejects.toThrow();
});
