import { expect, it } from 'vitest';
import { parseConfig } from '../src/config';
import { faultsOf } from './fixtures/faults-of';
import { testSettings } from './fixtures/settings';

it('take all four Pusher settings together, with TLS unless it is switched off', () => {
  const four = { PUSHER_APPID: '1', PUSHER_CLUSTER: 'eu', PUSHER_KEY: 'k', PUSHER_SECRET: 's' };
  expect(parseConfig({ ...testSettings, ...four }).pusher).toMatchObject({
    appId: '1',
    cluster: 'eu',
  });
  const own = { ...four, PUSHER_HOST: 'localhost', PUSHER_PORT: '6001', PUSHER_TLS: 'false' };
  const address = { host: 'localhost', port: 6001, tls: false };
  expect(parseConfig({ ...testSettings, ...own }).pusher).toMatchObject({
    own: address,
    ownFromHere: address,
  });
});

it('B12: take a self-hosted Pusher server without a cluster, and the way that POD itself reaches it', () => {
  const own = { PUSHER_APPID: '1', PUSHER_KEY: 'k', PUSHER_SECRET: 's', PUSHER_HOST: 'push.example' };
  const fromHereOf = (more: Record<string, string>) =>
    parseConfig({ ...testSettings, ...own, ...more }).pusher;
  const browsers = { host: 'push.example', port: undefined, tls: true };
  expect(fromHereOf({})).toMatchObject({ own: browsers, ownFromHere: browsers });
  expect(fromHereOf({ PUSHER_SERVER_HOST: 'http://soketi:6001' })).toMatchObject({
    own: browsers,
    ownFromHere: { host: 'soketi', port: 6001, tls: false },
  });
  const besides = { PUSHER_SERVER_HOST: 'soketi', PUSHER_PORT: '6001', PUSHER_TLS: 'false' };
  expect(fromHereOf(besides)).toMatchObject({
    own: { host: 'push.example', port: 6001, tls: false },
    ownFromHere: { host: 'soketi', port: 6001, tls: false },
  });
});

it.each([
  [['PUSHER_KEY'], ['PUSHER_APPID', 'PUSHER_SECRET', 'PUSHER_CLUSTER']],
  [['PUSHER_HOST'], ['PUSHER_APPID', 'PUSHER_KEY', 'PUSHER_SECRET']],
  [['PUSHER_APPID', 'PUSHER_KEY', 'PUSHER_SECRET', 'PUSHER_CLUSTER', 'PUSHER_SERVER_HOST'], ['PUSHER_HOST']],
])('B12: with %j miss %j', (given, missing) => {
  const texts = Object.fromEntries(given.map((name) => [name, 'push.example']));
  const faults = faultsOf({ ...testSettings, ...texts });
  expect(faults.map((fault) => fault.split(' is missing')[0]).sort()).toEqual([...missing].sort());
});
