import { join } from 'node:path';
import type { Config } from '../../src/config';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import { compareDefinition } from '../auth0/compare-definition';
import { createAccountLinking } from '../skill/account-linking';
import { type Finding, findingsOf } from './finding';

const { ok, fault, unchecked } = findingsOf('account linking');
const built = 'build/skill-package/accountLinking.json';
const cure = 'npm run deploy:skill mends it. By hand: Build, Tools, Account Linking.';

/** Whether the account linking that was built for Amazon is the one of these settings. The tenant's side of it is with the tenant. */
export function checkAccountLinking(
  config: Pick<Config, 'auth0Domain' | 'apiId' | 'clientId' | 'clientSecret'>,
  directory: string,
): Finding[] {
  const text = readIfPresent(join(directory, built));
  if (text === undefined) return [unchecked(`there is no ${built}`, 'npm run build:skill makes it.')];
  const wanted = createAccountLinking(config).accountLinkingRequest ?? {};
  const found = (JSON.parse(text).accountLinkingRequest ?? {}) as typeof wanted;
  const secretOf = (one: typeof wanted) => ({ ...one, clientSecret: undefined });
  const differences = compareDefinition(
    { tenant: { ...secretOf(wanted) } },
    { tenant: { ...secretOf(found) } },
  ).map(({ where, what }) => fault(`${where.replace('tenant, ', '')} ${what}`, cure));
  if (found.clientSecret !== wanted.clientSecret)
    differences.push(fault('clientSecret is another one', cure));
  return differences.length > 0 ? differences : [ok(`${built} is of these settings`)];
}
