import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { question, startEcho, statement } from './start-echo';

const { email, password } = seededUsers.customerWithPhone;

/** What `npm run say` prints, given these words and these lines on its standard input. */
async function runSay(url: string, words: string[], lines: string[] = []) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/echo/say.ts', ...words], {
    env: { ...process.env, ECHO_PORT: new URL(url).port },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [output, errors, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { output, errors, exitCode };
}

it('says one thing, and prints what Alexa says, her card, and whether she listens', async () => {
  const { url, app } = await startEcho();
  const card = { type: 'Simple', title: 'Hello', content: 'Fish & chips' };
  const answer = question('Fish &amp; chips<break time="1s"/>or pizza?');
  app.answers.push({ body: { ...answer, response: { ...answer.response, card } } });
  const { output, errors, exitCode } = await runSay(url, ['get', 'me', 'a', 'pizza']);
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toContain('Alexa: Fish & chips or pizza?\n');
  expect(output).toContain('Hello. Fish & chips');
  expect(output).toContain('she is listening');
});

it('holds a conversation line by line, in which the account can be linked', async () => {
  const { url, app, token } = await startEcho();
  app.answers.push({ body: question('Which size?') }, { body: statement('Goodbye.') });
  const lines = [
    `link ${email}`,
    `link ${email} wrong`,
    `link ${email} ${password}`,
    'open pizza on demand',
    '',
    'stop',
    'quit',
    'help',
  ];
  const { output, errors, exitCode } = await runSay(url, [], lines);
  expect([exitCode, errors]).toEqual([0, '']);
  const said = [
    'To link an account',
    'does not know',
    `${email} is linked`,
    'Alexa: Which size?',
    'Alexa: Goodbye.',
  ];
  expect(
    said.map((part) => output.indexOf(part)).every((at, index, all) => at > (all[index - 1] ?? -1)),
  ).toBe(true);
  expect(app.received).toHaveLength(2);
  expect(await token()).toBeDefined();
});

it('ends with its input', async () => {
  const { url, app } = await startEcho();
  const { errors, exitCode } = await runSay(url, [], ['open pizza on demand', 'help']);
  expect([exitCode, errors]).toEqual([0, '']);
  expect(app.received).toHaveLength(2);
});

it('says at the start of a conversation whose account is linked', async () => {
  const { url, link } = await startEcho();
  expect((await runSay(url, [])).output).toContain('No account is linked');
  await link({ email, password });
  expect((await runSay(url, [])).output).toContain(`${email} is linked`);
});

it('links and unlinks by command', async () => {
  const { url, token } = await startEcho();
  await runSay(url, ['link', email, password]);
  expect(await token()).toBeDefined();
  await runSay(url, ['unlink']);
  expect(await token()).toBeUndefined();
});

it('explains itself', async () => {
  const { output, exitCode } = await runSay('http://localhost:1', ['--help']);
  expect(exitCode).toBe(0);
  for (const part of ['npm run say', 'link', 'unlink', 'quit', 'ECHO_PORT']) expect(output).toContain(part);
});

it.each([[['help']], [[]]])('says what to do when no Echo is running, and fails: say %j', async (words) => {
  const { output, errors, exitCode } = await runSay('http://localhost:1', words, ['help']);
  expect([exitCode, errors]).toEqual([1, '']);
  expect(output).toContain('npm start');
});

it('says so when something else answers', async () => {
  const server = createServer((_req, res) => void res.end('<html>')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { output, errors, exitCode } = await runSay(`http://localhost:${port}`, ['help']);
  expect([exitCode, errors]).toEqual([1, '']);
  expect(output).toContain('no Echo');
});
