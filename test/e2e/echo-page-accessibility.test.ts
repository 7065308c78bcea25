import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { phoebe } from '../fixtures/local';
import { useOffice } from './browser-office';
import { codeOn, conversation, field, link, openEcho, phoneOn, press, say } from './open-echo-page';

const office = useOffice();

async function barriersOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

const screens = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const;

it('keeps nobody out, on wide and narrow screens, in light and dark', async () => {
  // Colours that are on their way to others are not looked at.
  const { page } = await openEcho(office, { reducedMotion: 'reduce' });
  const found: Record<string, string[]> = {};
  const look = async (view: string) => {
    for (const { width, colorScheme } of screens) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme });
      const seen = `${view}, ${width} ${colorScheme}`;
      const barriers = await barriersOn(page);
      if (barriers.length > 0) found[seen] = barriers;
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), seen).toBe(true);
    }
  };
  await look('before a word was said');
  await say(page, 'open pizza on demand', 'please link your account');
  await look('not linked');
  await link(page, phoebe);
  await say(page, 'get me a large pizza with pepperoni', 'is holding');
  await phoneOn(page).locator('.code').waitFor();
  await say(page, 'cancel the invoice', 'No phrase of the skill fits');
  await look('an order waits, and nothing matched');
  await say(page, `authorize order ${await codeOn(page)}`, 'is confirmed');
  await phoneOn(page).getByRole('log').getByText('$17.85').waitFor();
  await page.getByLabel('How to send it').selectOption('unsigned');
  await press(page, 'Send');
  await page.getByText('POD’s log says why').waitFor();
  await page.getByText('Sent with these headers').click();
  await page.getByText('Be the attacker').click();
  await press(page, 'Try to forge a request');
  await page.getByText('1 of 1 refused').waitFor();
  await look('confirmed, simulated and attacked');
  expect(found).toEqual({});
});

it('works by the keyboard alone', async () => {
  const { page } = await openEcho(office);
  const focusOn = async (name: RegExp) => {
    for (let tabs = 0; tabs < 60; tabs++) {
      await page.keyboard.press('Tab');
      const focused = String(
        await page.evaluate(
          '(({ innerText, ariaLabel, labels }) => innerText || ariaLabel || labels?.[0]?.innerText)(document.activeElement)',
        ),
      );
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await focusOn(/^Kitchen/);
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('radio', { name: 'Living room' }).isChecked()).toBe(true);
  await focusOn(/^open pizza on demand/);
  await page.keyboard.press('Enter');
  await conversation(page).getByText('please link your account').waitFor();
  await field(page).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('help');
  await page.keyboard.press('Enter');
  await expect.poll(() => conversation(page).locator('.said').count()).toBe(2);
  await focusOn(/^Link account/);
  await page.keyboard.press('Enter');
  await page.getByLabel('Password').waitFor();
});
