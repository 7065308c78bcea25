import { ManagementClient } from 'auth0';
import { readPhone } from '../../src/auth0/contact';
import type { Config } from '../../src/config';
import { type Finding, findingsOf, reasonOf } from '../doctor/finding';
import { deploySettings } from '../settings';

const { ok, fault } = findingsOf('tester');
const place = 'deploy/secrets.ini';

interface TesterParts {
  config: Pick<Config, 'auth0Domain' | 'auth0TenantDomain' | 'clientId' | 'clientSecret'>;
  tester: { testerEmail?: string; testerPassword?: string; testerCodes?: string };
  fetch: typeof fetch;
}

/** Whether Amazon's tester gets an account, and can read its codes. POD may read users; it cannot sign in as one. */
export async function checkTester({ config, tester, fetch }: TesterParts): Promise<Finding[]> {
  const missing = (['testerEmail', 'testerPassword', 'testerCodes'] as const).filter((key) => !tester[key]);
  if (missing.length > 0) {
    return missing.map((key) => {
      const { name, looksLike } = deploySettings[key];
      return fault(`${name} is missing: ${looksLike}`, `Set it in ${place}, and run npm run deploy:skill.`);
    });
  }
  const { auth0Domain, auth0TenantDomain: domain = auth0Domain, clientId, clientSecret } = config;
  const management = new ManagementClient({ domain, clientId, clientSecret, fetch, timeoutInSeconds: 20 });
  try {
    const q = `email:"${tester.testerEmail?.toLowerCase().replace(/["\\]/g, '\\$&')}"`;
    const { data } = await management.users.list({ q, search_engine: 'v3' });
    return [
      findingOf(data.find(({ identities }) => identities?.some(({ provider }) => provider === 'auth0'))),
    ];
  } catch (error) {
    return [
      fault(`the tenant tells nothing of its customers: ${reasonOf(error)}`, 'Run npm run doctor first.'),
    ];
  }
}

type User = Awaited<ReturnType<ManagementClient['users']['list']>>['data'][number];

function findingOf(user: User | undefined): Finding {
  if (!user) {
    const cure = `Make this customer, with a password: User Management, Users, Create User; or correct ${place}.`;
    return fault('the tenant has no customer of TESTER_EMAIL with a password', cure);
  }
  if (user.blocked) {
    return fault(
      'the customer of TESTER_EMAIL is blocked',
      'User Management, Users, that customer: Unblock.',
    );
  }
  const { phone, phoneUnusable } = readPhone(user.user_metadata?.phone_number, user.phone_number);
  if (phone || phoneUnusable) {
    const cure = 'Remove phone_number from that customer’s user_metadata: then codes go to the mailbox.';
    return fault('codes of TESTER_EMAIL go to a phone, which the tester does not have', cure);
  }
  return ok('the customer of TESTER_EMAIL is there, and codes go to its mailbox');
}
