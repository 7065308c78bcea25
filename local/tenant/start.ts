import { join } from 'node:path';
import pino from 'pino';
import { settings } from '../../src/config';
import { ConfigError, readSettings } from '../../src/settings-table';
import { fromHere } from '../from-here';
import { pizzaOnDemand } from '../pizza-on-demand';
import { replaceFile } from '../replace-file';
import { localSettings } from '../settings';
import { createTenant } from './create-tenant';
import { listSeededUsers } from './seeded-users';
import { openTlsCertificate } from './tls-certificate';

void main(process.argv[2]);

/** @param podUrl where POD is, to which the messages with codes lead; the server's own address if absent */
async function main(podUrl?: string): Promise<void> {
  try {
    const table = { ...localSettings, podPort: settings.port, codeLength: settings.codeLength };
    const { tenant: port, dataDirectory, logLevel, podPort, codeLength } = readSettings(table, process.env);
    const directory = join(dataDirectory, 'tenant');
    const pod = new URL(podUrl ?? `http://localhost:${podPort}`).href.replace(/\/$/, '');
    const { tls, caFile } = await openTlsCertificate(directory, Date.now);
    const log = pino({ level: logLevel }, pino.destination(2));
    const tenant = await createTenant({
      port,
      dataDirectory: directory,
      tls,
      codeLength,
      redirectUris: [`${pod}/app/oidc/callback`],
      postLogoutRedirectUris: [`${pod}/app/`],
      anyLoopbackRedirect: true,
      log,
    });
    const page = `${pod}${pizzaOnDemand.approvalPage}`;
    tenant.leadMessagesTo(page);
    const settingsFile = join(directory, 'pod.env');
    await replaceFile(settingsFile, settingsText({ ...tenant.settings, NODE_EXTRA_CA_CERTS: caFile }));
    print(`
  Tenant       ${tenant.url}   (codes arrive at ${tenant.url}/inbox, and lead to ${page})
  Authority    ${fromHere(caFile)}   (whoever speaks to the tenant has to trust it)
  Settings     ${fromHere(settingsFile)}   (of POD, for this tenant)

  Who can sign in:
${listSeededUsers().join('\n')}

  In each terminal that POD, or another client of the tenant, is started in:

    set -a; . ${fromHere(settingsFile)}; set +a

  Ctrl-C stops it; sign-ins are kept.

The tenant is ready`);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void tenant.close());
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** For a shell, and for all that read POD's settings file. */
function settingsText(values: Record<string, string>): string {
  const lines = Object.entries(values).map(
    ([name, value]) =>
      `${name}=${/^[\w.:/+-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}`,
  );
  return [
    '# POD’s settings for the tenant of npm run tenant, which writes this file anew at each start.',
    '# Node takes the authority from its environment alone, so that this file has to be read into it before POD starts.',
    ...lines,
    '',
  ].join('\n');
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return 'The port is in use, perhaps by npm start, which has a tenant of its own. Stop it, or set TENANT_PORT to a free one.';
  }
  if (code === 'ERR_INVALID_URL')
    return 'POD’s address must be a URL: npm run tenant -- http://localhost:9100/pod';
  return `The tenant could not start: ${message}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
