import { expect } from 'vitest';
import type { CustomerId } from '../../src/step-up/customer';
import { patient, type startPasswordless } from './start-passwordless';

type World = Awaited<ReturnType<typeof startPasswordless>>;

/** The contacts a customer has as passwordless identities. */
export function identitiesOf({ tenant }: World, userId: string) {
  const { identities = [] } = tenant.users.find(userId) ?? {};
  return identities.flatMap(({ provider, profileData }) =>
    provider === 'sms' ? [profileData?.phone_number] : provider === 'email' ? [profileData?.email] : [],
  );
}

/** The passwordless users that belong to nobody yet. */
export function unproved({ tenant }: World) {
  return tenant.users.all().filter(({ user_id }) => /^(sms|email)\|/.test(user_id));
}

/** What becomes of the newest code that was sent to this address. */
export async function check({ passwordless, newestCode }: World, customerId: CustomerId, address: string) {
  return passwordless.checkCode(customerId, newestCode(address), patient);
}

/** A code that is sent and right. */
export async function order(world: World, customerId: CustomerId, address: string) {
  await world.passwordless.sendCode(customerId, patient);
  expect(await check(world, customerId, address)).toBe('right');
}
