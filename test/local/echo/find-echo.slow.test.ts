import { afterAll, beforeAll, expect, it } from 'vitest';
import { npmStart, openFolder, runProgram } from '../../fixtures/npm-start';

let folder: string;
let remove: () => Promise<void>;
let first: Awaited<ReturnType<typeof npmStart>>;
beforeAll(async () => {
  ({ folder, remove } = await openFolder());
  first = await npmStart(folder);
});
afterAll(async () => {
  await first.stop();
  await remove();
});

const nowhere = { ECHO_PORT: undefined };
const say = (...words: string[]) => runProgram('local/echo/say.ts', words, folder, nowhere);

it('npm run say finds the Echo by itself on whatever port it is: the newest, and none that was killed', async () => {
  await fetch(`${first.echoUrl}/link`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'phoebe@example.com', password: 'phoebe-local' }),
  });
  const { output, errors, exitCode } = await say('get', 'me', 'a', 'small', 'pizza', 'with', 'bacon');
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toContain('is holding a small pizza with bacon');
  expect(output).toMatch(/\[text message to \+12025550101: Your verification code is: \d{4}/);

  const second = await npmStart(folder);
  expect((await say('open pizza on demand')).output).toContain('please link your account');
  await second.kill();
  expect((await say('where is my order')).output).toContain('small pizza with bacon');
});
