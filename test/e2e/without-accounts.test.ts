import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { printedTerminals } from '../fixtures/printed-commands';
import { openCheckout } from '../fixtures/terminals';
import { openBrowser, openPage, signIn } from './browser';

const ports = { 7100: 'PORT', 7101: 'TENANT_PORT', 9100: 'WEBTASK_PORT', 9464: 'METRICS_PORT' };

it.each([
  ['The server', 'http://localhost:7100/app/'],
  ['A webtask', 'http://localhost:9100/pod/app/'],
])(
  'B18: docs/without-accounts.md, %s: what is printed leads to a confirmed order and a signed-in board',
  async (heading, board) => {
    const paper = await readFile('docs/without-accounts.md', 'utf8');
    const [, section = ''] = paper.split(`## ${heading}\n`);
    const terminals = printedTerminals(section.split('\n## ')[0] ?? '');
    expect(terminals).toHaveLength(3);
    expect(section).toContain(board);
    const checkout = await openCheckout(ports);
    onTestFinished(checkout.close);
    for (const terminal of terminals) await checkout.run(terminal);

    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    // The browser does not know the development authority; everything else here does, and checks.
    const { page } = await openPage(browser, { ignoreHTTPSErrors: true });
    await page.goto(checkout.here(board));
    await signIn(page, seededUsers.staff);
    await page.getByRole('heading', { name: '1 to make' }).waitFor();
    await page.getByText('$17.85').waitFor();
    expect(page.url()).toMatch(checkout.here(board));
  },
);
