import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { skillId } from '../fixtures/alexa-request';
import { openSetUp, phoebe } from '../fixtures/set-up';

const command = 'deploy/setup/setup.ts';

/** Every file that a set-up writes, with what is in it. */
async function filesIn(directory: string) {
  const entries = await Promise.all(
    ['src', 'deploy'].map((folder) =>
      readdir(join(directory, folder), { recursive: true, withFileTypes: true }),
    ),
  );
  const files = entries.flat().filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')])),
  );
}

it('npm run setup leads from an empty tenant to a confirmed order, goes on when it was killed, and changes nothing a second time', async () => {
  const setUp = await openSetUp();
  const { tenant, directory, environment: known, trust, settings } = setUp;
  const applications = () => tenant.configuration.clients.filter(({ name }) => name === 'POD');

  const answers = [
    known.AUTH0_DOMAIN,
    known.AUTH0_DEPLOY_CLIENT_ID,
    known.AUTH0_DEPLOY_CLIENT_SECRET,
    known.POD_URL,
    known.ALEXA_VENDOR_ID,
    known.TWILIO_ACCOUNT_SID,
    known.TWILIO_AUTH_TOKEN,
    known.TWILIO_FROM,
  ];
  const changeTenant = 'y';
  expect([...answers, changeTenant, skillId].length).toBeLessThanOrEqual(12);

  // The application is made, and nobody knows its secret yet.
  await setUp.runUntil(command, trust, [...answers, changeTenant], () => applications().length > 0);
  const { API_SIGNING_KEY, APP_CLIENT_ID } = settings();
  expect(API_SIGNING_KEY).toMatch(/^.{43}$/);
  expect(APP_CLIENT_ID).toBe('');

  const keepAnswers = '';
  const first = await setUp.run(command, trust, [keepAnswers, changeTenant, skillId]);
  expect(first.printed).toContain('created: connection sms');
  expect(first.printed).toContain('4 of 4  What stays to be done by hand');
  expect(first.status).toBe(0);
  expect(applications()).toMatchObject([{ client_id: settings().APP_CLIENT_ID }]);
  expect(tenant.configuration.resourceServers).toMatchObject([
    { name: 'Auth0 Management API' },
    { name: 'POD API', signing_secret: API_SIGNING_KEY },
  ]);
  for (const secret of [known.AUTH0_DEPLOY_CLIENT_SECRET, known.TWILIO_AUTH_TOKEN]) {
    expect(first.printed).not.toContain(secret);
  }
  for (const path of ['src/runtimes/secrets.ini', 'deploy/secrets.ini']) {
    expect((await stat(join(directory, path))).mode & 0o077).toBe(0);
  }
  expect(settings()).toMatchObject({
    AUTH0_DOMAIN: known.AUTH0_DOMAIN,
    API_SIGNING_KEY,
    PUBLIC_ORIGIN: 'https://pod.example',
    SESSION_SECRET: expect.stringMatching(/^.{43}$/),
    ALEXA_SKILL_ID: skillId,
  });

  const pod = await setUp.startPod();
  expect(await pod.link(phoebe)).toMatchObject({ linkedAs: phoebe.email });
  expect((await pod.say('ask pizza on demand to get me a large pizza with pepperoni')).speech).toContain(
    'a code of four digits',
  );
  const code = tenant.inbox.messages(phoebe.phoneNumber)[0]?.code;
  const { speech } = await pod.say(`tell pizza on demand to authorize order ${code}`);
  expect(speech, pod.log()).toContain('is confirmed');
  await pod.stop();

  const before = await filesIn(directory);
  expect(Object.keys(before)).toHaveLength(2);
  tenant.calls.reset();
  const second = await setUp.run(command, trust, [keepAnswers]);
  expect(second.printed).toContain('Nothing is to be changed.');
  expect(second.status).toBe(0);
  expect(await filesIn(directory)).toEqual(before);
  expect(tenant.calls.get()['configuration.change']).toBe(0);
});
