import { beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../local/tenant/seeded-users';
import type { TestLocal } from '../fixtures/local';
import { confirmOrders, ticketOn, useOffice } from './browser-office';

const stella = seededUsers.staff;
const office = useOffice();
let at: TestLocal;
beforeEach(async () => {
  at = await office.start();
});

it('finds by number, name, last digits and topping, and hands the day out as a file', async () => {
  await confirmOrders(at, 1, 2);
  const { page } = await office.openAs(at, stella);
  await page.getByRole('link', { name: 'Day', exact: true }).click();
  const search = page.getByRole('searchbox', { name: 'Search this day' });
  for (const [words, found] of [
    ['2', 1],
    ['ann', 2],
    ['0101', 2],
    ['pepperoni', 2],
    ['bacon', 0],
  ] as const) {
    await search.fill(words);
    await page.getByText(`${found} found for “${words}”.`).waitFor();
    expect(await page.locator('.row').count()).toBe(found);
  }
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^orders-\d{4}-\d\d-\d\d\.csv$/);
});

it('moves the list of a day only when it is asked to', async () => {
  await confirmOrders(at, 1, 2);
  const { page } = await office.openAs(at, stella);
  await page.getByRole('link', { name: 'Day', exact: true }).click();
  await page.getByRole('link', { name: /^To make 2$/ }).click();
  const calls = () => page.locator('.row .call').allTextContents();
  const both = ['Details of order 2', 'Details of order 1'];
  await expect.poll(calls).toEqual(both);

  await confirmOrders(at, 3);
  await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
  await page.getByText('3 confirmed, $').waitFor();
  expect(await calls()).toEqual(both);
  await page.getByRole('button', { name: 'Show 1 new' }).click();
  await expect.poll(calls).toEqual(['Details of order 3', ...both]);

  const { actions } = await at.local.store.toDo(1);
  await at.local.store.archive(actions[0]?.id ?? '', { at: Date.now(), by: 'Steve' });
  await ticketOn(page, 1).getByText('no longer in this list').waitFor();
  await page.getByRole('button', { name: 'Clear away' }).click();
  await expect.poll(calls).toEqual(['Details of order 3', 'Details of order 2']);
});

it('prints the list, and one ticket without its history', async () => {
  await confirmOrders(at, 1, 2);
  const { page } = await office.openAs(at, stella);
  await ticketOn(page, 2).waitFor();
  await page.emulateMedia({ media: 'print' });
  const seen = (text: string | RegExp) => page.getByText(text).filter({ visible: true }).count();
  expect(await seen('Ann Lee')).toBe(2);
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  expect(await page.getByRole('navigation').filter({ visible: true }).count()).toBe(0);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('link', { name: 'Details of order 1' }).click();
  await page.getByRole('button', { name: 'Print the ticket' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  expect([
    await seen('Large pizza with pepperoni'),
    await seen('7 Elm Street'),
    await seen('Placed by voice'),
  ]).toEqual([1, 1, 0]);
});
