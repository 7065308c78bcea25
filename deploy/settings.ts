import { settings } from '../src/config';
import { oneOf, text, whenBlank } from '../src/settings-table';

const optional = <Value>(setting: Parameters<typeof whenBlank<Value, undefined>>[0]) =>
  whenBlank(setting, undefined);

/** What the commands that set POD up take, besides POD's own settings. POD itself never sees them. */
export const deploySettings = {
  /** Without a slash at the end. */
  podUrl: {
    name: 'POD_URL',
    looksLike: 'where POD will be reached, with its path if it has one, for example https://pod.example',
    read: readPodUrl,
  },
  deployClientId: text(
    'AUTH0_DEPLOY_CLIENT_ID',
    'the client id of the application that may set the tenant up',
  ),
  deployClientSecret: text('AUTH0_DEPLOY_CLIENT_SECRET', 'the client secret of that application'),
  /** Part of the addresses that Amazon sends people back to. */
  vendorId: text(
    'ALEXA_VENDOR_ID',
    'your vendor id, of https://developer.amazon.com/settings/console/mycid, for example M0EXAMPLE1',
    /^[A-Z0-9]{4,20}$/,
  ),
  /** How Amazon's program signs in for its owner, by Login with Amazon. */
  refreshToken: text(
    'ASK_REFRESH_TOKEN',
    'the refresh token of your Amazon developer account, which npm run signin:amazon gets',
    /^Atzr\|/,
  ),
  certificate: whenBlank(oneOf('ALEXA_CERTIFICATE', ['Trusted', 'Wildcard'] as const), 'Trusted' as const),
  /** A customer of the tenant, whom Amazon's tester is. All three are in the testing instructions, or none. */
  testerEmail: optional(
    text(
      'TESTER_EMAIL',
      "the e-mail address of a customer whom Amazon's tester signs in as",
      /^[^\s@]+@[^\s@]+$/,
    ),
  ),
  testerPassword: optional(text('TESTER_PASSWORD', 'the password of that customer')),
  testerCodes: optional(
    text(
      'TESTER_CODES',
      'where and how the tester reads the codes that this customer is sent, in a sentence',
    ),
  ),
  twilioSid: optional(
    text('TWILIO_ACCOUNT_SID', 'the account SID of Twilio, AC and 32 digits', /^AC[0-9a-f]{32}$/),
  ),
  twilioToken: optional(text('TWILIO_AUTH_TOKEN', 'the auth token of Twilio')),
  twilioFrom: optional(
    text(
      'TWILIO_FROM',
      'the number that codes come from, in E.164, or the SID of a messaging service (MG…)',
      /^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$/,
    ),
  ),
};

/** Alexa calls port 443 and no other ("Host a Custom Skill as a Web Service"); a POD on this machine is for its stand-ins. */
function readPodUrl(given: string): string | undefined {
  if (!URL.canParse(given)) return undefined;
  const { protocol, port, hostname, origin, pathname, search, hash, username } = new URL(given);
  const isHere = protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname);
  const isPublic = protocol === 'https:' && port === '';
  if (!(isHere || isPublic) || search || hash || username) return undefined;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

const { podUrl, certificate, vendorId, refreshToken, deployClientId, deployClientSecret, ...others } =
  deploySettings;
const { testerEmail, testerPassword, testerCodes, ...twilio } = others;
const { auth0Domain, auth0TenantDomain, apiId, apiSigningKey, clientId, clientSecret } = settings;
const { codeLength, mailFrom, alexaSkillId } = settings;

/** The settings of the skill's three kinds of files. */
export const skillSettings = {
  models: { codeLength },
  manifest: { podUrl, certificate, testerEmail, testerPassword, testerCodes },
  accountLinking: { auth0Domain, apiId, clientId, clientSecret },
};

/** The settings by which the skill is brought to Amazon. */
export const skillDeploymentSettings = {
  ...skillSettings.models,
  ...skillSettings.manifest,
  ...skillSettings.accountLinking,
  refreshToken,
  vendorId,
  skillId: alexaSkillId,
};

/** The settings by which Auth0 is set up. */
export const tenantSettings = {
  auth0Domain,
  auth0TenantDomain,
  deployClientId,
  deployClientSecret,
  apiId,
  apiSigningKey,
  podUrl,
  vendorId,
  codeLength,
  mailFrom,
  ...twilio,
};
