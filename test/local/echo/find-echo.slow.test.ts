import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { npmStart, openFolder, runProgram } from '../../fixtures/npm-start';
import { startWeakPod } from '../../fixtures/weak-pod';
import { startEcho } from './start-echo';

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
const attack = (...words: string[]) =>
  runProgram('local/echo/attacks/attack-command.ts', words, folder, nowhere);

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

it('npm run attack tries everything on the POD that runs, and is content when all is refused', async () => {
  const { output, errors, exitCode } = await attack();
  expect([exitCode, errors]).toEqual([0, '']);
  const [, refused, of] = /(\d+) of (\d+) refused\.\n$/.exec(output) ?? [];
  expect(Number(of)).toBeGreaterThanOrEqual(15);
  expect(refused).toBe(of);
  expect((await attack('--list')).output.trim().split('\n')).toHaveLength(Number(of));
  const unknown = await attack('charm');
  expect([unknown.exitCode, unknown.output]).toEqual([1, expect.stringContaining('--list')]);
});

it('npm run attack fails when a POD does not refuse', async () => {
  const { tenant, startAt } = await startEcho();
  const weak = await startWeakPod(tenant);
  onTestFinished(() => weak.close());
  const { port } = new URL((await startAt(weak.url)).url);
  const settings = { ECHO_PORT: port };
  const ran = await runProgram('local/echo/attacks/attack-command.ts', ['guess'], folder, settings);
  expect(ran.exitCode).toBe(1);
  expect(ran.output).toMatch(/NOT REFUSED Guess the code[\s\S]*0 of 1 refused/);
});
