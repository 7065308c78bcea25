import { parseConfig } from '../../src/config';
import { ConfigError, readSettings } from '../../src/settings-table';
import { readTenantSettings } from '../auth0/tenant-definition';
import { deploySettings } from '../settings';
import { openSettingsFiles, type Texts } from '../settings-files';
import { checkAccountLinking } from './check-account-linking';
import { checkAuth0 } from './check-auth0';
import { checkEndpoint } from './check-endpoint';
import { checkServices } from './check-services';
import { type Finding, findingsOf, reasonOf } from './finding';
import { lineOf, report } from './report';

const { ok, fault, unchecked } = findingsOf('settings');
const { podUrl, certificate } = deploySettings;

/**
 * Holds settings against the world. It changes nothing there, and sends no code.
 * @param parts.directory the folder of POD's sources, in which the skill package is built
 * @returns what each check found, in the order in which faults are best mended
 */
export async function examine(
  texts: Texts,
  parts: { fetch: typeof fetch; clock(): number; directory: string },
): Promise<Finding[]> {
  const config = attempt(() => parseConfig(texts));
  if (config instanceof ConfigError) return config.faults.map(settingFault);
  const tenant = isNamed(texts) ? attempt(() => readTenantSettings(texts)) : undefined;
  if (tenant instanceof ConfigError) return tenant.faults.map(settingFault);
  const endpoint = texts[podUrl.name]?.trim()
    ? attempt(() => readSettings({ podUrl, certificate }, texts))
    : undefined;
  if (endpoint instanceof ConfigError) return endpoint.faults.map(settingFault);
  return [
    ok('POD starts with them'),
    ...(config.alexaSkillId
      ? []
      : [
          fault(
            'ALEXA_SKILL_ID is missing: POD answers every skill that is pointed at it',
            'npm run deploy:skill keeps it. By hand: Build, Endpoint.',
          ),
        ]),
    ...(await checkAuth0({ config, tenant, fetch: parts.fetch })),
    ...checkAccountLinking(config, parts.directory),
    ...(endpoint
      ? await checkEndpoint({ config, ...endpoint, ...parts })
      : [unchecked('where POD is reached was not checked', 'Set POD_URL.')]),
    ...(await checkServices(config)),
  ];
}

function attempt<Value>(read: () => Value): Value | ConfigError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function isNamed(texts: Texts): boolean {
  return Boolean(texts[deploySettings.deployClientId.name]?.trim());
}

function settingFault(text: string): Finding {
  return fault(
    text,
    'Correct it in src/runtimes/secrets.ini, or deploy/secrets.ini for what only setting POD up takes.',
  );
}

async function main(args: readonly string[]): Promise<void> {
  const findings = await examine(openSettingsFiles(process.cwd(), process.env).read(), {
    fetch,
    clock: Date.now,
    directory: process.cwd(),
  });
  report(
    findings,
    args.includes('--json') ? JSON.stringify(findings, null, 2) : findings.map(lineOf).join('\n'),
  );
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`The doctor could not finish: ${reasonOf(error)}\n`);
    process.exitCode = 2;
  });
}
