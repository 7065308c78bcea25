import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import { addedCustomerPassword, seededUsers } from '../../../local/tenant/seeded-users';
import { callback, signInFor } from './authorize';
import { managementClient } from './clients';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTenant({ redirectUris: [callback] });
});
afterAll(() => tenant.close());

test('customers can be added by the thousand, each with a number of their own', async () => {
  const added = [...(await tenant.users.addCustomers(2000)), ...(await tenant.users.addCustomers(3))];
  expect(new Set(added.map(({ user_id }) => user_id)).size).toBe(2003);
  expect(new Set(added.map(({ user_metadata }) => user_metadata.phone_number)).size).toBe(2003);
  const { email = '' } = added.at(-1) ?? {};
  expect((await signInFor(tenant, { email, password: addedCustomerPassword })).status).toBe(200);
});

test('a changed number and mailbox show at once, and can be taken away', async () => {
  const { userId } = seededUsers.secondCustomerWithPhone;
  const management = managementClient(tenant);
  await tenant.users.change(userId, { phoneNumber: '+12025550142', email: 'q@example.com' });
  expect(await management.users.get(userId)).toMatchObject({
    user_metadata: { phone_number: '+12025550142' },
    email: 'q@example.com',
    email_verified: true,
  });
  await tenant.users.change(userId, { phoneNumber: null, email: null });
  const bare = await management.users.get(userId);
  expect(bare.user_metadata).toEqual({});
  expect(bare).not.toHaveProperty('email');
});

test('only a user that exists can be changed, and only a new one added', async () => {
  await expect(tenant.users.change('auth0|nobody', {})).rejects.toThrow('There is no user auth0|nobody.');
  await expect(tenant.users.add(seededUsers.staff)).rejects.toThrow('There is already a user auth0|stella.');
});
