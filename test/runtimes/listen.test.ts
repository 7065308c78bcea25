import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/runtimes/listen';

/** A server whose answers the test gives, and a client that keeps its one connection. */
async function start() {
  const server = createServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const listening = await listen(server, 0, '127.0.0.1');
  const requested = async () => (await once(server, 'request'))[1] as ServerResponse;
  const ask = async () => {
    const asked = requested();
    const sent = get({ host: '127.0.0.1', port: listening.port, agent });
    const answered = once(sent, 'response').then(async ([response]) => {
      const answer = response as IncomingMessage;
      answer.resume();
      await once(answer, 'end');
      return answer.headers.connection;
    });
    return { response: await asked, answered };
  };
  return { ...listening, ask };
}

it('finishes although requests keep coming on a connection that was busy when it was told to', async () => {
  const { ask, finish } = await start();
  const first = await ask();
  const finished = finish();
  first.response.end();
  expect(await first.answered).toBe('close');
  await finished;
});

it('finishes when an answer that had begun has ended, although its connection would be kept', async () => {
  const { ask, finish } = await start();
  const { response, answered } = await ask();
  response.write('begun');
  const finished = finish();
  response.end();
  expect(await answered).toBe('keep-alive');
  await finished;
});

it('serves on while it drains, and ends each connection with its answer', async () => {
  const { ask, drain, finish } = await start();
  const busy = await ask();
  drain();
  busy.response.end();
  expect(await busy.answered).toBe('close');
  const next = await ask();
  next.response.end();
  expect(await next.answered).toBe('close');
  await finish();
});
