import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { authorizeUrl, callback, openBrowser } from './authorize';

let now = Date.parse('2030-01-01T12:00:00Z');
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTenant({ redirectUris: [callback], clock: () => now });
});
afterAll(() => tenant.close());

const phoebe = seededUsers.customerWithPhone;

test('the page names the seeded users and runs no script of anybody else', async () => {
  const { text, headers } = await openBrowser(tenant).open(authorizeUrl(tenant, { login_hint: 'x"><b>' }));
  for (const user of Object.values(seededUsers)) expect(text).toContain(user.password);
  expect(text).toContain('value="x&#34;&#62;&#60;b&#62;"');
  const policy = headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("form-action 'self' http://localhost:9999");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('strict-transport-security')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a form from elsewhere, without the cookie of this sign-in, does nothing', async () => {
  const page = await openBrowser(tenant).open(authorizeUrl(tenant));
  const stranger = openBrowser(tenant);
  const { status, text } = await stranger.logIn(page, phoebe);
  expect(status).toBe(400);
  expect(text).toContain('This sign-in has expired.');
  await stranger.open(authorizeUrl(tenant));
  expect((await stranger.logIn(page, phoebe)).status).toBe(400);
});

test('cookies are for this tenant alone, and out of reach of scripts and other sites', async () => {
  const response = await fetch(authorizeUrl(tenant), { redirect: 'manual' });
  const cookies = response.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^tenant_/);
    expect(cookie).toMatch(/httponly/i);
    expect(cookie).toMatch(/samesite=lax/i);
  }
});

test('wrong passwords are told apart from nothing, and ten of them close the name for a minute', async () => {
  const browser = openBrowser(tenant);
  const page = await browser.open(authorizeUrl(tenant));
  const unknown = await browser.logIn(page, { email: 'nobody@example.com', password: 'x' });
  const { email, password } = seededUsers.customerWithEmail;
  for (let tries = 0; tries < 10; tries += 1) {
    const { status, text } = await browser.logIn(page, { email, password: `x${password}` });
    expect(status).toBe(400);
    expect(withoutChallenge(text).replace(email, '')).toBe(
      withoutChallenge(unknown.text).replace('nobody@example.com', ''),
    );
  }
  const closed = await browser.logIn(page, { email: email.toUpperCase(), password });
  expect(closed.status).toBe(429);
  expect(closed.text).toContain('Try again in a minute.');
  now += 60_000;
  expect((await browser.logIn(page, { email, password })).url.href).toContain(callback);
});

test('the tenant answers to localhost only', async () => {
  const { status, body } = await getWithHost('evil.example');
  expect(status).toBe(421);
  expect(body).not.toContain('Inbox');
  expect((await getWithHost(`127.0.0.1:${new URL(tenant.url).port}`)).status).toBe(200);
});

async function getWithHost(host: string) {
  const { request } = await import('node:http');
  return new Promise<{ status?: number; body: string }>((resolve, reject) => {
    request(`${tenant.url}/inbox`, { headers: { host, accept: 'text/html' } }, async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
    })
      .on('error', reject)
      .end();
  });
}

/** Each page asks for a passkey by a challenge of its own. */
function withoutChallenge(html: string): string {
  return html.replace(/challenge&#34;:&#34;[\w-]+/, '');
}
