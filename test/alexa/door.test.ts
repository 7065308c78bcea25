import { createConnection } from 'node:net';
import express from 'express';
import { describe, expect, it, vi } from 'vitest';
import { createPizzaConversation } from '../../src/alexa/pizza-conversation';
import { ask as asking } from '../../src/alexa/reply';
import { accessToken, signJwt } from '../fixtures/access-token';
import { intent } from '../fixtures/alexa-request';
import { createCodeBook } from '../fixtures/code-book';
import { holdTime } from '../fixtures/held-time';
import { testSettings } from '../fixtures/settings';
import { ask, type Door, envelope, openDoor, send, speechOf } from './open-door';

const forger = { ...testSettings, API_SIGNING_KEY: 'x'.repeat(40) };
const empty = { version: '1.0', response: {} };
const order = intent('GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' });

describe('who may order at /alexa', () => {
  it.each<[string, (door: Door) => unknown]>([
    ['no access token', () => undefined],
    ['a null access token', () => null],
    ['an empty access token', () => ''],
    ['junk', () => 'junk'],
    ['an expired token', (door) => door.token({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ['a token of another API', (door) => door.token({ aud: 'https://other' })],
    ['a token of another tenant', (door) => door.token({ iss: 'https://evil.example/' })],
    ['a token of a program', (door) => door.token({ sub: 'client@clients' })],
    ['a token signed with another key', () => accessToken(forger, { sub: 'auth0|x' })],
    ['an unsigned token', () => signJwt({ sub: 'auth0|x' }, '', 'none')],
  ])('asks to link the account, and does nothing, for %s', async (_case, token) => {
    const door = await openDoor();
    for (const request of [
      order,
      { type: 'LaunchRequest' },
      intent('AuthorizePizzaOrderIntent', { Code: '1234' }),
      intent('CancelOrderIntent'),
      intent('ResendCodeIntent'),
      intent('OrderStatusIntent'),
    ]) {
      const { response } = await send(door, { ...envelope(door, request, token(door)) });
      expect(response).toMatchObject({ card: { type: 'LinkAccount' }, shouldEndSession: true });
      expect(response.outputSpeech?.ssml).toContain('Alexa app');
    }
    expect((await door.store.list({ limit: 5 })).actions).toEqual([]);
    expect(door.codes.counts()).toEqual({ sent: 0, checked: 0 });
    expect(door.events).toEqual([]);
  });

  it('A17: writes one line for a refused access token, and one for a step that names its customer', async () => {
    const door = await openDoor();
    await send(door, envelope(door, order, 'junk'));
    expect(door.logged.map(({ fields }) => fields)).toEqual([
      { door: 'alexa', as: 'nobody', outcome: 'invalid_token', reason: 'jwt malformed' },
    ]);
    await ask(door, 'AuthorizePizzaOrderIntent', {});
    expect(door.steps.at(-1)).toMatchObject({ door: 'alexa', by: 'customer', customerId: door.customerId });
    expect(door.logged).toHaveLength(1);
  });

  it('does a repeated request once, and answers it the same', async () => {
    const door = await openDoor();
    const placing = JSON.stringify(envelope(door, order));
    const [first, second] = await Promise.all([door.post(placing), door.post(placing)]);
    expect(second).toEqual(first);
    const code = door.codes.newestCode(door.customerId);
    const confirming = JSON.stringify(envelope(door, intent('AuthorizePizzaOrderIntent', { Code: code })));
    const confirmed = await door.post(confirming);
    expect(await door.post(confirming)).toEqual(confirmed);
    expect(await door.post(placing)).toEqual(first);
    expect(door.codes.counts()).toEqual({ sent: 1, checked: 1 });
    expect(door.told().map(([status]) => status)).toEqual(['pending', 'confirmed']);
  });
});

describe('requests that want no answer', () => {
  it.each([
    { type: 'SessionEndedRequest', reason: 'USER_INITIATED' },
    { type: 'SessionEndedRequest', reason: 'ERROR', error: { type: 'INVALID_RESPONSE', message: 'm' } },
    {
      type: 'System.ExceptionEncountered',
      error: { type: 'INVALID_RESPONSE', message: 'm' },
      cause: { requestId: 'r' },
    },
    { type: 'AlexaSkillEvent.SkillDisabled' },
    { type: 'AlexaSkillEvent.SkillAccountLinked', body: { accessToken: 'secret-token' } },
    { type: 'CanFulfillIntentRequest', intent: { name: 'GetMeSomePizzaIntent' } },
    { type: 'Something.New' },
  ])('get an empty response: $type', async (request) => {
    const door = await openDoor();
    const { session: _none, ...withoutSession } = envelope(door, request);
    for (const body of [envelope(door, request), withoutSession]) {
      const { status, text, type } = await door.post(JSON.stringify(body));
      expect([status, JSON.parse(text)]).toEqual([200, empty]);
      expect(type).toMatch(/^application\/json;\s*charset=utf-8/i);
    }
    expect(JSON.stringify(door.logged)).not.toContain('secret-token');
    expect(await door.orders()).toEqual([]);
  });
});

describe('the door /alexa', () => {
  it('is the same with and without a slash at the end', async () => {
    const door = await openDoor();
    for (const path of ['/alexa', '/alexa/']) {
      expect((await door.post(JSON.stringify(envelope(door, { type: 'LaunchRequest' })), path)).status).toBe(
        200,
      );
      expect(await door.post('{}', path, {})).toMatchObject({ status: 400 });
    }
  });

  it('does not run handlers of the SDK’s own for a name that comes from outside', async () => {
    const door = await openDoor();
    for (const name of ['Unhandled', 'NewSession', 'LaunchRequest', 'constructor', '__proto__', 'toString']) {
      expect(speechOf(await ask(door, name))).toContain('did not get that');
    }
    const state = envelope(door, order);
    const body = { ...state, session: { ...state.session, attributes: { STATE: '_X' } } };
    expect((await door.post(JSON.stringify(body))).status).toBe(400);
    expect((await door.post(JSON.stringify(envelope(door, intent(':tell'))))).status).toBe(400);
  });

  it('answers a bug with an apology, and logs it with its stack', async () => {
    const door = await openDoor();
    vi.spyOn(door.store, 'transact').mockRejectedValue(new TypeError('a bug'));
    const answer = await send(door, envelope(door, order));
    expect(speechOf(answer)).toContain('something went wrong');
    expect(door.logged).toContainEqual({
      level: 'error',
      message: 'an exchange failed unexpectedly',
      fields: expect.objectContaining({ err: expect.any(TypeError) }),
    });
    expect(
      process.listeners('uncaughtException').some((listener) => /rethrow|throw err/.test(String(listener))),
    ).toBe(false);
  });

  it('answers within 7 s of the request while the turn hangs', async () => {
    const door = await openDoor();
    door.codes.hold();
    const time = holdTime();
    const answering = send(door, envelope(door, order));
    await time.until(async () => (await door.store.read(door.customerId)).customer.turn !== undefined);
    expect(await time.passUntilEnded(answering)).toBeLessThan(7_000);
    expect(speechOf(await answering)).toMatch(/^<speak>\s*Sorry/);
  });

  it.each([{ type: 'LinkAccount' }, { type: 'Simple', title: 'Title', content: 'Content' }] as const)(
    'sends a question with its card ($type)',
    async (card) => {
      const launch = async () => ({ ...asking('Hello.', 'What now?'), card });
      const { passwordless } = createCodeBook();
      const pizzas = createPizzaConversation({ codeLength: 4, passwordless });
      const door = await openDoor({ conversation: { ...pizzas, launch } });
      const { response } = await send(door, envelope(door, { type: 'LaunchRequest' }));
      expect(response).toMatchObject({ card, shouldEndSession: false, reprompt: expect.anything() });
    },
  );

  it('takes a body that arrives in pieces, split inside a character', async () => {
    const door = await openDoor();
    const body = Buffer.from(
      JSON.stringify({ ...envelope(door, { type: 'LaunchRequest' }), note: 'piñata 🍕' }),
    );
    const middle = body.indexOf(Buffer.from('🍕')) + 2;
    expect(await postInTwoPieces(door, body, middle)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('refuses 3 MB, signed or not, without keeping them', async () => {
    const door = await openDoor();
    const body = JSON.stringify({ ...envelope(door, order), note: 'x'.repeat(3_000_000) });
    expect((await door.post(body)).status).toBe(400);
    expect((await door.post(body, '/alexa', {})).status).toBe(400);
    expect(await door.orders()).toEqual([]);
  });

  it('refuses loudly, and does not hang, when something else has read the body', async () => {
    const door = await openDoor({ mount: (app) => app.use(express.json()) });
    expect((await door.post(JSON.stringify(envelope(door, order)))).status).toBe(400);
    expect(door.logged).toMatchObject([
      { fields: { err: { message: expect.stringContaining('before any body parser') } } },
    ]);
  });

  it('A18: refuses more than 32 kB', async () => {
    const door = await openDoor();
    const body = (kilobytes: number) =>
      JSON.stringify({ ...envelope(door, order), note: Array(kilobytes).fill('x'.repeat(1_000)) });
    expect((await door.post(body(28))).status).toBe(200);
    expect((await door.post(body(33))).status).toBe(400);
  });

  it.each(['?webtask_pb=1', '?webtask_mb=1', '?x=1&WebTask_PB=1', '?webtask%5Fpb=1'])(
    'A18: refuses %s, with a warning and no stack',
    async (query) => {
      const door = await openDoor();
      expect((await door.post(JSON.stringify(envelope(door, order)), `/alexa${query}`)).status).toBe(400);
      expect(await door.orders()).toEqual([]);
      expect(door.logged).toMatchObject([{ level: 'warn', fields: { outcome: 'body_out_of_reach' } }]);
      expect(door.logged[0]?.fields).not.toHaveProperty('err');
    },
  );
});

function postInTwoPieces(door: Door, body: Buffer, at: number): Promise<string> {
  const signature = Object.entries(door.chain.sign(body)).map(([name, value]) => `${name}: ${value}`);
  const head = [
    'POST /alexa HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    `Content-Length: ${body.length}`,
  ];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(door.port, '127.0.0.1');
    socket.setNoDelay(true).on('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.write(`${[...head, ...signature].join('\r\n')}\r\n\r\n`);
    socket.write(body.subarray(0, at), () => setImmediate(() => socket.write(body.subarray(at))));
  });
}
