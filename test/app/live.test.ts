import Pusher from 'pusher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerChannel, staffChannel } from '../../src/feed/pusher-live';
import { type Browser, fromThePage } from '../fixtures/browser';
import { customerOf } from '../fixtures/orders';
import { type OpenApp, openApp, phoebe, quentin, stella } from './open-app';

const pusher = { PUSHER_APPID: '7', PUSHER_KEY: 'key', PUSHER_SECRET: 'hidden-secret', PUSHER_CLUSTER: 'eu' };
const quarterMs = 15 * 60_000;
const phoebeId = customerOf(phoebe.userId);
const quentinId = customerOf(quentin.userId);
let app: OpenApp;
let customer: Browser;
let staff: Browser;
beforeAll(async () => {
  app = await openApp(pusher);
  customer = await app.signedIn(phoebe);
  staff = await app.signedIn(stella);
});
afterAll(() => app.close());

const now = () => app.services.clock();
const subscribe = (visitor: Browser, channel: string, socketId = '123.456') =>
  visitor.send('pusher/auth', {
    method: 'POST',
    headers: fromThePage,
    body: new URLSearchParams({ socket_id: socketId, channel_name: channel }),
  });

describe('the live channel', () => {
  it('is named for whoever is signed in, with the public part of the settings', async () => {
    const answer = await customer.get('live');
    expect(answer.json).toMatchObject({
      key: 'key',
      cluster: 'eu',
      tls: true,
      channel: customerChannel(phoebeId, now()),
    });
    expect(answer.json.endsAt - now()).toBeLessThanOrEqual(quarterMs);
    expect(answer.text).not.toContain('hidden-secret');
    expect((await staff.get('live')).json.channel).toBe(staffChannel(now()));
  });

  it('lets its own listener in, signed as Pusher expects', async () => {
    const official = new Pusher({ appId: '7', key: 'key', secret: 'hidden-secret', cluster: 'eu' });
    for (const [visitor, channel] of [
      [customer, customerChannel(phoebeId, now())],
      [staff, staffChannel(now())],
    ] as const) {
      const answer = await subscribe(visitor, channel);
      expect(answer.status).toBe(200);
      expect(answer.json).toEqual(official.authorizeChannel('123.456', channel));
    }
  });

  it.each<[string, () => string]>([
    ["another customer's", () => customerChannel(quentinId, now())],
    ["the staff's", () => staffChannel(now())],
    ["the last quarter of an hour's", () => customerChannel(phoebeId, now() - quarterMs)],
    ["the next quarter of an hour's", () => customerChannel(phoebeId, now() + quarterMs)],
    ['a public one', () => 'orders'],
    ['its own with something behind it', () => `${customerChannel(phoebeId, now())}:x`],
    ['none', () => ''],
  ])('does not let a customer into %s', async (_whose, channel) => {
    const answer = await subscribe(customer, channel());
    expect([answer.status, answer.json.code]).toEqual([403, 'forbidden']);
  });

  it.each(['', '1', '1.2:private-staff', '1.2\n', 'a.b', `${'1'.repeat(30)}.1`])(
    'refuses the socket id %j',
    async (socketId) => {
      const answer = await subscribe(customer, customerChannel(phoebeId, now()), socketId);
      expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
    },
  );

  it('is withdrawn from a staff member who loses the permission, within the hour', async () => {
    const other = await openApp(pusher);
    const visitor = await other.signedIn(stella);
    const { channel, endsAt } = (await visitor.get('live')).json;
    await other.tenant.users.change(stella.userId, { permissions: [] });
    other.passTime(45 * 60_000);
    expect(endsAt).toBeLessThan(other.services.clock());
    expect((await subscribe(visitor, channel)).status).toBe(403);
    expect((await subscribe(visitor, staffChannel(other.services.clock()))).status).toBe(403);
    const replaced = (await visitor.get('live')).json.channel;
    expect(replaced).toBe(customerChannel(customerOf(stella.userId), other.services.clock()));
    await other.close();
  });
});

describe('the page', () => {
  it('may connect to Pusher where it is configured, and nowhere else', async () => {
    const policy = (await app.visitor().get('')).headers.get('content-security-policy');
    expect(policy).toContain("connect-src 'self' wss://ws-eu.pusher.com;");
    expect((await customer.get('me')).json).toMatchObject({ live: true });
  });

  it('B12: may connect to a self-hosted server instead, by the name that browsers reach it by', async () => {
    const hosted = {
      ...pusher,
      PUSHER_CLUSTER: '',
      PUSHER_HOST: 'push.example',
      PUSHER_PORT: '6001',
      PUSHER_TLS: 'false',
      PUSHER_SERVER_HOST: 'http://soketi:6001',
    };
    const other = await openApp(hosted);
    const policy = (await other.visitor().get('')).headers.get('content-security-policy');
    expect(policy).toContain("connect-src 'self' ws://push.example:6001;");
    await other.close();
  });

  it('looks for itself where Pusher is not configured', async () => {
    const other = await openApp();
    const visitor = await other.signedIn(phoebe);
    expect((await visitor.get('me')).json).toMatchObject({ live: false });
    expect((await visitor.get('live')).status).toBe(404);
    expect((await subscribe(visitor, staffChannel(now()))).status).toBe(404);
    await other.close();
  });
});
