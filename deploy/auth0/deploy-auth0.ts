import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManagementClient } from 'auth0';
import { podDefinition } from '../../local/tenant/definition';
import { settings } from '../../src/config';
import { runCommand } from '../run-command';
import { openSettingsFiles, type SettingsFiles } from '../settings-files';
import { runTool } from '../tools/run-tool';
import { excludedConnections, keywordsOf, readTenantSettings, type TenantValues } from './tenant-definition';

/** The identifier of POD's API, unless a setting names another one. */
const usualApiId = 'https://pod.localtest.me';

/**
 * Makes the tenant what deploy/auth0/tenant.yaml says, by the import of auth0-deploy-cli, and keeps what POD has to know of
 * it: the API's identifier and signing key, which are made up where there are none yet, and the application's credentials.
 * Nothing is deleted in the tenant.
 * @throws ConfigError naming every setting that is missing, and ToolFailed
 */
export async function deployAuth0(files: SettingsFiles, print: (text: string) => void): Promise<void> {
  const texts = files.read();
  const isSet = (name: string) => Boolean(texts[name]?.trim());
  // Kept before they are used: a second run after a failure must not make others.
  const madeUp = {
    ...(!isSet(settings.apiId.name) && { [settings.apiId.name]: usualApiId }),
    ...(!isSet(settings.apiSigningKey.name) && {
      [settings.apiSigningKey.name]: randomBytes(32).toString('base64url'),
    }),
  };
  const values = readTenantSettings({ ...texts, ...madeUp });
  await files.keep(madeUp);
  await importDefinition(values, print);
  const { auth0Domain } = values;
  await files.keep({ [settings.auth0Domain.name]: auth0Domain, ...(await readCredentials(values)) });
}

async function importDefinition(values: TenantValues, print: (text: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pod-auth0-'));
  const config = join(folder, 'config.json');
  try {
    // It has secrets in it, and arguments can be seen by everybody on a machine.
    await writeFile(config, JSON.stringify(importConfig(values)), { mode: 0o600 });
    await runTool('a0deploy', ['import', '-c', config, '-i', podDefinition, '--env', 'false'], { print });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function importConfig(values: TenantValues) {
  return {
    AUTH0_DOMAIN: values.auth0Domain,
    AUTH0_CLIENT_ID: values.deployClientId,
    AUTH0_CLIENT_SECRET: values.deployClientSecret,
    AUTH0_ALLOW_DELETE: false,
    AUTH0_EXCLUDED_CONNECTIONS: excludedConnections(values),
    AUTH0_KEYWORD_REPLACE_MAPPINGS: keywordsOf(values),
  };
}

async function readCredentials({ auth0Domain: domain, deployClientId, deployClientSecret }: TenantValues) {
  const management = new ManagementClient({
    domain,
    clientId: deployClientId,
    clientSecret: deployClientSecret,
  });
  for await (const { name, client_id, client_secret } of await management.clients.list({
    app_type: 'regular_web',
  })) {
    if (name === 'POD' && client_id && client_secret) {
      return { [settings.clientId.name]: client_id, [settings.clientSecret.name]: client_secret };
    }
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
