import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { buildClient } from '../../build/client';
import type { LocalOptions } from '../../local/start-local';
import { startTestLocal, type TestLocal } from '../fixtures/local';
import { type OpenPage, openBrowser, openPage, signIn } from './browser';

/** A browser for a test file, and for each test the pages it opened: none of them may end with a complaint. */
export function useOffice() {
  let browser: Browser;
  let opened: OpenPage[] = [];
  let running: TestLocal[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const complaints = opened.flatMap((one) => one.complaints);
    for (const { context } of opened) await context.close();
    for (const at of running) await at.close();
    opened = [];
    running = [];
    expect(complaints).toEqual([]);
  });

  async function openBlank(options?: Parameters<typeof openPage>[1]): Promise<OpenPage> {
    const page = await openPage(browser, options);
    opened.push(page);
    return page;
  }

  return {
    openBlank,
    start: async (options?: Partial<LocalOptions>): Promise<TestLocal> => {
      const at = await startTestLocal({ assets: await buildClient(), ...options });
      running.push(at);
      return at;
    },
    /** A page of its own at the board of this user. */
    openAs: async (at: TestLocal, user: { email: string; password: string }): Promise<OpenPage> => {
      const page = await openBlank();
      await page.page.goto(`${at.local.podUrl}/app/`);
      await signIn(page.page, user);
      await page.page.getByRole('heading', { name: /orders/i, level: 1 }).waitFor();
      return page;
    },
  };
}

/** The order on the board that shows this text. */
export function orderOn(page: Page, text: string) {
  return page.getByRole('listitem').filter({ hasText: text });
}
