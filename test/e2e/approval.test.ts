import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { phoebe, quentin, type TestLocal } from '../fixtures/local';
import { enterPassword } from './browser';
import { useOffice } from './browser-office';

const office = useOffice();
const phone = { viewport: { width: 390, height: 844 } };

/** A phone with a lock that its owner opens: Chromium's own authenticator (https://www.w3.org/TR/webauthn-3/#sctn-automation). */
async function openPhone() {
  const opened = await office.openBlank(phone);
  const devTools = await opened.context.newCDPSession(opened.page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return opened;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();
const titled = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();

/** Signs in by password for the first time, and makes a passkey of it. */
async function enrol(at: TestLocal, page: Page, user: { email: string; password: string }) {
  await page.goto(linkIn(at));
  await follow(page, 'Sign in');
  await page.getByLabel('E-mail address or user name').fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await press(page, 'Create a passkey');
  await press(page, 'Create it');
  await titled(page, 'Nothing waits for you');
}

const linkIn = (at: TestLocal) => `${at.local.podUrl}/app/#/approve`;

/** Orders by voice, and waits until a sign-in is one of a later second: `auth_time` has no finer one. */
async function order(at: TestLocal, what = 'a large pizza with pepperoni') {
  expect(await at.ask(`ask pizza on demand to get me ${what}`)).toContain('is holding');
  const [placed] = await at.orders();
  if (!placed) throw new Error('Nothing was placed.');
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(placed.placedAt / 1000);
  return placed;
}

const latest = async (at: TestLocal) => (await at.orders())[0];

async function barriersOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Buttons, links that stand alone and fields that are smaller than 24 by 24 pixels (WCAG 2.2, 2.5.8). */
async function smallTargetsOn(page: Page): Promise<string[]> {
  const targets = await page.locator('main button, main a.button, main input').all();
  const boxes = await Promise.all(
    targets.map(async (one) => ({ box: await one.boundingBox(), text: String(await one.textContent()) })),
  );
  return boxes.flatMap(({ box, text }) => (box && (box.width < 24 || box.height < 24) ? [text] : []));
}

it('leads from the link in the message to "confirmed" in three actions on a phone, by a passkey', async () => {
  const at = await office.start();
  await at.link(phoebe);
  const { page } = await openPhone();
  await enrol(at, page, phoebe);
  await order(at);
  const [message] = at.local.tenant.inbox.messages(phoebe.phoneNumber);
  const link = /http\S+/.exec(message?.text ?? '')?.[0] ?? '';
  expect(message?.text.split('\n').at(-1)).toBe(`@localhost #${message?.code}`);
  expect(link).toBe(linkIn(at));

  // An old session is there, and is not enough.
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByText('Total').waitFor();
  for (const text of ['Large pizza with pepperoni', '$17.85', 'For pick-up, in 20 minutes', 'by voice'])
    expect(await page.locator('main').textContent()).toContain(text);
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);

  await follow(page, 'Sign in to approve');
  await press(page, 'Use a passkey');
  await press(page, 'Approve');
  await page.getByText('is confirmed: approved here').waitFor();

  const { status, evidence, termsHash } = (await latest(at)) ?? {};
  expect(status).toBe('confirmed');
  expect(evidence).toMatchObject({ method: 'approval', door: 'page', amr: ['pop', 'user'], termsHash });
  expect(await at.ask('ask pizza on demand where is my order')).toContain('was approved on the page');
});

it('keeps nobody out, on a phone: terms, code, more time, “this was not me” and what comes after', async () => {
  const at = await office.start();
  await at.link(phoebe);
  const { page, expectFailures } = await office.openBlank({ ...phone, colorScheme: 'dark' });
  const found: Record<string, string[]> = {};
  const look = async (view: string) => {
    found[view] = [...(await barriersOn(page)), ...(await smallTargetsOn(page))];
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  };
  await page.goto(linkIn(at));
  await titled(page, 'Does an order wait for you?');
  await look('signed out');
  await follow(page, 'Sign in');
  await look('login page');
  await enterPassword(page, phoebe);
  await titled(page, 'Nothing waits for you');
  await look('nothing yet');

  const placed = await order(at);
  await titled(page, 'Is this what you want?');
  await look('sign-in needed');
  await page.getByRole('button', { name: 'Send another code' }).click();
  await page.getByText('there is more time').waitFor();
  expect((await at.orders()).find(({ id }) => id === placed.id)).toMatchObject({ status: 'pending' });
  const field = page.getByLabel('Or enter the 4 digits of your code');
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code');

  expectFailures(/status of 403/, /status of 409/, /status of 401/);
  const code = at.codeFor(phoebe.phoneNumber);
  await field.fill(code === '0000' ? '0001' : '0000');
  await press(page, 'Confirm by code');
  await page.getByText('That is not the right code').waitFor();
  await page.getByText('2 tries are left').waitFor();
  await look('wrong code');
  // As it is pasted out of a message.
  await field.fill(` ${code}.`);
  await press(page, 'Confirm by code');
  await page.getByText('is confirmed: by its code').waitFor();
  await look('confirmed');
  expect((await latest(at))?.evidence).toMatchObject({ method: 'code', door: 'page', channel: 'sms' });

  await order(at, 'a small pizza with onions');
  await follow(page, 'Sign in to approve');
  await enterPassword(page, phoebe);
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await look('to be approved');
  await press(page, 'This was not me');
  await look('not me?');
  await press(page, 'It was not me');
  await page.getByText('you said that it was not you').waitFor();
  await look('disowned');
  expect(await latest(at)).toMatchObject({ status: 'cancelled', reason: 'not_me' });
  expect(await at.ask('ask pizza on demand to get me a large pizza with pepperoni')).toContain(
    'You said that an order was not yours, so ordering is locked',
  );
  const mails = () => at.local.tenant.inbox.messages(phoebe.email).map(({ subject }) => subject);
  await expect.poll(mails).toContain('You said: this was not me');
  await follow(page, 'Unlock ordering in your profile');
  await page.getByText('You said that an order was not yours').waitFor();
  await follow(page, 'Sign in again to unlock');

  expect(Object.fromEntries(Object.entries(found).filter(([, barriers]) => barriers.length > 0))).toEqual({});
});

it('shows the newer order first, when the one that is shown was replaced, and approves neither', async () => {
  const at = await office.start();
  await at.link(phoebe);
  const shown = await order(at);
  const { page, expectFailures } = await office.openBlank(phone);
  await page.goto(linkIn(at));
  await follow(page, 'Sign in');
  await enterPassword(page, phoebe);
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await at.ask('ask pizza on demand to get me a jumbo pizza with pineapple');
  expectFailures(/status of 409/);
  await press(page, 'Approve');
  await page.getByText('a newer order has taken the place of the one you saw').waitFor();
  await page.getByRole('heading', { name: 'Jumbo pizza with pineapple' }).waitFor();
  const orders = await at.orders();
  expect(orders.find(({ id }) => id === shown.id)).toMatchObject({ status: 'cancelled', reason: 'replaced' });
  expect(orders[0]).toMatchObject({ status: 'pending' });
  // The sign-in is from before this order.
  await page.getByRole('link', { name: 'Sign in to approve' }).waitFor();

  const other = await office.openBlank(phone);
  await other.page.goto(linkIn(at));
  await follow(other.page, 'Sign in');
  await enterPassword(other.page, quentin);
  await titled(other.page, 'Nothing waits for you');
  await other.page.getByText('You have not ordered anything yet').waitFor();
});
