import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { collections, type Fields } from './collections';
import type { TenantConfiguration } from './configuration';

/** The values of a definition's keywords: texts for `##NAME##`, anything for `@@NAME@@`. */
export type Keywords = Readonly<Record<string, unknown>>;

export interface Definition {
  tenant?: TenantConfiguration['tenant'];
  attackProtection?: { [kind: string]: Fields };
  clients?: Fields[];
  resourceServers?: Fields[];
  clientGrants?: Fields[];
  databases?: Fields[];
  connections?: Fields[];
  roles?: Fields[];
}

/** The definition that POD's real tenant is set up by. */
export const podDefinition = join(__dirname, '..', '..', 'deploy', 'auth0', 'tenant.yaml');

/** Reads a definition as auth0-deploy-cli does. @param file its path; the bodies of mails lie beside it */
export function readDefinition(file: string, keywords: Keywords): Definition {
  const read = (path: string) => replaceKeywords(readFileSync(path, 'utf8'), keywords);
  const definition: Definition = parse(read(file), { merge: true });
  for (const { options } of definition.connections ?? []) {
    const { email } = options as { email?: { body: string } };
    if (email) email.body = read(join(dirname(file), 'connections', email.body));
  }
  return definition;
}

function replaceKeywords(text: string, keywords: Keywords): string {
  return Object.entries(keywords).reduce(
    (replaced, [name, value]) =>
      replaced
        .replaceAll(`@@${name}@@`, () => JSON.stringify(value))
        .replaceAll(`##${name}##`, () => String(value)),
    text,
  );
}

/**
 * Makes a tenant's configuration what a definition says, by the names of things; what the definition does not name stays.
 * The import of auth0-deploy-cli does the same by the Management API (a test compares).
 */
export function applyDefinition(configuration: TenantConfiguration, definition: Definition): void {
  const flags = { ...configuration.tenant.flags, ...definition.tenant?.flags };
  Object.assign(configuration.tenant, definition.tenant, { flags });
  for (const [kind, fields] of Object.entries(definition.attackProtection ?? {})) {
    const path = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    configuration.attackProtection[path] = { ...configuration.attackProtection[path], ...fields };
  }

  const idOf = (name: unknown) =>
    configuration.clients.find((client) => client.name === name)?.client_id ?? name;
  const put = (list: keyof typeof collections, fields: Fields) => {
    const members = configuration[list] as unknown as Fields[];
    const { create, check, unique } = collections[list];
    const keys = unique.length > 0 ? unique : ['name'];
    const member = members.find((one) => keys.every((key) => one[key] === fields[key]));
    const made = member ? Object.assign(member, fields) : create(fields);
    check?.(made);
    if (!member) members.push(made);
  };
  for (const client of definition.clients ?? []) put('clients', client);
  for (const api of definition.resourceServers ?? []) put('resourceServers', api);
  for (const grant of definition.clientGrants ?? []) {
    put('clientGrants', { ...grant, client_id: idOf(grant.client_id) });
  }
  for (const connection of [...(definition.databases ?? []), ...(definition.connections ?? [])]) {
    const enabled = (connection.enabled_clients ?? []) as unknown[];
    put('connections', { ...connection, enabled_clients: enabled.map(idOf) });
  }
  for (const role of definition.roles ?? []) put('roles', role);
}
