import { settings } from '../../src/config';
import type { Setting } from '../../src/settings-table';
import { deploySettings } from '../settings';
import type { Texts } from '../settings-files';
import { type Verify, verifyDeployClient, verifyTenant, verifyTenantDomain } from './verify-tenant';

export interface Question {
  setting: Setting<unknown>;
  text: string;
  isSecret?: boolean;
}

/** What belongs together, and is verified together. */
export interface Topic {
  title: string;
  /** Where a person finds the answers. */
  hint: string;
  questions: readonly Question[];
  verify?: Verify;
  /** Left out as a whole by an empty first answer. */
  isOptional?: boolean;
  /** There is nothing to ask for otherwise. */
  matters?(texts: Texts): boolean;
}

const { auth0Domain, auth0TenantDomain } = settings;
const { deployClientId, deployClientSecret, podUrl, vendorId } = deploySettings;
const { twilioSid, twilioToken, twilioFrom } = deploySettings;

/** All that only a person knows, in the order in which it is asked. */
export const topics: readonly Topic[] = [
  {
    title: 'The Auth0 tenant',
    hint: 'https://manage.auth0.com shows its host under Applications, Default App, Settings, Domain.',
    questions: [{ setting: auth0Domain, text: 'Host' }],
    verify: verifyTenant,
  },
  {
    title: 'That is a custom domain?',
    hint: 'Then Auth0 gave the tenant another host, which Applications, APIs, Auth0 Management API shows in the Identifier.',
    questions: [{ setting: auth0TenantDomain, text: 'Host that Auth0 gave it' }],
    verify: verifyTenantDomain,
    isOptional: true,
    matters: ({ AUTH0_DOMAIN = '' }) => !/(\.auth0\.com|^localhost(:\d+)?)$/.test(AUTH0_DOMAIN),
  },
  {
    title: 'The application that may set the tenant up',
    hint: 'Make it once: Applications, Applications, Create Application, Machine to Machine, named POD deploy, authorized for the\n  Auth0 Management API with the scopes that docs/setup.md lists. Its Settings show both.',
    questions: [
      { setting: deployClientId, text: 'Client ID' },
      { setting: deployClientSecret, text: 'Client Secret', isSecret: true },
    ],
    verify: verifyDeployClient,
  },
  {
    title: 'Where POD will be reached',
    hint: 'By HTTPS on port 443, with its path if it has one: https://pod.example',
    questions: [{ setting: podUrl, text: 'Address' }],
  },
  {
    title: 'Your Amazon developer account',
    hint: 'https://developer.amazon.com/settings/console/mycid shows the id.',
    questions: [{ setting: vendorId, text: 'Vendor ID' }],
  },
  {
    title: 'Twilio, for codes by text message',
    hint: 'The first page of its console shows SID and token. Without Twilio codes go by e-mail alone.',
    questions: [
      { setting: twilioSid, text: 'Account SID' },
      { setting: twilioToken, text: 'Auth Token', isSecret: true },
      { setting: twilioFrom, text: 'Number or messaging service that codes come from' },
    ],
    isOptional: true,
  },
];
