import { expect } from 'vitest';
import type { CallName } from '../../local/tenant/calls';
import { seededUsers } from '../../local/tenant/seeded-users';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';
import { patient, startPasswordless } from './start-passwordless';

export const phoebe = customerOf(seededUsers.customerWithPhone.userId);
export const unavailable = { name: 'Refusal', code: 'upstream_unavailable' };

type World = Awaited<ReturnType<typeof startPasswordless>>;

export type Step = { act: 'sendCode' | 'checkCode'; call: CallName };
const sendSteps = ['management.token', 'users.get', 'users.create'] as const satisfies CallName[];
const checkSteps = ['jwks', 'discovery', 'users.get', 'users.search'] as const satisfies CallName[];
/** What may be asked again. */
export const questions: Step[] = [
  ...sendSteps.map((call) => ({ act: 'sendCode' as const, call })),
  ...checkSteps.map((call) => ({ act: 'checkCode' as const, call })),
];
/** What costs a message or the code. */
export const effects: Step[] = [
  { act: 'sendCode', call: 'passwordless.start' },
  { act: 'checkCode', call: 'otp.exchange' },
];
export const steps = [...questions, ...effects];

/** A delivery or a verdict that says: it may have been done, or not. */
export const unsure = {
  sendCode: { channel: 'sms', maskedContact: '•••• 0101', unsure: true },
  checkCode: 'unsure',
};

/** A process that has asked Auth0 nothing yet, at a tenant that waits for a code if it is to be checked. */
export async function startBefore(act: 'sendCode' | 'checkCode') {
  const world = await startPasswordless();
  if (act === 'checkCode') {
    world.tenant.forceNextCode('4711');
    await world.newInstance().sendCode(phoebe, patient);
  }
  world.takeAllCalls();
  const perform = (signal = new AbortController().signal, by = world.passwordless) =>
    act === 'sendCode' ? by.sendCode(phoebe, signal) : by.checkCode(phoebe, codeOf('4711'), signal);
  return { ...world, perform };
}

export async function expectRecovery({ passwordless, newestCode }: World) {
  await passwordless.sendCode(phoebe, patient);
  const code = newestCode(seededUsers.customerWithPhone.phoneNumber);
  expect(await passwordless.checkCode(phoebe, code, patient)).toBe('right');
}
