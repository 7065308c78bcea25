import type { Page } from 'playwright-core';
import { buildEchoPage } from '../../build/client';
import { enterPassword } from './browser';
import type { useOffice } from './browser-office';

/** A POD with the Echo's page, which is open. */
export async function openEcho(
  office: ReturnType<typeof useOffice>,
  options: Parameters<typeof office.openBlank>[0] = {},
) {
  const at = await office.start({ echoAssets: await buildEchoPage() });
  const opened = await office.openBlank(options);
  await opened.page.goto(at.local.echoUrl);
  return { at, ...opened };
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
export const region = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
export const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
export const phoneOn = (page: Page) => region(page, /phone$/);
export const field = (page: Page) => page.getByLabel('Say something to the Echo');

/** Types it, and waits until Alexa answers with these words. */
export async function say(page: Page, text: string, answer: string): Promise<void> {
  await field(page).fill(text);
  await press(page, 'Say');
  await conversation(page).getByText(answer).last().waitFor();
}

/** Links an account from the phone, by the tenant's own page. */
export async function link(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.getByRole('button', { name: 'Link account' }).first().click();
  await enterPassword(page, user);
  await page.getByText('The account is linked').waitFor();
}

/** The newest code on the phone. */
export const codeOn = async (page: Page) =>
  String(await phoneOn(page).locator('.code').first().textContent());
