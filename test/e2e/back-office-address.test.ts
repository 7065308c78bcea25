import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { phoebe, quentin, type TestLocal } from '../fixtures/local';
import { enterPassword } from './browser';
import { useOffice } from './browser-office';

const home = { street: '12 Market Street', city: 'Springfield', region: 'IL', postalCode: '62701' };
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

const kept = () => at.local.tenant.users.find(phoebe.userId)?.user_metadata.address;
const draft = (page: Page) => page.evaluate('JSON.stringify(sessionStorage)');

/** The form of a customer who has just signed in. */
async function openForm() {
  const opened = await office.openAs(at, phoebe);
  const { page } = opened;
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByText('Orders are for pick-up').waitFor();
  await page.getByRole('link', { name: 'Sign in again to add an address' }).click();
  await enterPassword(page, phoebe);
  await page.getByRole('form', { name: 'Delivery address' }).waitFor();
  return opened;
}

async function fill(page: Page, { street, city, region, postalCode } = home) {
  await page.getByLabel('Street').fill(street);
  await page.getByLabel('City').fill(city);
  await page.getByLabel('State').fill(region);
  await page.getByLabel('Postal code').fill(postalCode);
}

async function typed(page: Page) {
  return page.evaluate('Object.fromEntries(new FormData(document.querySelector("main form")))');
}

const save = (page: Page) => page.getByRole('button', { name: 'Save address' }).click();

it('is changed after a fresh sign-in, and removed', async () => {
  const { page } = await openForm();
  await fill(page);
  await page.getByLabel('Postal code').press('Enter');
  await page.getByText('The address is saved').waitFor();
  await page.getByText('Orders go to 12 Market Street, Springfield, IL 62701').waitFor();
  expect(kept()).toEqual(home);

  await page.reload();
  await page.getByText('Orders go to 12 Market Street').waitFor();
  expect(await typed(page)).toEqual(home);
  await page.getByRole('button', { name: 'Remove address' }).click();
  await page.getByText('The address is removed').waitFor();
  await page.getByText('Orders are for pick-up').waitFor();
  expect(await typed(page)).toEqual({ street: '', city: '', region: '', postalCode: '' });
  expect(kept()).toBeUndefined();
});

it('says which line cannot be used, and leads there', async () => {
  const { page } = await openForm();
  await fill(page, { ...home, city: ' ' });
  await save(page);
  await page.getByRole('alert').getByText('This line is needed').waitFor();
  expect(await page.getByLabel('City').getAttribute('aria-invalid')).toBe('true');
  expect(await page.evaluate('document.activeElement.name')).toBe('city');
  await page.keyboard.type('Spring\u200bfield');
  await save(page);
  await page.getByRole('alert').getByText('none of them invisible').waitFor();
  expect(kept()).toBeUndefined();
});

it('keeps what was typed when Auth0 does not answer', async () => {
  const { page, expectFailures } = await openForm();
  expectFailures(/status of 503 .*\/profile\/address/);
  await fill(page);
  at.local.tenant.faults.add({ call: 'users.update', answer: 503, times: 1 });
  await save(page);
  await page.getByRole('alert').getByText('No answer came').waitFor();
  expect(await typed(page)).toEqual(home);
  await save(page);
  await page.getByText('The address is saved').waitFor();
  expect(kept()).toEqual(home);
});

/** Typed while another tab replaced the fresh sign-in by one without a password, then saved. */
async function saveTooLate() {
  const opened = await openForm();
  const { page, context, expectFailures } = opened;
  expectFailures(/status of 401 .*\/profile\/address/);
  await fill(page);
  const tab = await context.newPage();
  await tab.goto(`${at.local.podUrl}/app/oidc/start?return=profile`);
  await tab.getByRole('link', { name: 'Sign in again to add an address' }).waitFor();
  await tab.close();
  await save(page);
  await page.getByRole('alert').getByText('Your sign-in is too old').waitFor();
  expect(await typed(page)).toEqual(home);
  return opened;
}

it('keeps what was typed through the sign-in that it asks for', async () => {
  const { page } = await saveTooLate();
  await page.getByRole('link', { name: 'Sign in again to go on' }).click();
  await enterPassword(page, phoebe);
  await page.getByText('What you typed is still here').waitFor();
  expect(await typed(page)).toEqual(home);
  expect(await draft(page)).toBe('{}');
  await save(page);
  await page.getByText('The address is saved').waitFor();
  expect(kept()).toEqual(home);
});

it('gives what was typed to nobody else', async () => {
  const { page } = await saveTooLate();
  await page.getByRole('link', { name: 'Sign in again to go on' }).click();
  await enterPassword(page, quentin);
  await page.getByRole('form', { name: 'Delivery address' }).waitFor();
  expect(await typed(page)).toEqual({ street: '', city: '', region: '', postalCode: '' });
  expect(await draft(page)).toBe('{}');
});

it('leaves nothing of what was typed to who comes after a sign-out', async () => {
  const { page } = await saveTooLate();
  expect(await draft(page)).toContain('12 Market Street');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  expect(await draft(page)).toBe('{}');
});
