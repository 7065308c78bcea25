import { describe, expect, it } from 'vitest';
import type { Api, Application, Connection, TenantConfiguration } from '../../local/tenant/configuration';
import { grantOf, openDefinedTenant } from './open-defined-tenant';

const api = ({ resourceServers }: TenantConfiguration) =>
  resourceServers.find(({ name }) => name === 'POD API') as Api;
const connection = ({ connections }: TenantConfiguration, named: string) =>
  connections.find(({ name }) => name === named) as Connection;
const pod = ({ clients }: TenantConfiguration) => clients.find(({ name }) => name === 'POD') as Application;
const without = (list: string[], one: string) => list.filter((other) => !other.includes(one));
describe('the doctor, at the tenant', () => {
  it('finds nothing where it is what the definition says', async () => {
    const { examine } = await openDefinedTenant();
    expect(await examine()).toMatchObject({ states: ['ok', 'ok', 'ok'], faults: [] });
  });

  it.each<[string, (all: TenantConfiguration) => unknown, string | RegExp]>([
    [
      'codes of another length',
      (all) => ((connection(all, 'sms').options.totp as { length: number }).length = 6),
      'connection sms, options, totp, length is 6 instead of 4',
    ],
    [
      'codes that live longer',
      (all) => ((connection(all, 'email').options.totp as { time_step: number }).time_step = 600),
      'connection email, options, totp, time_step is 600 instead of 180',
    ],
    [
      'text messages that are not enabled for POD',
      (all) => (connection(all, 'sms').enabled_clients = []),
      'connection sms, enabled_clients lacks POD',
    ],
    [
      'mails that are not enabled for POD',
      (all) => (connection(all, 'email').enabled_clients = []),
      'connection email, enabled_clients lacks POD',
    ],
    [
      'a database that is not enabled for POD',
      (all) => (connection(all, 'POD-DB').enabled_clients = []),
      'database POD-DB, enabled_clients lacks POD',
    ],
    [
      'no connection for mails',
      (all) =>
        all.connections.splice(
          all.connections.findIndex(({ name }) => name === 'email'),
          1,
        ),
      'connection email is missing',
    ],
    [
      'sign-ups by text message',
      (all) => (connection(all, 'sms').options.disable_signup = false),
      'connection sms, options, disable_signup is false instead of true',
    ],
    [
      'another message',
      (all) => (connection(all, 'sms').options.template = '@@password@@'),
      /^connection sms, options, template is @@password@@ instead of/,
    ],
    [
      'RS256',
      (all) => (api(all).signing_alg = 'RS256'),
      'API POD API, signing_alg is RS256 instead of HS256',
    ],
    [
      'another signing key',
      (all) => (api(all).signing_secret = 'another key of thirty-two characters'),
      'API POD API, signing_secret is another one',
    ],
    [
      'no offline access',
      (all) => (api(all).allow_offline_access = false),
      'API POD API, allow_offline_access is false instead of true',
    ],
    [
      'an access policy that shuts POD out',
      (all) =>
        (api(all).subject_type_authorization = {
          user: { policy: 'require_client_grant' },
          client: { policy: 'deny_all' },
        }),
      'API POD API, subject_type_authorization, user, policy is require_client_grant instead of allow_all',
    ],
    [
      'RBAC switched off',
      (all) => (api(all).enforce_policies = false),
      'API POD API, enforce_policies is false instead of true',
    ],
    [
      'no permissions in the access token',
      (all) => (api(all).token_dialect = 'access_token'),
      'API POD API, token_dialect is access_token instead of access_token_authz',
    ],
    [
      'a permission that the API does not have',
      (all) => api(all).scopes?.pop(),
      'API POD API, scopes lacks manage:orders',
    ],
    [
      'no Passwordless OTP grant',
      (all) => (pod(all).grant_types = without(pod(all).grant_types, 'otp')),
      'application POD, grant_types lacks http://auth0.com/oauth/grant-type/passwordless/otp',
    ],
    [
      'no refresh token grant',
      (all) => (pod(all).grant_types = without(pod(all).grant_types, 'refresh')),
      'application POD, grant_types lacks refresh_token',
    ],
    [
      'a grant that POD does not need',
      (all) => pod(all).grant_types.push('password'),
      'application POD, grant_types has password besides',
    ],
    [
      'one of Amazon’s addresses missing',
      (all) => (pod(all).callbacks = without(pod(all).callbacks, 'layla')),
      'application POD, callbacks lacks https://layla.amazon.com/api/skill/link/M0EXAMPLE1',
    ],
    [
      'the page’s address missing',
      (all) => (pod(all).callbacks = without(pod(all).callbacks, 'pod.example')),
      'application POD, callbacks lacks https://pod.example/app/oidc/callback',
    ],
    [
      'a log-out address missing',
      (all) => (pod(all).allowed_logout_urls = []),
      'application POD, allowed_logout_urls lacks https://pod.example/app/',
    ],
    [
      'rotating refresh tokens',
      (all) => (pod(all).refresh_token = { ...pod(all).refresh_token, rotation_type: 'rotating' }),
      'application POD, refresh_token, rotation_type is rotating instead of non-rotating',
    ],
    [
      'another way to send the secret',
      (all) => (pod(all).token_endpoint_auth_method = 'none'),
      'application POD, token_endpoint_auth_method is none instead of client_secret_post',
    ],
    [
      'more access than POD needs',
      (all) => grantOf(all).scope.push('delete:users'),
      /^access of POD to .*, scope has delete:users besides$/,
    ],
    [
      'codes for everybody who asks',
      (all) => (all.tenant.flags = {}),
      'tenant, flags, enforce_client_authentication_on_passwordless_start is nothing instead of true',
    ],
    [
      'no brute-force protection',
      (all) => Object.assign(all.attackProtection['brute-force-protection'] ?? {}, { enabled: false }),
      'attackProtection, bruteForceProtection, enabled is false instead of true',
    ],
    [
      'a role without its permission',
      (all) => all.roles[0]?.permissions.pop(),
      'role Staff, permissions lacks manage:orders',
    ],
    ['no role', (all) => all.roles.pop(), 'role Staff is missing'],
  ])('names exactly %s', async (_what, change, fault) => {
    const { configuration, examine } = await openDefinedTenant();
    change(configuration);
    const { faults, cures } = await examine();
    expect(faults).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)]);
    expect(cures.join()).toContain('npm run deploy:auth0 mends it. By hand: ');
  });
});
