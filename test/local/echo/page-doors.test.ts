import { request } from 'node:http';
import { expect, it } from 'vitest';
import type { HouseholdState, Turn } from '../../../local/echo/page-data';
import { seededUsers } from '../../../local/tenant/seeded-users';
import { createAsset } from '../../../src/app/assets';
import { question, startEcho, statement } from './start-echo';

const { customerWithPhone: phoebe, customerWithEmail: emil } = seededUsers;
const assets = new Map([['index.html', createAsset('index.html', '<!doctype html><title>The Echo</title>')]]);

type Echo = Awaited<ReturnType<typeof startEcho>>;

const household = async ({ url }: Echo) => (await (await fetch(`${url}/household`)).json()) as HouseholdState;

async function utter(echo: Echo, text: string, person = 'owner', at = 'kitchen'): Promise<Turn> {
  const response = await echo.postJson(`/echos/${at}/utterances`, { text, person });
  expect(response.status).toBe(200);
  return (await response.json()) as Turn;
}

it('shows browsers the page and programs the list of doors, at one address', async () => {
  const { url } = await startEcho({ assets });
  const asked = (Accept: string) => fetch(url, { headers: { Accept } });
  const page = await asked('text/html,application/xhtml+xml,*/*;q=0.8');
  expect(await page.text()).toContain('The Echo');
  expect(page.headers.get('Vary')).toContain('Accept');
  for (const accept of ['*/*', 'text/plain'])
    expect(await (await asked(accept)).text()).toContain('POST /utterances');
});

it('lets the page load and run its own files alone, and lets nobody frame it', async () => {
  const { url, tenant } = await startEcho({ assets });
  const { headers } = await fetch(url, { headers: { Accept: 'text/html' } });
  const policy = Object.fromEntries(
    (headers.get('Content-Security-Policy') ?? '').split(';').map((rule) => {
      const [name, ...sources] = rule.split(' ');
      return [name, sources.join(' ')];
    }),
  );
  expect(policy).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'form-action': `'self' ${tenant.url}`,
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  });
  expect(headers.get('X-Frame-Options')).toBe('DENY');
});

it('refuses other sites, and other names of this machine, at each of its doors', async () => {
  const { url, app } = await startEcho({ assets });
  const { host, port } = new URL(url);
  const strangers: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: `evil.example:${port}` },
    { host, origin: 'https://evil.example' },
    { host, origin: 'http://localhost:1' },
    { host, origin: 'null' },
    { host: 'evil.example', origin: 'http://evil.example' },
  ];
  const doors = [
    'GET /',
    'GET /household',
    'GET /attacks',
    'POST /attacks/guess',
    'POST /echos/kitchen/utterances',
    'POST /echos/kitchen/silence',
    'POST /simulator',
    'POST /linking',
    'GET /linking/callback',
  ];
  for (const door of doors) {
    const [method = '', path] = door.split(' ');
    for (const headers of strangers) {
      expect(await ask(`${url}${path}`, method, headers), `${door} ${JSON.stringify(headers)}`).toBe(403);
    }
  }
  expect(app.received).toEqual([]);
});

it('takes what its own page sends', async () => {
  const { url, post } = await startEcho();
  const headers = { 'Content-Type': 'application/json', Origin: url };
  const said = await post('/echos/kitchen/utterances', '{"text":"help","person":"owner"}', headers);
  expect(said.status).toBe(200);
});

it('knows the voices of those who live there by an id of each, which two Echos share, and no guest’s', async () => {
  const echo = await startEcho();
  const voiceOf = ({ request }: Turn) => request.context.System.person?.personId;
  const owner = await utter(echo, 'help');
  const housemate = await utter(echo, 'help', 'housemate');
  expect(voiceOf(owner)).toMatch(/^amzn1\.ask\.person\.[0-9A-F]+$/);
  expect(voiceOf(housemate)).toMatch(/^amzn1\.ask\.person\./);
  expect(voiceOf(housemate)).not.toBe(voiceOf(owner));
  expect(voiceOf(await utter(echo, 'help', 'owner', 'living-room'))).toBe(voiceOf(owner));
  expect((await utter(echo, 'help', 'guest')).request.context.System).not.toHaveProperty('person');
});

it('has two Echos of one account, each with a session of its own', async () => {
  const echo = await startEcho();
  await echo.link(phoebe);
  const [kitchen, livingRoom] = [
    await utter(echo, 'help'),
    await utter(echo, 'help', 'owner', 'living-room'),
  ];
  expect(livingRoom.request.session.user).toEqual(kitchen.request.session.user);
  expect(livingRoom.request.session.sessionId).not.toBe(kitchen.request.session.sessionId);
  expect(livingRoom.request.context.System.device).not.toEqual(kitchen.request.context.System.device);
  echo.app.answers.push({ body: statement('Goodbye.') });
  await utter(echo, 'help', 'owner', 'living-room');
  expect((await household(echo)).listening).toEqual({ kitchen: true, 'living-room': false });
});

it('tells the page all that was said, with what Alexa says again when nobody answers', async () => {
  const echo = await startEcho();
  const answer = question('Which size?');
  const reprompt = { outputSpeech: { type: 'SSML', ssml: '<speak>Small or large?</speak>' } };
  echo.app.answers.push({ body: { ...answer, response: { ...answer.response, reprompt } } });
  const turn = await utter(echo, 'get me a pizza', 'guest');
  expect(turn).toMatchObject({
    echo: 'kitchen',
    person: 'guest',
    text: 'get me a pizza',
    speech: 'Which size?',
    reprompt: 'Small or large?',
    isListening: true,
  });
  await echo.say('help');
  const { turns } = await household(echo);
  expect(turns.map(({ text, person }) => [text, person])).toEqual([
    ['get me a pizza', 'guest'],
    ['help', 'owner'],
  ]);
  expect(turns[0]).toEqual(turn);
});

it('ends a session in which nobody answers as Alexa does, and only the one that waits', async () => {
  const echo = await startEcho();
  const first = await utter(echo, 'help');
  const second = await utter(echo, 'help');
  const silent = (after: string) => echo.postJson('/echos/kitchen/silence', { after });
  await silent(first.id);
  expect((await household(echo)).listening.kitchen).toBe(true);
  await silent(second.id);
  await silent(second.id);
  const { listening, turns } = await household(echo);
  expect(listening.kitchen).toBe(false);
  expect(turns.slice(2).map(({ request, person }) => [request.request, person])).toEqual([
    [expect.objectContaining({ type: 'SessionEndedRequest', reason: 'EXCEEDED_MAX_REPROMPTS' }), undefined],
  ]);
  expect((await utter(echo, 'help')).request.session.new).toBe(true);
});

it.each([
  ['cancel the invoice', '“cancel my order” (CancelOrderIntent), but “order” was not said'],
  ['what is the weather', '“what” (AMAZON.RepeatIntent), but it has no slot'],
  ['sing a song', 'None of these words'],
])('says why nothing matched: %s', async (text, why) => {
  const echo = await startEcho();
  const turn = await utter(echo, text);
  expect(turn.request.request).toMatchObject({ intent: { name: 'AMAZON.FallbackIntent' } });
  expect(turn.unmatched).toContain(why);
  expect(await utter(echo, 'help')).not.toHaveProperty('unmatched');
});

it('suggests only what the skill understands', async () => {
  const echo = await startEcho();
  const { suggestions } = await household(echo);
  for (const suggestion of Object.values(suggestions).flat()) {
    const text = suggestion.replace('…', '1 2 3 4');
    expect(await utter(echo, text), text).not.toHaveProperty('unmatched');
  }
});

it('shows the messages of the customer who is linked, and nobody else’s', async () => {
  const echo = await startEcho();
  const { inbox } = echo.tenant;
  await inbox.deliver('sms', phoebe.phoneNumber, '1111');
  await inbox.deliver('email', emil.email, '2222');
  expect(await household(echo)).toMatchObject({ messages: [] });
  await echo.link(phoebe);
  const state = await household(echo);
  expect(state.messages.map(({ code }) => code)).toEqual(['1111']);
  expect(state.customer).toMatchObject({
    id: phoebe.userId,
    login: phoebe.email,
    phoneNumber: phoebe.phoneNumber,
  });
  await echo.link(emil);
  expect((await household(echo)).messages.map(({ code }) => code)).toEqual(['2222']);
});

it('refuses what makes no sense, and says why', async () => {
  const { postJson, app } = await startEcho();
  const senseless: [string, string, unknown][] = [
    ['no person', '/echos/kitchen/utterances', { text: 'help' }],
    ['a stranger by name', '/echos/kitchen/utterances', { text: 'help', person: 'burglar' }],
    ['no words', '/echos/kitchen/utterances', { text: ' ', person: 'owner' }],
    ['an Echo that is not there', '/echos/cellar/utterances', { text: 'help', person: 'owner' }],
    ['an Echo by a name of JavaScript’s', '/echos/constructor/utterances', { text: 'help', person: 'owner' }],
    ['silence after nothing', '/echos/kitchen/silence', {}],
    ['no forgery', '/simulator', { body: '{}' }],
    ['a forgery that there is not', '/simulator', { body: '{}', forgery: 'magic' }],
    ['a body that is no text', '/simulator', { body: {}, forgery: 'again' }],
    ['no JSON, to be made fresh', '/simulator', { body: '{', forgery: 'fresh' }],
    ['JSON without a request, to be made fresh', '/simulator', { body: '{}', forgery: 'fresh' }],
    ['nothing, to be made fresh', '/simulator', { body: 'null', forgery: 'old' }],
  ];
  for (const [what, path, body] of senseless) {
    const refused = await postJson(path, body);
    expect(refused.status, what).toBe(400);
    expect(await refused.json(), what).toEqual({ error: expect.stringMatching(/\w+/) });
  }
  expect(app.received).toEqual([]);
});

/** fetch does not let its caller choose the Host header. */
function ask(url: string, method: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { ...headers, 'Content-Type': 'application/json' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
