import { beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import { otherThan, phoebe, quentin, spoken, type TestLocal } from '../fixtures/local';
import { customerOf, endedOrder, storeOrders } from '../fixtures/orders';
import { enterPassword } from './browser';
import { orderOn, setHidden, ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

const codeOf = (user: { phoneNumber: string }) => at.codeFor(user.phoneNumber);
const order = (what = 'large pizza with pepperoni') => at.ask(`ask pizza on demand to get me a ${what}`);
const authorize = () => at.ask(`tell pizza on demand to authorize order ${spoken(codeOf(phoebe))}`);

it('shows staff a voice order as it is placed and confirmed, without a reload', async () => {
  await at.link(phoebe);
  const { page } = await office.openAs(at, stella);
  await page.getByText('Nothing to make.').waitFor();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  await order();
  const waits = page.locator('.waiting li');
  await waits.waitFor();
  expect(await waits.textContent()).toMatch(
    /1[\s\S]*Large pizza with pepperoni[\s\S]*Phoebe[\s\S]*\d:\d\d left/,
  );
  expect(await page.locator('.ticket').count()).toBe(0);

  await authorize();
  const ticket = ticketOn(page, 1);
  await ticket.waitFor();
  expect(await ticket.textContent()).toMatch(
    /1\D*0 min[\s\S]*Large[\s\S]*pepperoni[\s\S]*Phoebe[\s\S]*ends with 0101[\s\S]*Pick-up[\s\S]*\$17\.85[\s\S]*Done/,
  );
  expect(await waits.count()).toBe(0);
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

it('lets a customer cancel what is confirmed, and tells the kitchen not to make it', async () => {
  await at.link(phoebe);
  await order();
  await authorize();
  const kitchen = await office.openAs(at, stella);
  await ticketOn(kitchen.page, 1).waitFor();

  const { page } = await office.openAs(at, phoebe);
  await orderOn(page, 'Large').getByText('in the kitchen; ready about').waitFor();
  await orderOn(page, 'Large').getByRole('button', { name: 'Cancel order 1' }).click();
  await page.getByRole('dialog').getByText('It is confirmed, and will not be made then.').waitFor();
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await orderOn(page, 'Large').getByText('by the customer').waitFor();
  await ticketOn(kitchen.page, 1).getByText('Cancelled by the customer').waitFor();
  expect(await ticketOn(kitchen.page, 1).getByRole('button').count()).toBe(0);
});

it('offers a customer no cancelling once two minutes are over', async () => {
  const customerId = customerOf(phoebe.userId);
  const placedAt = Date.now() - 200_000;
  await storeOrders(at.local.store, [endedOrder({ customerId, placedAt, endedAt: placedAt + 1_000 })]);
  const { page } = await office.openAs(at, phoebe);
  await orderOn(page, 'Large').waitFor();
  expect(await orderOn(page, 'Large').getByRole('button').count()).toBe(0);
});

it('asks conditionally every two seconds, and less often while out of view', async () => {
  const { page } = await office.openAs(at, stella);
  await page.clock.install();
  await page.reload();
  await page.getByText('Nothing to make.').waitFor();
  const answers: number[] = [];
  page.on(
    'response',
    (response) => response.url().endsWith('/orders/kitchen') && answers.push(response.status()),
  );
  const asked = () => page.waitForResponse((response) => response.url().endsWith('/orders/kitchen'));

  await Promise.all([asked(), page.clock.runFor(2_000)]);
  expect(answers).toEqual([304]);

  await Promise.all([asked(), setHidden(page, true)]);
  await page.clock.runFor(9_000);
  expect(answers).toEqual([304, 304]);
  await Promise.all([asked(), page.clock.runFor(1_000)]);

  await Promise.all([asked(), setHidden(page, false)]);
  expect(answers).toEqual([304, 304, 304, 304]);
});

it('shows a customer their own orders and never those of others', async () => {
  await at.link(quentin);
  await order('jumbo pizza with bacon');
  await at.link(phoebe);
  const { page } = await office.openAs(at, phoebe);
  await page.getByText('No orders yet.').waitFor();

  await order('small pizza with onions');
  await orderOn(page, 'Small').waitFor();
  expect(await orderOn(page, 'pizza').count()).toBe(1);
  expect(await page.content()).not.toMatch(/jumbo|0102|Quentin/i);
  for (const view of ['/day', '/locked']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, view);
    await page.getByRole('heading', { name: 'Your orders' }).waitFor();
  }
});

it('lets a customer confirm here: with another code, and says where it stands then', async () => {
  await at.link(phoebe);
  await order();
  const { page } = await office.openAs(at, phoebe);
  const card = page.locator('.pending-order');
  await card.getByText('The code went by text message to').waitFor();
  const older = codeOf(phoebe);
  await card.getByRole('button', { name: 'Send another code' }).click();
  await card.getByText('Another code went to').waitFor();
  expect(codeOf(phoebe)).not.toBe(older);

  const field = card.getByLabel('4 digits of your code');
  await field.fill(codeOf(phoebe));
  await field.press('Enter');
  await orderOn(page, 'Large').getByText('in the kitchen; ready about').waitFor();
  expect(await card.count()).toBe(0);
  expect(await at.orders()).toMatchObject([{ status: 'confirmed', attempts: 1 }]);
});

it('tells a customer how many tries are left, and keeps the focus in the field', async () => {
  await at.link(phoebe);
  await order();
  const { page, expectFailures } = await office.openAs(at, phoebe);
  expectFailures(/status of 4\d\d .*authorize/);
  const field = page.getByLabel('4 digits of your code');
  await field.fill('12');
  await field.press('Enter');
  await page.getByRole('alert').getByText('That is not a whole code').waitFor();
  await field.fill(otherThan(codeOf(phoebe)));
  await field.press('Enter');
  await page.getByRole('alert').getByText('2 tries are left').waitFor();
  expect(await page.evaluate('document.activeElement.name')).toBe('code');
});

it('hides from a customer what is done, and shows it again when asked', async () => {
  const customerId = customerOf(phoebe.userId);
  const done = endedOrder({ customerId, placedAt: Date.now() - 600_000 });
  await storeOrders(at.local.store, [done]);
  await at.local.store.archive(done.id, { at: Date.now(), by: 'Stella' });
  const { page } = await office.openAs(at, phoebe);
  await orderOn(page, 'Large').getByText('ready for pick-up').waitFor();
  await orderOn(page, 'Large').getByRole('button', { name: 'Hide' }).click();
  await page.getByText('No orders yet.').waitFor();
  await page.getByRole('link', { name: 'Also hidden orders' }).click();
  await orderOn(page, 'Large').waitFor();
});

it('leads from the address of the article to the policy, without a sign-in', async () => {
  const { page } = await office.openBlank();
  await page.goto(`${at.local.podUrl}/app#/policy`);
  await page.getByRole('heading', { name: 'Privacy policy' }).waitFor();
  expect(page.url()).toBe(`${at.local.podUrl}/app/#/policy`);
  await page.getByRole('link', { name: 'Terms' }).click();
  await page.getByRole('heading', { name: 'Terms' }).waitFor();
});

it('signs out everywhere: here, at the tenant, and in another browser', async () => {
  const other = await office.openAs(at, phoebe);
  const { page, context } = await office.openAs(at, phoebe);
  other.expectFailures(/status of 401/);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('Password').waitFor();
  expect((await context.cookies()).some(({ name }) => name === 'appSession')).toBe(false);
  await other.page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
});

it('says that the session has ended, and leads back to where the reader was', async () => {
  const placed = endedOrder({ customerId: customerOf(phoebe.userId), placedAt: Date.now() - 300_000 });
  await storeOrders(at.local.store, [placed]);
  const { page, context, expectFailures } = await office.openAs(at, phoebe);
  expectFailures(/status of 401 .*\/orders/);
  await page.getByRole('link', { name: 'Details of order' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  await context.clearCookies({ name: 'appSession' });
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  expect(await page.getByText('pepperoni').count()).toBe(0);
  // The tenant still knows who this is.
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  expect(page.url()).toContain(placed.id);
});

it('says that the server is away, keeps what it knows, and catches up', async () => {
  await at.link(phoebe);
  await order();
  const { page, context, expectFailures } = await office.openAs(at, stella);
  await orderOn(page, 'Large').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  expectFailures(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await page.getByRole('alert').getByText('POD cannot be reached').waitFor();
  expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
  expect(await orderOn(page, 'Large').count()).toBe(1);
  await authorize();
  await context.setOffline(false);
  await ticketOn(page, 1).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await page.getByRole('alert').getByText('POD cannot be reached').count()).toBe(0);
});

it('unlocks ordering after a fresh sign-in, and staff see who is locked', async () => {
  await at.link(phoebe);
  for (const wrongCodes of [3, 2]) {
    await at.ask('ask pizza on demand to get me a pizza');
    const wrong = spoken(otherThan(codeOf(phoebe)));
    for (let n = 0; n < wrongCodes; n += 1) await at.ask(`tell pizza on demand to authorize order ${wrong}`);
  }
  expect(await at.ask('ask pizza on demand to get me a pizza')).toContain('locked');
  const staff = await office.openAs(at, stella);
  await staff.page.getByRole('link', { name: 'Locked' }).click();
  await orderOn(staff.page, 'Phoebe').getByText('Last wrong code').waitFor();
  await orderOn(staff.page, 'Phoebe').getByRole('link', { name: 'Newest order' }).click();
  await staff.page.getByText('Ordering is locked').waitFor();

  const { page } = await office.openAs(at, phoebe);
  // A14: the page says so, and leads to the way out.
  await page.getByRole('alert').getByText('Ordering is locked').waitFor();
  await page.getByRole('link', { name: 'Unlock it in your profile' }).click();
  await page.getByText('Locked.').waitFor();
  await page.getByRole('link', { name: 'Sign in again to unlock' }).click();
  await enterPassword(page, phoebe);
  await page.getByRole('button', { name: 'Unlock ordering' }).click();
  await page.getByText('Ordering is unlocked').waitFor();
  await page.getByText('Open.').waitFor();
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('heading', { name: 'Your orders' }).waitFor();
  expect(await page.getByText('Ordering is locked').count()).toBe(0);
  expect(await at.ask('ask pizza on demand to get me a pizza')).toContain('code');
});
