import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../local/tenant/inbox';
import { seededUsers } from '../../local/tenant/seeded-users';
import { accessToken } from '../fixtures/access-token';
import { emil, otherThan, phoebe, spoken, startTestLocal, type TestLocal } from '../fixtures/local';

let at: TestLocal;
beforeEach(async () => {
  at = await startTestLocal();
  await at.link(phoebe);
});
afterEach(() => at?.close());

const order = () => at.ask('ask pizza on demand to get me a large pizza with pepperoni');
const authorize = (code: string) => at.ask(`tell pizza on demand to authorize order ${spoken(code)}`);

/** The mails of the app to this mailbox, newest first, once there are so many. */
async function mailsTo(to: string, count: number): Promise<Message[]> {
  const mails = () => at.local.tenant.inbox.messages(to).filter(({ subject }) => subject !== undefined);
  await expect.poll(() => mails().length).toBe(count);
  return mails();
}

it('a receipt lands in the inbox, as JSON and on the page', async () => {
  await order();
  await authorize(at.codeFor(phoebe.phoneNumber));
  const [{ subject = '', text, code } = expect.unreachable()] = await mailsTo(phoebe.email, 1);
  const [{ number } = expect.unreachable()] = await at.orders();
  expect(subject).toBe(`Your order ${number} is confirmed`);
  expect(text).toContain('large pizza with pepperoni');
  expect(code).toBeUndefined();

  const { url } = at.local.tenant;
  const [message] = await (await fetch(`${url}/inbox.json`)).json();
  expect(message).toMatchObject({ channel: 'email', to: phoebe.email, subject, text });
  const page = await (await fetch(`${url}/inbox`)).text();
  expect(page).toContain(`E-mail to <strong>${phoebe.email}</strong>`);
  expect(page).toContain(subject);
});

it('a lock is told with the address of the page that takes it off', async () => {
  for (let orders = 0; orders < 2; orders += 1) {
    await order();
    for (let tries = 0; tries < 3; tries += 1) await authorize(otherThan(at.codeFor(phoebe.phoneNumber)));
  }
  const [{ subject, text } = expect.unreachable()] = await mailsTo(phoebe.email, 1);
  expect(subject).toBe('Ordering is locked');
  expect(text).toContain(`${at.local.podUrl}/app/#/profile`);
});

it('what staff cancel is told to its customer', async () => {
  await order();
  const [{ id, number } = expect.unreachable()] = await at.orders();
  const { settings } = at.local.tenant;
  const { userId: sub, permissions } = seededUsers.staff;
  const authorization = `Bearer ${accessToken(settings, { sub, permissions })}`;
  const cancelling = await fetch(`${at.local.podUrl}/api/orders/${id}`, {
    method: 'DELETE',
    headers: { authorization },
  });
  expect(cancelling.status).toBe(200);
  const [{ subject } = expect.unreachable()] = await mailsTo(phoebe.email, 1);
  expect(subject).toBe(`Your order ${number} was cancelled`);
});

it('codes by e-mail and mails share a mailbox', async () => {
  await at.unlink();
  await at.link(emil);
  await order();
  await authorize(at.codeFor(emil.email));
  await mailsTo(emil.email, 1);
  expect(at.local.tenant.inbox.messages(emil.email)).toHaveLength(2);
});
