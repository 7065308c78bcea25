import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../../../local/tenant/create-tenant';

const now = Date.parse('2030-01-01T12:00:00Z');
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTenant({ clock: () => now });
});
afterAll(() => tenant.close());

async function read(path: string, accept: string) {
  const response = await fetch(`${tenant.url}${path}`, { headers: { accept } });
  return { type: response.headers.get('content-type'), text: await response.text() };
}

test('an empty inbox says so', async () => {
  expect((await read('/inbox', 'text/html')).text).toContain('<p id="empty">No messages yet.</p>');
  expect(JSON.parse((await read('/inbox', 'application/json')).text)).toEqual([]);
});

test('messages are shown newest first, as JSON and as a page, of everybody or of one', async () => {
  await tenant.inbox.deliver('sms', '+12025550101', '0123');
  await tenant.inbox.deliver('email', 'emil@example.com', '4567');

  const all = JSON.parse((await read('/inbox', 'application/json')).text);
  expect(all).toMatchObject([
    { channel: 'email', to: 'emil@example.com', code: '4567' },
    {
      channel: 'sms',
      to: '+12025550101',
      code: '0123',
      text: 'Your verification code is: 0123',
      at: '2030-01-01T12:00:00.000Z',
    },
  ]);
  expect(new Set(all.map(({ id }: { id: string }) => id)).size).toBe(2);
  const filtered = await read(`/inbox.json?to=${encodeURIComponent('+12025550101')}`, '*/*');
  expect(JSON.parse(filtered.text)).toEqual([all[1]]);

  const page = await read('/inbox', 'text/html,application/xhtml+xml,*/*;q=0.8');
  expect(page.type).toContain('text/html');
  expect(page.text).toContain('Text message to <strong>+12025550101</strong>');
  expect(page.text).toContain('<code>0123</code>');
  expect(page.text.indexOf('4567')).toBeLessThan(page.text.indexOf('0123'));
  expect(page.text).not.toMatch(/<script>|style=|onclick/);
});

test('everything a page names is there', async () => {
  const { text } = await read('/inbox', 'text/html');
  const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(assets.length).toBe(3);
  for (const path of assets) expect((await fetch(`${tenant.url}${path}`)).status, path).toBe(200);
});
