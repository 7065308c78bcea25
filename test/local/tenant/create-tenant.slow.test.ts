import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.join(__dirname, '../../..');

test('by itself it prints nothing, whether all goes well or not', async () => {
  const script = `
    const { createTenant } = require('./local/tenant/create-tenant');
    (async () => {
      const tenant = await createTenant();
      const post = (path, body) => fetch(tenant.url + path, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body,
      });
      await fetch(tenant.url + '/.well-known/openid-configuration');
      await fetch(tenant.url + '/authorize');
      await post('/oauth/token', '{"grant_type":"client_credentials","client_id":"pod-local"}');
      await post('/oauth/token', '{');
      tenant.users.find = () => { throw new Error('broken'); };
      tenant.inbox.messages = () => { throw new Error('broken'); };
      const { status } = await fetch(tenant.url + '/inbox.json');
      await tenant.close();
      process.exitCode = status === 500 ? 7 : 1;
    })();`;
  const ended = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: root,
  }).catch((error) => error);
  expect(ended).toMatchObject({ code: 7, stdout: '', stderr: '' });
});
