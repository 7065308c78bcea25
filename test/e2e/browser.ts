import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { aptGet, installOnce } from '../fixtures/programs';
import { longestMs } from '../longest';

/** The shell first: it draws the same pages without a browser's own windows, at a third of the cost. */
const usualPaths = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A headless Chromium that talks to nobody but the pages it is given. Installs one if this machine has none. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    timeout: longestMs,
    executablePath: findChromium() ?? (await installChromium()),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * A page of its own, as another person's browser. `complaints` fills with what the browser reported: errors of
 * scripts, violations of the Content-Security-Policy, failed requests that nobody announced.
 */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(longestMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    if (['error', 'warning'].includes(message.type()) && !expected.some((pattern) => pattern.test(text))) {
      complaints.push(text);
    }
  });
  return {
    page,
    context,
    /** The browser itself reports failed requests as errors; a test that brings one about says which. */
    expectFailures: (...patterns: RegExp[]) => void expected.push(...patterns),
    complaints,
  };
}

export type OpenPage = Awaited<ReturnType<typeof openPage>>;

/** Signs in at the tenant's own login page, starting from whatever the page shows. */
export async function signIn(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await enterPassword(page, user);
}

export async function enterPassword(page: Page, user: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail address or user name').fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`);
  return named ?? [...usualPaths, chromium.executablePath()].find((path) => path && existsSync(path));
}

async function installChromium(): Promise<string> {
  const found = await installOnce(
    'Chromium',
    findChromium,
    aptGet('chromium-headless-shell') ?? [playwrightInstall()],
  );
  if (!found) {
    throw new Error(
      'Chromium could not be installed. Install Chromium or Chrome yourself, and set CHROMIUM_PATH to its program.',
    );
  }
  return found;
}

function playwrightInstall(): string[] {
  const cli = join(require.resolve('playwright-core/package.json'), '../cli.js');
  return [process.execPath, cli, 'install', 'chromium'];
}
