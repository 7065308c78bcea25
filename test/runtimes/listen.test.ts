import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/runtimes/listen';
import { holdTime } from '../fixtures/held-time';

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
  const connect = async () => {
    const made = once(server, 'connection');
    const connection = createConnection(listening.port, '127.0.0.1');
    onTestFinished(() => void connection.destroy());
    await made;
    return connection;
  };
  return { ...listening, requested, ask, connect };
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

it('finishes although a connection has brought no request, and first answers one that has', async () => {
  const time = holdTime();
  const { ask, connect, finish } = await start();
  const ahead = await connect();
  const { response, answered } = await ask();
  const finished = finish();
  await time.pass(10_000);
  response.end();
  expect(await answered).toBe('close');
  await finished;
  if (!ahead.closed) await once(ahead, 'close');
});

it('finishes although a request does not come whole, and first answers one that has', async () => {
  const time = holdTime();
  const { ask, connect, requested, finish } = await start();
  const half = await connect();
  half.on('error', () => {});
  const begun = requested();
  half.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{');
  await begun;
  const { response, answered } = await ask();
  const finished = finish();
  await time.pass(10_000);
  if (!half.closed) await once(half, 'close');
  response.end();
  expect(await answered).toBe('close');
  await finished;
});

it('waits a little for the request of a connection that has just been made', async () => {
  holdTime();
  const { connect, requested, finish } = await start();
  const late = await connect();
  const finished = finish();
  const asked = requested();
  late.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  (await asked).end('in time');
  expect(await text(late)).toMatch(/^HTTP\/1.1 200 OK\r\n.*in time/s);
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
