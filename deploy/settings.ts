import { settings } from '../src/config';
import { oneOf, whenBlank } from '../src/settings-table';

/** What the commands that set POD up take, besides POD's own settings. */
const deploySettings = {
  /** Without a slash at the end. */
  podUrl: {
    name: 'POD_URL',
    looksLike:
      'where POD will be reached, https:// with its path, if it has one, for example https://pod.example',
    read: readPodUrl,
  },
  certificate: whenBlank(oneOf('ALEXA_CERTIFICATE', ['Trusted', 'Wildcard'] as const), 'Trusted' as const),
};

/** Alexa calls port 443 and no other ("Host a Custom Skill as a Web Service"). */
function readPodUrl(given: string): string | undefined {
  if (!URL.canParse(given)) return undefined;
  const { protocol, port, origin, pathname, search, hash, username } = new URL(given);
  const isPlain = protocol === 'https:' && port === '' && !search && !hash && !username;
  return isPlain ? `${origin}${pathname}`.replace(/\/+$/, '') : undefined;
}

/** The settings of the skill's three kinds of files. */
export const skillSettings = {
  models: { codeLength: settings.codeLength },
  manifest: { podUrl: deploySettings.podUrl, certificate: deploySettings.certificate },
  accountLinking: {
    auth0Domain: settings.auth0Domain,
    apiId: settings.apiId,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
  },
};
