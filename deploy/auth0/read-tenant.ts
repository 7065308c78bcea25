import { ManagementClient } from 'auth0';
import type { Definition } from '../../local/tenant/definition';
import { type TenantValues, tenantHostOf } from './tenant-definition';

type Fields = Record<string, unknown>;

/** The Management API of a tenant, for the client that may set it up. */
export function openManagement(values: TenantValues, fetchIt: typeof fetch): ManagementClient {
  return new ManagementClient({
    domain: tenantHostOf(values),
    clientId: values.deployClientId,
    clientSecret: values.deployClientSecret,
    fetch: fetchIt,
    timeoutInSeconds: 20,
  });
}

/**
 * Reads what a tenant is, in the form of the definition: by names where the Management API has ids.
 * @throws the SDK's error when the tenant does not answer, or does not let the client read
 */
export async function readTenant(management: ManagementClient): Promise<Definition> {
  const clients = await all(management.clients.list());
  const nameOf = (clientId: unknown) =>
    clients.find(({ client_id }) => client_id === clientId)?.name ?? clientId;
  const connections: Fields[] = [];
  for (const connection of await all(management.connections.list())) {
    const enabled = await all(management.connections.clients.get(String(connection.id)));
    connections.push({ ...connection, enabled_clients: enabled.map(({ client_id }) => nameOf(client_id)) });
  }
  const roles: Fields[] = [];
  for (const role of await all(management.roles.list())) {
    roles.push({ ...role, permissions: await all(management.roles.permissions.list(String(role.id))) });
  }
  const { flags, ...settings } = await management.tenants.settings.get();
  const grants = await all(management.clientGrants.list());
  return {
    tenant: { ...settings, flags: { ...flags } },
    attackProtection: {
      bruteForceProtection: { ...(await management.attackProtection.bruteForceProtection.get()) },
      suspiciousIpThrottling: { ...(await management.attackProtection.suspiciousIpThrottling.get()) },
    },
    clients,
    resourceServers: await all(management.resourceServers.list()),
    clientGrants: grants.map((grant) => ({ ...grant, client_id: nameOf(grant.client_id) })),
    databases: connections.filter(({ strategy }) => strategy === 'auth0'),
    connections: connections.filter(({ strategy }) => strategy !== 'auth0'),
    roles,
  };
}

async function all(pages: Promise<AsyncIterable<object>>): Promise<Fields[]> {
  const members: Fields[] = [];
  for await (const member of await pages) members.push({ ...member });
  return members;
}
