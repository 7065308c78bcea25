import { describe, expect, it } from 'vitest';
import { grantOf, openDefinedTenant } from './open-defined-tenant';

describe('the doctor, about access to the tenant', () => {
  it('names a scope of POD’s that is missing twice: as POD finds it, and as it is configured', async () => {
    const { configuration, examine } = await openDefinedTenant();
    grantOf(configuration).scope.splice(1, 1);
    expect((await examine()).faults).toEqual([
      'POD’s token of the Management API lacks create:users',
      expect.stringMatching(/^access of POD to .*, scope lacks create:users$/),
    ]);
  });

  it('says that POD has no access to the Management API', async () => {
    const { configuration, examine } = await openDefinedTenant();
    configuration.clientGrants.splice(configuration.clientGrants.indexOf(grantOf(configuration)), 1);
    expect((await examine()).faults).toEqual([
      expect.stringMatching(/^POD gets no token of the Management API: Client is not authorized/),
      expect.stringMatching(/^access of POD to .* is missing$/),
    ]);
  });

  it('says that the secret is not the application’s, and never which it is', async () => {
    const { examine } = await openDefinedTenant();
    const secret = 'a secret of another application, long enough';
    const { faults } = await examine({ APP_CLIENT_SECRET: secret });
    expect(faults).toEqual(['it does not know APP_CLIENT_ID with APP_CLIENT_SECRET']);
    expect(JSON.stringify(await examine({ API_SIGNING_KEY: secret }))).not.toContain(secret);
  });

  it('says what it could not check without a client that may read the tenant', async () => {
    const { examine } = await openDefinedTenant();
    expect((await examine({ AUTH0_DEPLOY_CLIENT_ID: '' })).states).toEqual(['ok', 'ok', 'unchecked']);
  });

  it('says that the client may not read the tenant', async () => {
    const { configuration, examine } = await openDefinedTenant();
    const [grant] = configuration.clientGrants;
    if (grant) grant.scope = ['read:clients'];
    expect((await examine()).faults).toEqual([expect.stringMatching(/^the tenant cannot be read: /)]);
  });

  it('says that nobody answers', async () => {
    const { tenant, examine } = await openDefinedTenant();
    await tenant.close();
    expect((await examine()).faults).toEqual([expect.stringMatching(/does not answer: /)]);
  });
});
