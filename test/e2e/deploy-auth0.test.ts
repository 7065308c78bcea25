import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSetUp, phoebe } from '../fixtures/set-up';

it('npm run deploy:auth0 makes a POD tenant of an empty one, at which a customer links, orders and authorizes', async () => {
  const setUp = await openSetUp();
  const { status, printed } = await setUp.run('deploy/auth0/deploy-auth0.ts');
  expect(printed).toContain('Import Successful');
  expect(status).toBe(0);
  const secrets = join(setUp.directory, 'src', 'runtimes', 'secrets.ini');
  expect((await stat(secrets)).mode & 0o077).toBe(0);
  expect(setUp.settings()).toMatchObject({
    AUTH0_DOMAIN: setUp.tenant.settings.AUTH0_DOMAIN,
    API_ID: 'https://pod.localtest.me',
    API_SIGNING_KEY: expect.stringMatching(/^.{43}$/),
    APP_CLIENT_SECRET: expect.stringMatching(/^.{64}$/),
  });

  const pod = await setUp.startPod();
  expect(await pod.link()).toMatchObject({ linkedAs: phoebe.email });
  expect(await pod.say('ask pizza on demand to get me a large pizza with pepperoni')).toContain(
    'a code of four digits',
  );
  const code = setUp.tenant.inbox.messages(phoebe.phoneNumber)[0]?.code;
  expect(await pod.say(`tell pizza on demand to authorize order ${code}`), pod.log()).toContain(
    'is confirmed',
  );
});
