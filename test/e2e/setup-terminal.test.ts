import { once } from 'node:events';
import { expect, it } from 'vitest';
import { provideProgram } from '../fixtures/programs';
import { openSetUp } from '../fixtures/set-up';

it('in a terminal, npm run setup does not echo a secret, and Ctrl-C leaves what it goes on from', async ({
  skip,
}) => {
  // Makes a terminal for a program.
  const script = await provideProgram('script', 'bsdutils');
  if (!script) return skip();
  const setUp = await openSetUp();
  const { AUTH0_DOMAIN, AUTH0_DEPLOY_CLIENT_ID, AUTH0_DEPLOY_CLIENT_SECRET } = setUp.environment;
  const terminal = setUp.startInTerminal(script, 'deploy/setup/setup.ts', setUp.trust);
  const ended = once(terminal, 'close');
  let shown = '';
  terminal.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text;
  });
  const type = async (question: string, answer: string) => {
    await expect.poll(() => shown).toContain(question);
    terminal.stdin.write(answer);
  };
  await type('Host: ', `${AUTH0_DOMAIN}\r`);
  await type('Client ID: ', `${AUTH0_DEPLOY_CLIENT_ID}\r`);
  await type('Client Secret: ', `${AUTH0_DEPLOY_CLIENT_SECRET}\r`);
  await type('Address: ', '\u0003');
  expect(await ended).toEqual([1, null]);
  expect(shown).toContain(AUTH0_DEPLOY_CLIENT_ID);
  expect(shown).not.toContain(AUTH0_DEPLOY_CLIENT_SECRET);
  expect(shown).toContain('Stopped. What was answered is kept: npm run setup goes on from here.');
  expect(shown).not.toMatch(/\n\s+at /);
  expect(setUp.settings()).toMatchObject({ AUTH0_DEPLOY_CLIENT_SECRET });
});
