import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { phoebe, type TestLocal } from '../fixtures/local';
import { customerOf, endedOrder, pendingOrder, storeOrders } from '../fixtures/orders';
import { confirmOrders, showNews, ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

const focused = (page: Page) => page.evaluate('document.activeElement.ariaLabel');

describe('the keys', () => {
  it('go to the next order and back, finish it, undo that, and show what is new', async () => {
    await confirmOrders(at, 1, 2, 3);
    const { page } = await office.openAs(at, stella);
    await ticketOn(page, 3).waitFor();
    for (const [key, order] of [
      ['n', 1],
      ['j', 2],
      ['n', 3],
      ['p', 2],
      ['k', 1],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focused(page)).toBe(`Order ${order}`);
    }
    await page.keyboard.press('d');
    await ticketOn(page, 1).getByText('Done', { exact: true }).waitFor();
    expect(await focused(page)).toBe('Order 1');
    await page.keyboard.press('n');
    expect(await focused(page)).toBe('Order 2');
    await page.keyboard.press('u');
    await page.getByRole('button', { name: 'Done with order 1' }).waitFor();
    await confirmOrders(at, 4);
    await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
    await page.keyboard.press('s');
    await ticketOn(page, 4).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').waitFor();
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });

  it('are listed under ?, do nothing while somebody types, and can be switched off', async () => {
    await confirmOrders(at, 1);
    const { page } = await office.openAs(at, stella);
    await ticketOn(page, 1).waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys of the kitchen' });
    for (const what of ['Next order', 'Done with', 'Undo the last Done', 'Search'])
      await dialog.getByText(what).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('d');
    await dialog.getByLabel('Use these keys').uncheck();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('n');
    expect(await focused(page)).not.toBe('Order 1');
    await page.reload();
    await ticketOn(page, 1).waitFor();
    await page.keyboard.press('n');
    expect(await focused(page)).not.toBe('Order 1');
    await page.getByRole('button', { name: 'Done with order 1' }).waitFor();
  });
});

it('calls with a sound that this browser switched on, and only after a gesture', async () => {
  await confirmOrders(at, 1);
  const { page } = await office.openAs(at, stella);
  await page.addInitScript(() => {
    const heard = { tones: 0 };
    Object.assign(window, { heard });
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      heard.tones += 1;
      return start.apply(this, when);
    };
  });
  const tones = () => page.evaluate('heard.tones');
  await page.reload();
  await ticketOn(page, 1).waitFor();
  await confirmOrders(at, 2);
  await showNews(page);
  expect(await tones()).toBe(0);

  await page.getByRole('button', { name: 'Sound is off' }).click();
  await expect.poll(tones).toBe(2);
  await confirmOrders(at, 3);
  await showNews(page);
  await ticketOn(page, 3).waitFor();
  expect(await tones()).toBe(4);

  await page.reload();
  await page.getByRole('button', { name: 'Sound is on', pressed: true }).waitFor();
  await page.getByText('Tap anywhere, so that it may sound.').waitFor();
  await confirmOrders(at, 4);
  await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
  expect(await tones()).toBe(0);
  await page.keyboard.press('Shift');
  await page.getByText('Tap anywhere').waitFor({ state: 'detached' });
  await confirmOrders(at, 5);
  await page.getByRole('button', { name: 'Show 2 new' }).waitFor();
  expect(await tones()).toBe(2);
});

it.each([
  ['en-US', /\d:\d\d [AP]M/],
  ['en-GB', /^\D*\d\d:\d\d(?! ?[AP]M)/],
])('tells the time as a browser in %s has it', async (locale, time) => {
  await storeOrders(at.local.store, [
    endedOrder({ customerId: customerOf(phoebe.userId), placedAt: Date.now() - 1_000 }),
  ]);
  const { page } = await office.openAs(at, phoebe, { locale });
  expect(await page.locator('.row time').textContent()).toMatch(time);
});

it('reads a masked contact well, and leads past the head of the page', async () => {
  await confirmOrders(at, 1);
  const { page } = await office.openAs(at, stella);
  expect(await ticketOn(page, 1).locator('.who').ariaSnapshot()).toContain('ends with 0101');
  expect(await ticketOn(page, 1).locator('.who').ariaSnapshot()).not.toContain('•');
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('button', { name: 'Skip to the content' });
  expect(
    await skip.evaluate((one) => one === document.activeElement && one.getBoundingClientRect().width > 24),
  ).toBe(true);
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
});

it.each(['light', 'dark'] as const)(
  'rings what has the focus at 3 : 1 and more (%s)',
  async (colorScheme) => {
    await confirmOrders(at, 1);
    const { page } = await office.openAs(at, stella, { colorScheme });
    await ticketOn(page, 1).waitFor();
    await page.keyboard.press('n');
    const rings = await page.evaluate(() => {
      const light = (color: string) => {
        const parts = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([part]) => Number(part) / 255);
        const [r = 0, g = 0, b = 0] = parts.map((part) =>
          part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      const contrast = (one: Element) => {
        const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(one);
        if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2) return 0;
        const [dark = 0, bright = 0] = [ground, light(outlineColor)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
      };
      const found: number[] = [];
      for (const one of document.querySelectorAll<HTMLElement>('a, button, .ticket')) {
        one.focus();
        if (document.activeElement === one) found.push(contrast(one));
      }
      return found;
    });
    expect(rings.length).toBeGreaterThan(8);
    expect(Math.min(...rings)).toBeGreaterThanOrEqual(3);
  },
);

it.each([
  [390, 844],
  [1280, 800],
])(
  'hides nothing that has the focus under the bar or the banner (WCAG 2.2, 2.4.11; %i px)',
  async (width, height) => {
    await confirmOrders(at, ...Array.from({ length: 24 }, (_, n) => n + 1));
    const { page, context, expectFailures } = await office.openAs(at, stella, {
      viewport: { width, height },
    });
    await ticketOn(page, 24).waitFor();
    expectFailures(/ERR_INTERNET_DISCONNECTED/);
    await context.setOffline(true);
    await page.locator('.banner').waitFor();
    const isSeen = () =>
      page.evaluate(() => {
        const { left, top, width, height } = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
        const found = document.elementFromPoint(left + width / 2, top + height / 2);
        // After its last target a page passes the focus on to the browser.
        return document.activeElement === document.body || document.activeElement?.contains(found) === true;
      });
    const hidden: string[] = [];
    for (const key of ['Tab', 'Shift+Tab']) {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press(key);
        if (!(await isSeen()))
          hidden.push(`${key}: ${await page.evaluate('document.activeElement.textContent')}`);
      }
    }
    expect(hidden).toEqual([]);
  },
);

it('gives a customer more time when a code is about to end, and takes a code that is pasted', async () => {
  await at.link(phoebe);
  const customerId = customerOf(phoebe.userId);
  const order = {
    ...pendingOrder({ customerId, placedAt: Date.now() }),
    expiresAt: Date.now() + 50_000,
    number: 5,
  };
  await storeOrders(at.local.store, [order]);
  const { page } = await office.openAs(at, phoebe);
  await page.getByText('Another code also gives you more time.').waitFor();
  await page.getByRole('button', { name: 'Send another code' }).click();
  await page.getByText(/3:\d\d left/).waitFor();
  const field = page.getByLabel('digits of your code');
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
  await field.focus();
  await page.keyboard.insertText(` ${at.codeFor(phoebe.phoneNumber)} `);
  await page.getByRole('button', { name: 'Confirm by code' }).click();
  await page.getByText('in the kitchen').waitFor();
});
