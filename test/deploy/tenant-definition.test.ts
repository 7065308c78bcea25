import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTenantSettings, tenantDefinition } from '../../deploy/auth0/tenant-definition';

const settings = {
  AUTH0_DOMAIN: 'pod.eu.auth0.com',
  AUTH0_DEPLOY_CLIENT_ID: 'the-deploy-client',
  AUTH0_DEPLOY_CLIENT_SECRET: 'its secret',
  API_ID: 'https://pod.localtest.me',
  API_SIGNING_KEY: 'a key of no less than thirty-two characters',
  POD_URL: 'https://pod.example',
  ALEXA_VENDOR_ID: 'M0EXAMPLE1',
};
const twilio = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 't',
  TWILIO_FROM: '+12025550100',
};
const definitionWith = (more: object = {}) => tenantDefinition(readTenantSettings({ ...settings, ...more }));

describe('the definition of the tenant', () => {
  it('has the values of auth0-deploy-cli, which lets slips of the pen pass', () => {
    expect(definitionWith(twilio)).toMatchObject({
      tenant: { flags: { enforce_client_authentication_on_passwordless_start: true } },
      resourceServers: [
        {
          identifier: 'https://pod.localtest.me',
          signing_alg: 'HS256',
          signing_secret: settings.API_SIGNING_KEY,
          allow_offline_access: true,
          enforce_policies: true,
          token_dialect: 'access_token_authz',
          scopes: [{ value: 'read:all-orders' }, { value: 'manage:orders' }],
        },
      ],
      clients: [
        {
          name: 'POD',
          grant_types: [
            'authorization_code',
            'refresh_token',
            'client_credentials',
            'http://auth0.com/oauth/grant-type/passwordless/otp',
          ],
          callbacks: [
            'https://pod.example/app/oidc/callback',
            ...['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'].map(
              (host) => `https://${host}/api/skill/link/M0EXAMPLE1`,
            ),
          ],
          allowed_logout_urls: ['https://pod.example/app/'],
          refresh_token: { rotation_type: 'non-rotating' },
        },
      ],
      clientGrants: [
        {
          client_id: 'POD',
          audience: 'https://pod.eu.auth0.com/api/v2/',
          scope: ['read:users', 'create:users', 'update:users'],
        },
      ],
      databases: [{ name: 'POD-DB', strategy: 'auth0', enabled_clients: ['POD'] }],
      connections: ['sms', 'email'].map((name) => ({
        name,
        strategy: name,
        enabled_clients: ['POD'],
        options: { disable_signup: true, totp: { length: 4, time_step: 180 } },
      })),
      roles: [
        {
          name: 'Staff',
          permissions: [{ permission_name: 'read:all-orders' }, { permission_name: 'manage:orders' }],
        },
      ],
    });
  });

  it('has the messages of docs/code-message.md', () => {
    const blocks = [
      ...readFileSync('docs/code-message.md', 'utf8').matchAll(/^```(?:text|html)\n([\s\S]+?)\n```$/gm),
    ];
    const [text, html] = blocks.map(([, block]) => block);
    const [sms, email] = definitionWith(twilio).connections ?? [];
    expect(sms?.options).toMatchObject({ syntax: 'md_with_macros', template: text });
    expect(email?.options).toMatchObject({ email: { syntax: 'liquid', body: `${html}\n` } });
  });

  it('sends codes of six digits where the settings say so, and from whom they say', () => {
    const { connections } = definitionWith({
      ...twilio,
      CODE_LENGTH: '6',
      MAIL_FROM: 'Pizza <orders@pod.example>',
    });
    expect(connections).toMatchObject([
      { options: { totp: { length: 6 }, twilio_sid: twilio.TWILIO_ACCOUNT_SID, from: '+12025550100' } },
      { options: { totp: { length: 6 }, email: { from: 'Pizza <orders@pod.example>' } } },
    ]);
    const service = `MG${'1'.repeat(32)}`;
    expect(definitionWith({ ...twilio, TWILIO_FROM: service }).connections).toMatchObject([
      { options: { messaging_service_sid: service } },
      {},
    ]);
  });

  it('has no text messages without Twilio, and none of Twilio’s settings may be missing', () => {
    expect(definitionWith().connections).toMatchObject([{ name: 'email' }]);
    expect(() => definitionWith({ ...twilio, TWILIO_FROM: '' })).toThrow('TWILIO_FROM is missing');
  });
});
