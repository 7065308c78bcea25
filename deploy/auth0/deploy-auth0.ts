import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podDefinition } from '../../local/tenant/definition';
import { settings } from '../../src/config';
import { runCommand } from '../run-command';
import { openSettingsFiles, type SettingsFiles } from '../settings-files';
import { installTool, runTool } from '../tools/run-tool';
import { createImportProgress } from './import-progress';
import { openManagement } from './read-tenant';
import {
  excludedConnections,
  keywordsOf,
  readTenantSettings,
  type TenantValues,
  tenantHostOf,
} from './tenant-definition';

/** The identifier of POD's API, unless a setting names another one. */
const usualApiId = 'https://pod.localtest.me';

/**
 * Makes the tenant what deploy/auth0/tenant.yaml says, by the import of auth0-deploy-cli, and keeps what POD has to know of
 * it. Nothing is deleted in the tenant.
 * @throws ConfigError naming every setting that is missing, and ToolFailed
 */
export async function deployAuth0(files: SettingsFiles, print: (text: string) => void): Promise<void> {
  const values = await prepareTenant(files);
  await importDefinition(values, print);
  await keepCredentials(files, values);
}

/**
 * The settings by which the tenant is set up. The API's identifier and signing key are made up where neither the settings nor
 * the tenant has them, and kept before they are used: a second run after a failure must not make others.
 * @throws ConfigError naming every setting that is missing, and the SDK's error when the tenant is asked in vain
 */
export async function prepareTenant(files: SettingsFiles, fetchIt = fetch): Promise<TenantValues> {
  const texts = files.read();
  const { apiId, apiSigningKey } = settings;
  const isSet = ({ name }: { name: string }) => Boolean(texts[name]?.trim());
  const madeUp: Record<string, string> = {
    ...(!isSet(apiId) && { [apiId.name]: usualApiId }),
    ...(!isSet(apiSigningKey) && { [apiSigningKey.name]: randomBytes(32).toString('base64url') }),
  };
  const values = readTenantSettings({ ...texts, ...madeUp });
  // Another key would put a POD out that runs elsewhere by these settings.
  const known = isSet(apiSigningKey) ? undefined : await readSigningKey(values, fetchIt);
  if (known) madeUp[apiSigningKey.name] = known;
  await files.keep(madeUp);
  return { ...values, ...(known && { apiSigningKey: known }) };
}

async function readSigningKey(values: TenantValues, fetchIt: typeof fetch): Promise<string | undefined> {
  for await (const api of await openManagement(values, fetchIt).resourceServers.list()) {
    if (api.identifier === values.apiId && api.signing_alg === 'HS256') return api.signing_secret;
  }
  return undefined;
}

/** @throws ToolFailed; what the program printed is printed then */
export async function importDefinition(values: TenantValues, print: (text: string) => void): Promise<void> {
  await installTool('a0deploy', print);
  const folder = await mkdtemp(join(tmpdir(), 'pod-auth0-'));
  const config = join(folder, 'config.json');
  const progress = createImportProgress(print);
  try {
    // It has secrets in it, and arguments can be seen by everybody on a machine.
    await writeFile(config, JSON.stringify(importConfig(values)), { mode: 0o600 });
    print('auth0-deploy-cli checks the definition, which takes a minute at the most ...\n');
    const args = ['import', '-c', config, '-i', podDefinition, '--env', 'false'];
    await runTool('a0deploy', args, { print: progress.take });
  } catch (error) {
    print(progress.all());
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function importConfig(values: TenantValues) {
  return {
    AUTH0_DOMAIN: tenantHostOf(values),
    AUTH0_CLIENT_ID: values.deployClientId,
    AUTH0_CLIENT_SECRET: values.deployClientSecret,
    AUTH0_ALLOW_DELETE: false,
    AUTH0_EXCLUDED_CONNECTIONS: excludedConnections(values),
    AUTH0_KEYWORD_REPLACE_MAPPINGS: keywordsOf(values),
  };
}

/**
 * Reads the credentials of the application POD, and keeps them and where the tenant is.
 * @throws Error when the tenant does not show them
 */
export async function keepCredentials(
  files: SettingsFiles,
  values: TenantValues,
  fetchIt = fetch,
): Promise<void> {
  const { auth0Domain, auth0TenantDomain } = values;
  const management = openManagement(values, fetchIt);
  for await (const { name, client_id, client_secret } of await management.clients.list({
    app_type: 'regular_web',
  })) {
    if (name !== 'POD' || !client_id || !client_secret) continue;
    return files.keep({
      [settings.auth0Domain.name]: auth0Domain,
      ...(auth0TenantDomain && { [settings.auth0TenantDomain.name]: auth0TenantDomain }),
      [settings.clientId.name]: client_id,
      [settings.clientSecret.name]: client_secret,
    });
  }
  throw new Error(
    'The tenant does not show the application POD with its secret: the deploy client needs read:clients and read:client_keys.',
  );
}

async function main(): Promise<void> {
  const print = (text: string) => void process.stdout.write(text);
  await deployAuth0(openSettingsFiles(process.cwd(), process.env), print);
  print('Auth0 is set up. src/runtimes/secrets.ini has what POD has to know of it.\n');
}

if (require.main === module) runCommand('Auth0 could not be set up', main);
