import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { buildClient, buildEchoPage } from '../../build/client';
import { forNode } from '../../build/server';
import type { Assets } from '../../src/app/assets';
import { phoebe } from '../fixtures/local';
import { startWeakPod } from '../fixtures/weak-pod';
import { startEcho } from '../local/echo/start-echo';
import { useOffice } from './browser-office';
import { link, openEcho, press, say } from './open-echo-page';

const office = useOffice();

it('shows request and response of each turn, and sends them again: edited, fresh, or broken on purpose', async () => {
  const { page } = await openEcho(office);
  await link(page, phoebe);
  await say(page, 'get me a large pizza with pepperoni', 'is holding');
  await say(page, 'cancel the invoice', 'Large pizza');
  const simulator = page.locator('details').filter({ hasText: 'Service Simulator' });
  const answer = simulator.getByRole('status', { name: 'Response' });
  await simulator.getByText('but “order” was not said').waitFor();
  await simulator.getByLabel('Turn').selectOption({ label: 'Kitchen: get me a large pizza with pepperoni' });
  await simulator.getByText('GetMeSomePizzaIntent').first().waitFor();
  await simulator.getByText('Size = large').waitFor();
  expect(await answer.textContent()).toContain('is holding a large pizza');

  const request = simulator.getByRole('textbox', { name: 'Request' });
  await request.fill(
    (await request.inputValue()).replaceAll('large', 'small').replaceAll('"LARGE"', '"SMALL"'),
  );
  await simulator.getByRole('button', { name: 'Send' }).click();
  await answer.getByText('Response to what you sent').waitFor();
  expect(await answer.textContent()).toContain('small pizza with pepperoni');

  const ways = {
    unsigned: 'header_missing',
    changed: 'signature_mismatch',
    old: 'stale',
    'other-skill': 'other_skill',
    'wrong-chain': 'certificate_untrusted',
    'chain-elsewhere': 'certificate_url_refused',
  };
  for (const [way, reason] of Object.entries(ways)) {
    await simulator.getByLabel('How to send it').selectOption(way);
    await simulator.getByRole('button', { name: 'Send' }).click();
    await answer.getByText(`POD’s log says why: ${reason}`).waitFor();
    await answer.getByText('400', { exact: true }).waitFor();
  }
  await simulator.getByLabel('How to send it').selectOption('foreign-token');
  await simulator.getByRole('button', { name: 'Send' }).click();
  await answer.getByText('LinkAccount').waitFor();
  await answer.getByText('Sent with these headers').click();
  await answer.getByText('"Signature-256"').waitFor();
});

it('says so when what was edited is no JSON', async () => {
  const { page, expectFailures } = await openEcho(office);
  expectFailures(/status of 400/);
  await say(page, 'open pizza on demand', 'please link your account');
  await page.getByRole('textbox', { name: 'Request' }).fill('{');
  await press(page, 'Send');
  await page.getByRole('alert').getByText('This is no JSON').waitFor();
});

it('runs each attack, or all of them, and shows what POD answered and which rule refused it', async () => {
  const { page } = await openEcho(office);
  await page.getByText('Be the attacker').click();
  const attacks = page.getByRole('list').filter({ hasText: 'Guess the code' }).getByRole('listitem');
  await press(page, 'Try to guess the code');
  const guess = attacks.filter({ hasText: 'Guess the code' });
  await guess.getByText('Refused', { exact: true }).waitFor();
  await guess.getByText('was refused').waitFor();
  await guess.getByText('Rule: Three wrong codes refuse an order').waitFor();
  const count = await attacks.count();
  expect(count).toBeGreaterThanOrEqual(15);
  await press(page, `Try all ${count}`);
  await page.getByText(`${count} of ${count} refused`).waitFor();
  expect(await attacks.locator('blockquote').count()).toBe(count);
  expect(await attacks.filter({ hasText: 'Rule: ' }).count()).toBe(count);
});

it('shows red where a POD does not refuse', async () => {
  const { tenant, startAt } = await startEcho({ assets: await buildEchoPage() });
  const weak = await startWeakPod(tenant);
  onTestFinished(() => weak.close());
  const { page } = await office.openBlank();
  await page.goto((await startAt(weak.url)).url);
  await page.getByText('Be the attacker').click();
  await press(page, 'Try to guess the code');
  const red = page.locator('li.red').filter({ hasText: 'Guess the code' });
  await red.getByText('Not refused').waitFor();
  await red.getByText('is confirmed').first().waitFor();
  await page.getByText('0 of 1 refused').waitFor();
});

it('tells when the Echo is away, and goes on when it is back', async () => {
  const { at, page, expectFailures } = await openEcho(office);
  expectFailures(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
  await say(page, 'open pizza on demand', 'please link your account');
  await page.route('**/household', (route) => route.abort('connectionrefused'));
  await page.getByRole('alert').getByText('The Echo does not answer').waitFor();
  await page.unroute('**/household');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  expect(at.local.echoUrl).toBe(new URL(page.url()).origin);
});

it('is in neither the server nor the back office’s page', async () => {
  const { metafile } = await build({
    ...forNode,
    entryPoints: ['src/runtimes/server-start.ts', 'src/runtimes/webtask-entry.ts'],
    outdir: 'build/server',
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('src/runtimes/webtask.ts');
  expect(inputs.filter((path) => path.startsWith('local/'))).toEqual([]);
  const textOf = (page: Assets) => [...page.values()].map(({ body }) => Buffer.from(body).toString()).join();
  expect(textOf(await buildEchoPage())).toContain('Be the attacker');
  expect(textOf(await buildClient())).not.toContain('Be the attacker');
});
