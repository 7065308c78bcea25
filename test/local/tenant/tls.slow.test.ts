import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTenant } from '../../../local/tenant/create-tenant';
import { issueTlsCertificate } from '../../fixtures/tls-certificate';

// Exactly what POD does in production: the SDKs by themselves, with the platform's own fetch.
const client = `
  const { ManagementClient } = require('auth0');
  const { AuthClient } = require('@auth0/auth0-auth-js');
  const { createRemoteJWKSet, jwtVerify } = require('jose');
  const [domain, clientSecret] = process.argv.slice(1);
  const credentials = { domain, clientId: 'pod-local', clientSecret };
  const phoneNumber = '+12025550101';

  (async () => {
    const management = new ManagementClient(credentials);
    const auth = new AuthClient(credentials);
    const { identities } = await management.users.create({ connection: 'sms', phone_number: phoneNumber });
    await management.users.identities.link('auth0|phoebe', { provider: 'sms', user_id: identities[0].user_id });
    await auth.passwordless.sendSms({ phoneNumber });
    const { idToken } = await auth.getTokenByPasswordlessSms({ phoneNumber, code: '0123', scope: 'openid' });
    const keys = createRemoteJWKSet(new URL('https://' + domain + '/.well-known/jwks.json'));
    const { payload } = await jwtVerify(idToken, keys, { algorithms: ['RS256'], issuer: 'https://' + domain + '/' });
    const { origin } = new URL((await (await fetch('https://' + domain + '/.well-known/openid-configuration')).json()).authorization_endpoint);
    console.log(JSON.stringify({ sub: payload.sub, origin }));
  })();
`;

test('with a certificate the SDKs reach the tenant by themselves, and not without trusting it', async () => {
  const { authority: pem, tls } = await issueTlsCertificate();
  const directory = await mkdtemp(path.join(tmpdir(), 'pod-tenant-'));
  const authority = path.join(directory, 'ca.pem');
  await writeFile(authority, pem);
  const tenant = await createTenant({ tls });
  try {
    const { AUTH0_DOMAIN, APP_CLIENT_SECRET } = tenant.settings;
    const run = (env: Record<string, string>) =>
      promisify(execFile)(process.execPath, ['-e', client, AUTH0_DOMAIN, APP_CLIENT_SECRET], {
        cwd: path.join(__dirname, '../../..'),
        env: { ...process.env, ...env },
      });
    tenant.forceNextCode('0123');
    const { stdout } = await run({ NODE_EXTRA_CA_CERTS: authority });
    expect(JSON.parse(stdout)).toEqual({ sub: 'auth0|phoebe', origin: `https://${AUTH0_DOMAIN}` });
    expect(tenant.url).toBe(`https://${AUTH0_DOMAIN}`);
    await expect(run({})).rejects.toThrow();
  } finally {
    await tenant.close();
    await rm(directory, { recursive: true });
  }
});
