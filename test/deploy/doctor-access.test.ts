import { describe, expect, it } from 'vitest';
import { createCustomDomainFetch, tenantHost } from '../fixtures/custom-domain';
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

  describe('where people sign in at a custom domain', () => {
    /** The settings are those of the custom domain; the tenant's own name is another. */
    async function openCustomDomain() {
      const defined = await openDefinedTenant();
      const { configuration, texts } = defined;
      const fetch = createCustomDomainFetch(texts.AUTH0_DOMAIN ?? '');
      // The local tenant knows its one name: as it is asked, and as an import under the other name leaves it.
      const grant = grantOf(configuration);
      configuration.clientGrants.push({ ...grant, id: 'other', audience: `https://${tenantHost}/api/v2/` });
      return {
        ...defined,
        fetch,
        faults: async (named: string) =>
          (await defined.examine({ AUTH0_TENANT_DOMAIN: named }, fetch)).faults,
      };
    }

    it('says that the tenant’s own name is missing', async () => {
      const { faults, texts } = await openCustomDomain();
      expect((await faults(''))[0]).toBe(
        `${texts.AUTH0_DOMAIN} is a custom domain, and AUTH0_TENANT_DOMAIN is missing`,
      );
    });

    it('finds nothing where both names are right', async () => {
      const { examine, texts, fetch } = await openCustomDomain();
      expect(await examine({ AUTH0_TENANT_DOMAIN: tenantHost }, fetch)).toMatchObject({
        states: ['ok', 'ok', 'ok', 'ok'],
        texts: expect.arrayContaining([`${tenantHost} is the tenant of ${texts.AUTH0_DOMAIN}`]),
      });
    });

    it('says that the name is another tenant’s, or nobody’s', async () => {
      const { examine, faults, texts, fetch } = await openCustomDomain();
      expect(await faults('localhost:1')).toEqual([expect.stringMatching(/^localhost:1 does not answer: /)]);
      const other = 'another.eu.auth0.com';
      const withOther: typeof fetch = async (input, init) =>
        String(input).startsWith(`https://${other}/`)
          ? Response.json({ keys: [{ kid: 'a key of another tenant' }] })
          : fetch(input, init);
      expect((await examine({ AUTH0_TENANT_DOMAIN: other }, withOther)).faults).toEqual([
        `${other} is not the tenant of ${texts.AUTH0_DOMAIN}`,
      ]);
    });

    it('says that the name is the custom domain again', async () => {
      const { faults, texts } = await openCustomDomain();
      expect((await faults(texts.AUTH0_DOMAIN ?? ''))[0]).toBe(`${texts.AUTH0_DOMAIN} is a custom domain`);
    });
  });
});
