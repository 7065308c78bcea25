import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { buildClient } from '../../build/client';
import type { LocalOptions } from '../../local/start-local';
import type { Assets } from '../../src/app/assets';
import { quote } from '../../src/orders/quote';
import { startTestLocal, type TestLocal } from '../fixtures/local';
import { endedOrder, home, pizza, storeOrders } from '../fixtures/orders';
import { type OpenPage, openBrowser, openPage, signIn } from './browser';

/** A browser for a test file, and for each test the pages it opened: none of them may end with a complaint. */
export function useOffice() {
  let browser: Browser;
  let assets: Assets;
  let opened: OpenPage[] = [];
  let running: TestLocal[] = [];
  beforeAll(async () => {
    [browser, assets] = await Promise.all([openBrowser(), buildClient()]);
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
      const at = await startTestLocal({ assets, ...options });
      running.push(at);
      return at;
    },
    /** A page of its own at the board of this user. */
    openAs: async (
      at: TestLocal,
      user: { email: string; password: string },
      options?: Parameters<typeof openPage>[1],
    ): Promise<OpenPage> => {
      const page = await openBlank(options);
      await page.page.goto(`${at.local.podUrl}/app/`);
      await signIn(page.page, user);
      await page.page.getByRole('heading', { name: /your orders|to make/i, level: 1 }).waitFor();
      return page;
    },
  };
}

/** The order in a list that shows this text: a kitchen's ticket, one that waits for its code, or a row. */
export function orderOn(page: Page, text: string) {
  return page.locator('.ticket, .row, .waiting > ul > li, .pending-order').filter({ hasText: text });
}

/** The order that is called by this number, as the kitchen has it. */
export function ticketOn(page: Page, number: number) {
  return page.getByRole('listitem', { name: `Order ${number}`, exact: true });
}

/** Makes the page believe that nobody, or somebody, looks at it. */
export async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** Shows what has come, if it is not shown by itself. */
export async function showNews(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Show \d+ new$|^Clear away$/ }).click();
}

/** Puts confirmed orders with these numbers into the kitchen, confirmed one after the other. */
export async function confirmOrders({ local }: TestLocal, ...numbers: number[]): Promise<void> {
  const orders = numbers.map((number) => {
    const endedAt = Date.now() - 60_000 + number * 1_000;
    const terms = { ...quote(pizza, home), name: 'Ann Lee' };
    return { ...endedOrder({ placedAt: endedAt - 40_000, endedAt, terms }), number };
  });
  await storeOrders(local.store, orders);
}
