import { AuthClient } from '@auth0/auth0-auth-js';
import { ManagementClient } from 'auth0';
import type { Tenant } from '../../../local/tenant/create-tenant';
import { createLoopbackFetch } from '../../../local/tenant/loopback-fetch';

/** The real SDK, as POD sets it up. */
export function managementClient({ settings }: Tenant) {
  return new ManagementClient({
    domain: settings.AUTH0_DOMAIN,
    clientId: settings.APP_CLIENT_ID,
    clientSecret: settings.APP_CLIENT_SECRET,
    fetch: createLoopbackFetch(settings.AUTH0_DOMAIN),
    maxRetries: 0,
  });
}

export function authClient({ settings }: Tenant) {
  return new AuthClient({
    domain: settings.AUTH0_DOMAIN,
    clientId: settings.APP_CLIENT_ID,
    clientSecret: settings.APP_CLIENT_SECRET,
    customFetch: createLoopbackFetch(settings.AUTH0_DOMAIN),
  });
}

export function postJson(
  tenant: Tenant,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  return fetch(`${tenant.url}${path}`, {
    signal,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
