import { compareDefinition } from '../auth0/compare-definition';
import { importDefinition, keepCredentials, prepareTenant } from '../auth0/deploy-auth0';
import { openManagement, readTenant } from '../auth0/read-tenant';
import { tenantDefinition, tenantHostOf } from '../auth0/tenant-definition';
import { Declined } from './open-terminal';
import type { SetUp } from './setup';

/**
 * Makes the tenant what its definition says, if it is not: shows first what will change.
 * @throws Declined, ConfigError, ToolFailed, and the SDK's error when the tenant cannot be read
 */
export async function setUpTenant({ files, terminal, print, fetch }: SetUp): Promise<void> {
  const values = await prepareTenant(files, fetch);
  const actual = await readTenant(openManagement(values, fetch));
  const differences = compareDefinition(tenantDefinition(values), actual);
  if (differences.length === 0) {
    print('The tenant is what deploy/auth0/tenant.yaml says. Nothing is to be changed.\n');
  } else {
    print(`The tenant ${tenantHostOf(values)} is not yet what deploy/auth0/tenant.yaml says:\n`);
    for (const { where, what } of differences) print(`  ${where} ${what}\n`);
    if (terminal && !(await terminal.confirm('Shall it be made so? Nothing in it is deleted.')))
      throw new Declined();
    await importDefinition(values, print);
  }
  await keepCredentials(files, values, fetch);
}
