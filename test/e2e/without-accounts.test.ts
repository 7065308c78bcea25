import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { queryOnce } from '../../local/postgres/create-postgres';
import { seededUsers } from '../../local/tenant/seeded-users';
import { type PrintedCommand, printedTerminals } from '../fixtures/printed-commands';
import { openCheckout } from '../fixtures/terminals';
import { openBrowser, openPage, signIn } from './browser';

const ports = {
  7100: 'PORT',
  7101: 'TENANT_PORT',
  7103: 'POSTGRES_PORT',
  9100: 'WEBTASK_PORT',
  9464: 'METRICS_PORT',
};

/** The blocks of a paper's section, and all that it says. */
async function readSection(paper: string, heading: string) {
  const [, after = ''] = (await readFile(paper, 'utf8')).split(`## ${heading}\n`);
  const text = after.split('\n## ')[0] ?? '';
  const terminals = printedTerminals(text);
  expect(terminals).toHaveLength(3);
  return { text, terminals };
}

async function openTerminals(terminals: readonly (readonly PrintedCommand[])[]) {
  const checkout = await openCheckout(ports);
  onTestFinished(checkout.close);
  for (const terminal of terminals) await checkout.run(terminal);
  return checkout;
}

/** Signs in there as staff, who see the order that is to make. */
async function expectOrderAt(board: string): Promise<void> {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  // The browser does not know the development authority; everything else here does, and checks.
  const { page } = await openPage(browser, { ignoreHTTPSErrors: true });
  await page.goto(board);
  await signIn(page, seededUsers.staff);
  await page.getByRole('heading', { name: '1 to make' }).waitFor();
  await page.getByText('$17.85').waitFor();
  expect(page.url()).toMatch(board);
}

it.each([
  ['The server', 'http://localhost:7100/app/'],
  ['A webtask', 'http://localhost:9100/pod/app/'],
])(
  'B18: docs/without-accounts.md, %s: what is printed leads to a confirmed order and a signed-in board',
  async (heading, board) => {
    const { text, terminals } = await readSection('docs/without-accounts.md', heading);
    expect(text).toContain(board);
    const checkout = await openTerminals(terminals);
    await expectOrderAt(checkout.here(board));
  },
);

it('B18: docs/server.md: what is printed leads to a signed-in board, and to an order that PostgreSQL keeps', async () => {
  const board = 'http://localhost:7100/app/';
  const { text, terminals } = await readSection('docs/server.md', 'Here and now, with PostgreSQL');
  expect(text).toContain(board);
  const [, , ordering = []] = (await readSection('docs/without-accounts.md', 'The server')).terminals;
  const checkout = await openTerminals([...terminals, ordering]);
  await expectOrderAt(checkout.here(board));

  const setting = await readFile(join(checkout.directory, '.pod/postgres/pod.env'), 'utf8');
  const url = setting.trim().replace('DATABASE_URL=', '');
  const { rows } = await queryOnce(url, 'SELECT status FROM pod.orders');
  expect(rows).toEqual([{ status: 'confirmed' }]);
  const stranger = new URL(url);
  stranger.password = 'pod';
  await expect(queryOnce(stranger.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
});
