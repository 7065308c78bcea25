import { expect, it } from 'vitest';
import type { HouseholdState } from '../../../local/echo/page-data';
import { createBrowser } from '../../../local/echo/sign-in';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { startEcho } from './start-echo';

const { customerWithPhone: phoebe } = seededUsers;

type Echo = Awaited<ReturnType<typeof startEcho>>;

const household = async ({ url }: Echo) => (await (await fetch(`${url}/household`)).json()) as HouseholdState;

const begin = async ({ url, tenant }: Echo) => {
  const browser = createBrowser([url, tenant.url]);
  const answer = await browser.request(new URL('/linking', url), { method: 'POST' });
  expect(answer.status).toBe(303);
  return { browser, login: new URL(answer.headers.get('Location') ?? '') };
};

it('links whoever signs in at the tenant’s page, and asks them even where somebody has signed in before', async () => {
  const echo = await startEcho();
  await echo.say('help');
  const { browser, login } = await begin(echo);
  expect(login.origin).toBe(echo.tenant.url);
  expect(login.searchParams.get('prompt')).toBe('login');
  await browser.signIn(login, phoebe);
  expect(await household(echo)).toMatchObject({
    customer: { login: phoebe.email },
    listening: { kitchen: false },
  });
});

it('takes no answer to a sign-in that another browser began, and none twice', async () => {
  const echo = await startEcho();
  const { browser } = await begin(echo);
  const { login } = await begin(echo);
  const answer = new URL(`/linking/callback?code=stolen&state=${login.searchParams.get('state')}`, echo.url);
  const other = await browser.request(answer);
  expect(other.headers.get('Location')).toBe('/#not-linked');
  for (const nobodys of [await fetch(answer), await browser.request(answer)]) {
    expect(nobodys.status).toBe(400);
    expect(await nobodys.json()).toEqual({ error: expect.stringContaining('link again') });
  }
  expect((await household(echo)).customer).toBeUndefined();
});
