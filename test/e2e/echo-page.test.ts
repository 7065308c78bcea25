import { expect, it, onTestFinished } from 'vitest';
import { phoebe, quentin } from '../fixtures/local';
import { npmStart, openFolder } from '../fixtures/npm-start';
import { useOffice } from './browser-office';
import { codeOn, conversation, field, link, openEcho, phoneOn, press, region, say } from './open-echo-page';

const office = useOffice();

it('shows it all after npm start, typed only: link, order, code, confirmed on the board, receipt', async () => {
  const { folder, remove } = await openFolder();
  onTestFinished(remove);
  const pod = await npmStart(folder);
  onTestFinished(pod.stop);
  const { page } = await office.openBlank();
  await page.goto(pod.echoUrl);

  await say(page, 'open pizza on demand', 'please link your account');
  await phoneOn(page).getByText('Pizza on Demand wants to know who orders').waitFor();
  await link(page, phoebe);
  expect(new URL(page.url()).href).toBe(`${pod.echoUrl}/`);

  await say(page, 'get me a large pizza with pepperoni', 'is holding a large pizza with pepperoni');
  const order = region(page, 'The pizzeria’s board').getByRole('listitem');
  await order.getByText('Waiting for code').waitFor();
  const code = await codeOn(page);
  expect(await phoneOn(page).getByRole('link').getAttribute('href')).toMatch(/\/pod\/app\/#\/approve$/);
  await say(page, `authorize order ${code}`, 'is confirmed');
  await order.getByText('Confirmed').waitFor();
  await phoneOn(page).getByRole('heading', { name: 'Your order is confirmed' }).waitFor();
  await phoneOn(page).getByRole('log').getByText('$17.85').waitFor();
});

it('plays somebody else at the same speaker, and at the other Echo', async () => {
  const { page } = await openEcho(office);
  await link(page, phoebe);
  await page.getByRole('radio', { name: 'A guest' }).check({ force: true });
  await page.getByRole('radio', { name: 'Living room' }).check({ force: true });
  await say(page, 'get me a jumbo pizza with pineapple', 'is holding a jumbo pizza');
  await page.getByRole('radio', { name: 'Kitchen' }).check({ force: true });
  expect(await conversation(page).textContent()).not.toContain('jumbo');
  await page.getByRole('radio', { name: 'Phoebe' }).check({ force: true });
  await say(page, 'get me a small pizza with onions', 'is holding a small pizza');
  await expect.poll(() => phoneOn(page).locator('.code').count()).toBe(2);
  const code = await codeOn(page);
  await say(page, `authorize order ${code}`, 'There was another order');
  await press(page, 'yes');
  await conversation(page).getByText('is confirmed').waitFor();
  await page.getByRole('radio', { name: 'Robin' }).check({ force: true });
  await say(page, 'where is my order', 'is confirmed');
  expect(await conversation(page).locator('.by').allInnerTexts()).toEqual([
    'Phoebe',
    'Phoebe',
    'Phoebe',
    'Robin',
  ]);
});

it('suggests what to say next, and leaves what only the customer knows to them', async () => {
  const { page } = await openEcho(office);
  const suggestions = () =>
    page.getByRole('list', { name: 'What to say next' }).getByRole('button').allInnerTexts();
  await press(page, 'open pizza on demand');
  await conversation(page).getByText('please link your account').waitFor();
  expect(await suggestions()).toEqual(['open pizza on demand']);
  await link(page, phoebe);
  await press(page, 'get me a large pizza with pepperoni');
  await conversation(page).getByText('is holding').waitFor();
  await expect
    .poll(suggestions)
    .toEqual(['authorize order …', 'make it small', 'send me another code', 'cancel my order']);
  const code = await codeOn(page);
  await press(page, 'authorize order …');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await conversation(page).getByText('is confirmed').waitFor();
  await expect
    .poll(suggestions)
    .toEqual([
      'get me a large pizza with pepperoni',
      'where is my order',
      'cancel my order',
      'get me the usual',
      'help',
    ]);
  await press(page, 'where is my order');
  await conversation(page).locator('.said').getByText('where is my order').waitFor();
});

it('asks again after eight seconds, gives up after eight more, and waits while its clock is stopped', async () => {
  const { at, page } = await openEcho(office);
  await at.link(phoebe);
  await page.clock.install();
  await page.reload();
  const listening = region(page, 'The Echo').getByRole('timer');
  await say(page, 'open pizza on demand', 'Welcome');
  await listening.waitFor();
  await page.clock.runFor(8_500);
  await expect.poll(() => conversation(page).locator('.again').count()).toBe(1);
  await page.getByLabel('Session clock').uncheck();
  await listening.getByText('clock stopped').waitFor();
  await page.clock.runFor(60_000);
  expect(await listening.count()).toBe(1);
  await page.getByLabel('Session clock').check();
  // Whoever types is not interrupted.
  await field(page).fill('get me');
  await page.clock.runFor(60_000);
  expect(await listening.count()).toBe(1);
  await field(page).fill('');
  await page.clock.runFor(8_500);
  await conversation(page).getByText('Nobody answered. Session ended').waitFor();
  await region(page, 'The Echo').getByText('No session').waitFor();
  await say(page, 'open pizza on demand', 'Welcome');
  await listening.waitFor();
});

it('unlinks, and changes to another customer, whose phone it then shows', async () => {
  const { at, page } = await openEcho(office);
  await link(page, phoebe);
  await say(page, 'get me a large pizza with pepperoni', 'is holding');
  await phoneOn(page).locator('.code').waitFor();
  await press(page, 'Unlink');
  await region(page, 'The customer’s phone').getByText('is not linked').waitFor();
  expect(await phoneOn(page).locator('.code').count()).toBe(0);
  await link(page, quentin);
  await region(page, 'Quentin’s phone').getByText(`Linked: ${quentin.email}`).waitFor();

  await press(page, 'Unlink');
  await page.getByRole('button', { name: 'Link account' }).first().click();
  await page.getByLabel('Password').waitFor();
  await page.goto(`${at.local.echoUrl}/#not-linked`);
  await page.getByText('The account was not linked').waitFor();
});
